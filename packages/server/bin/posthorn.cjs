#!/usr/bin/env -S node --max-semi-space-size=16 --no-allocation-site-pretenuring
// Both for the garbage collector, at 15,000 messages a second: a young generation that most
// requests do not outlive, and no guess of V8's that some objects will. It takes those of the first
// connections for a sign and then keeps each request's parts until a full collection, two a second.
// Plain old JavaScript, so that an old Node can say what is wrong instead of failing to parse.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error(
    "posthorn needs Node 22.18 or later and this is " +
      process.versions.node +
      ". Run it with a current one: npx -p node@24 -p posthorn posthorn",
  );
  process.exitCode = 1;
} else {
  void import("../dist/cli/main.js");
}
