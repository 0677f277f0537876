/** docs/receiving-sources.md's example, as it is written there; only the ports are others. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../packages/server/test/kit/posthorn-process.ts";
import { startReceiver, type Receiver } from "../packages/server/test/kit/receiver.ts";

const page = readFileSync(new URL("../docs/receiving-sources.md", import.meta.url), "utf8");
const run = promisify(execFile);

const receivers: Receiver[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  await endAll();
});

test("the page's example forwards a signed push, and shows the request that it came with", async () => {
  const [, example = ""] = /```sh\n([^]*?)```/.exec(page) ?? [];
  const key = /Bearer (\S+)'/.exec(example)?.[1] ?? "";
  const server = await startPosthorn({ dataDir: newDataDir(), env: { POSTHORN_ADMIN_KEY: key } });
  const to = await startReceiver();
  receivers.push(to);
  const commands = example
    .replaceAll("http://127.0.0.1:7070", server.url)
    .replaceAll("http://127.0.0.1:8080", to.url);
  expect(commands).toContain(server.url);
  const { stdout } = await run("sh", ["-c", commands]);
  expect(stdout).toContain("HTTP/1.1 200 OK");
  expect(stdout).toMatch(/"outcome":"accepted"/);
  const [got] = await to.received(1);
  expect(got?.target).toBe("/hooks");
  expect(got?.body.toString()).toBe('{"ref":"refs/heads/main"}');
  expect(got?.headers["x-github-event"]).toBe("push");
});
