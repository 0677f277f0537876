#!/usr/bin/env node
// Plain old JavaScript, so that an old Node can say what is wrong instead of failing to parse.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(
    "posthorn-receiver needs Node 20.19 or later and this is " +
      process.versions.node +
      ". Run it with a current one: npx -p node@24 -p @posthorn/receiver posthorn-receiver",
  );
  process.exitCode = 2;
} else {
  void import("../dist/conformance/cli/main.js");
}
