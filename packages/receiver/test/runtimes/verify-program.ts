import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { verifyAll } from "./verify-all.ts";

/** `<runtime> verify-program.mjs <work as a JSON file>` prints a line for each result. */
const [, , path = ""] = argv;
console.log((await verifyAll(JSON.parse(readFileSync(path, "utf8")))).join("\n"));
