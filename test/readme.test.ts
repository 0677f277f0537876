/** README's first delivery, as it is written there; only the ports are others. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../packages/server/test/kit/posthorn-process.ts";
import { until } from "../packages/server/test/kit/until.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const run = promisify(execFile);

const receivers: ChildProcess[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) receiver.kill();
  await endAll();
});

function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].map(
    ([, text = ""]) => text,
  );
}

/** The text with another one in the place of `from`, which must be in it. */
function replaced(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replaceAll(from, to);
}

/** Runs README's receiver on a free port. */
async function startReceiver(command: string): Promise<{ port: string; output: () => string }> {
  const freePort =
    "listen(0, '127.0.0.1', function () { console.log('port', this.address().port) })";
  const receiver = spawn("sh", ["-c", `exec ${replaced(command, "listen(8080)", freePort)}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  receivers.push(receiver);
  let output = "";
  receiver.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const port = await until("the receiver listens", () => /^port (\d+)$/m.exec(output)?.[1]);
  return { port, output: () => output };
}

test("README's first delivery arrives, and the API tells of it", async () => {
  const [start = "", receive = "", use = ""] = blocks("sh");
  const key = /POSTHORN_ADMIN_KEY=(\S+) npm start/.exec(start)?.[1] ?? "";
  const server = await startPosthorn({
    dataDir: newDataDir(),
    env: { POSTHORN_ADMIN_KEY: key },
  });
  const receiver = await startReceiver(receive);
  const toServer = replaced(use, "http://127.0.0.1:7070", server.url);
  const commands = replaced(toServer, "127.0.0.1:8080", `127.0.0.1:${receiver.port}`);

  const { stdout } = await run("sh", ["-c", commands]);
  const answers = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(answers).toEqual([
    expect.objectContaining({ uid: "acme" }),
    expect.objectContaining({ uid: "first" }),
    expect.objectContaining({ eventId: "evt-1" }),
    expect.objectContaining({ data: expect.any(Array) }),
    expect.objectContaining({ data: expect.any(Array) }),
  ]);
  await until("the message arrives", () =>
    /^msg_\S+ v1,\S+ \{"amount": 4900\}$/m.test(receiver.output()),
  );

  // The lines that ask for the outcome, once more: it may have come after them.
  const again = commands.split("\n").filter((line) => !/^api .*-d|^api \S+ '/.test(line));
  await until("the outcome is told", async () => {
    const told = (await run("sh", ["-c", again.join("\n")])).stdout;
    const [delivery, attempt] = told.trim().split("\n");
    return /"state":"succeeded"/.test(delivery ?? "") && /"outcome":/.test(attempt ?? "");
  });

  const [client = ""] = blocks("ts");
  const program = replaced(client, "http://127.0.0.1:7070", server.url);
  await run(process.execPath, ["--input-type=module", "-e", program], { cwd: root });
  await until("the official client's message arrives", () =>
    /^msg_\S+ v1,\S+ \{"amount":4900\}$/m.test(receiver.output()),
  );
});
