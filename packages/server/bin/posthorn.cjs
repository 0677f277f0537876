#!/usr/bin/env -S node --max-semi-space-size=16
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
