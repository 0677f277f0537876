import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runCommand } from "../../src/conformance/cli/command.ts";
import { placeTarget } from "../../src/conformance/cli/target.ts";
import { toNode } from "../../src/doors/node.ts";
import { createReceiver, memoryInbox } from "../../src/index.ts";
import type { Scheme, SecretInput } from "../../src/index.ts";
import { discord } from "../../src/schemes/discord.ts";
import { github } from "../../src/schemes/github.ts";
import { serve } from "./kit.ts";

vi.setConfig({ testTimeout: 120_000 });

const secret = "a-secret-of-the-tests";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly complaints: string;
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  status?: (text: string) => void,
): Promise<Ran> {
  const out: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(args, {
    version: "1.2.3",
    environment,
    isWatched: status !== undefined,
    write: (line) => void out.push(line),
    complain: (line) => void complaints.push(line),
    status: status ?? (() => {}),
  });
  return { code, out: out.join("\n"), complaints: complaints.join("\n") };
}

async function receiverOf(scheme: Scheme, secrets: SecretInput): Promise<string> {
  const receiver = createReceiver({
    scheme,
    secrets,
    inbox: memoryInbox(),
    onNotice: () => {},
    on: { "*": () => {} },
  });
  onTestFinished(() => receiver.stop());
  return serve(toNode(receiver), onTestFinished);
}

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-check-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, text);
  return path;
}

const quick = ["--only", "genuine,wrong-signature"];

describe("check", () => {
  test("ends with 0, and says what was good", async () => {
    const url = await receiverOf(github, secret);
    const { code, out } = await run(
      ["check", url, "--scheme", "github", "--secret-env", "HOOK", ...quick],
      { HOOK: secret },
    );
    expect(out).toMatch(/as GitHub \(github\)/);
    expect(out).toMatch(/^good {5}genuine +200 in \d+ ms$/m);
    expect(out).toMatch(/2 good, 0 bad, 0 to note, 0 skipped\.$/);
    expect(out).not.toContain(secret);
    expect(code).toBe(0);
  });

  test("ends with 1, and says why and what to do", async () => {
    const url = await receiverOf(github, "another-secret");
    const path = file(`${secret}\n`);
    const { code, out } = await run([
      "check",
      url,
      "--scheme",
      "github",
      "--secret-file",
      path,
      ...quick,
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(/^bad: genuine, /m);
    expect(out).toMatch(/^ {2}sent: a genuine delivery → 401 in \d+ ms: \{"error":"rejected"/m);
    expect(out).toMatch(/^ {2}why: {2}/m);
    expect(out).toMatch(/^ {2}mend: Compare the secret/m);
    expect(out).not.toContain(secret);
  });

  test("shows a person what is being done", async () => {
    const url = await receiverOf(github, secret);
    const shown: string[] = [];
    const args = ["check", url, "--scheme", "github", "--secret", secret, ...quick];
    await run(args, {}, (text) => void shown.push(text));
    expect(shown).toEqual([
      "… a genuine delivery is accepted",
      "",
      "… a signature with one wrong character is refused",
      "",
    ]);
  });

  test("gives JSON alone when it is asked to", async () => {
    const url = await receiverOf(github, secret);
    const args = ["check", url, "--scheme", "github", "--secret", secret, "--json", ...quick];
    const { code, out } = await run(args);
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      scheme: "github",
      counts: { good: 2, bad: 0 },
      checks: [
        {
          name: "genuine",
          verdict: "good",
          trials: [{ sent: "a genuine delivery", answer: { kind: "answered", status: 200 } }],
        },
        { name: "wrong-signature", verdict: "good" },
      ],
    });
    expect(out).not.toContain(secret);
    expect(code).toBe(0);
  });

  test("sends an event of the caller's, whose bytes stay but for the id", async () => {
    const bodies: string[] = [];
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks).toString("utf8"));
      bodies.push(String(request.headers["x-tenant"]));
      response.end();
    }, onTestFinished);
    const event = file('{ "big": 12345678901234567890,\n "id" : "evt_1", "type":"invoice.paid"}');
    await run(
      ["check", url, "--scheme", "stripe", "--secret", secret, "--only", "genuine"].concat([
        "--event",
        event,
        "--header",
        "X-Tenant: acme",
      ]),
    );
    expect(bodies[2]).toMatch(
      /^\{ "big": 12345678901234567890,\n "id" : "check-[0-9a-f]{16}", "type":"invoice.paid"\}$/,
    );
    expect(bodies[3]).toBe("acme");
  });

  test("signs with a private key, or sends forgeries alone", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
    const url = await receiverOf(discord, pem);
    const key = file(privateKey.export({ format: "pem", type: "pkcs8" }).toString());
    const args = ["check", url, "--scheme", "discord", ...quick];
    const signed = await run([...args, "--private-key", key]);
    expect(signed.out).toMatch(/2 good, 0 bad/);
    const forged = await run(args);
    expect(forged.out).toMatch(/^skipped {2}genuine +Only the provider can sign it/m);
    expect(forged.out).toMatch(/1 good, 0 bad, 0 to note, 1 skipped/);
    expect([signed.code, forged.code]).toEqual([0, 0]);
  });

  test("tells which facts of a scheme are not confirmed", async () => {
    const url = await receiverOf(github, secret);
    const args = ["check", url, "--scheme", "mailgun", "--secret", secret, ...quick];
    expect((await run(args)).out).toMatch(/not confirmed[^]+- The form of the signature\./);
  });

  test.each([
    [["check"], /Give one URL/],
    [["check", "ftp://x"], /http:\/\/ or https/],
    [["check", "http://me:pw@127.0.0.1"], /--header/],
    [["check", "http://127.0.0.1"], /Give --scheme/],
    [["check", "http://127.0.0.1", "--scheme", "nobody"], /no scheme nobody/],
    [["check", "http://127.0.0.1:1", "--scheme", "github"], /Give the receiver's secret/],
    [["check", "http://127.0.0.1:1", "--scheme", "github", "--secret", " "], /empty/],
    [["check", "http://127.0.0.1:1", "--scheme", "github", "--secret-env", "NO"], /NO is not set/],
    [
      ["check", "http://127.0.0.1:1", "--scheme", "github", "--secret-file", "/no/file"],
      /cannot be/,
    ],
    [
      ["check", "http://127.0.0.1:1", "--scheme", "github", "--secret", "a", "--secret-env", "b"],
      /one of/,
    ],
    [
      ["check", "http://127.0.0.1:1", "--scheme", "github", "--secret", secret],
      /cannot be reached/,
    ],
    [["check", "http://127.0.0.1:1", "--scheme", "adyen", "--secret", "no hex"], /signed/],
    [["check", "http://127.0.0.1:1", "--scheme", "github", "--timeout", "0"], /whole number/],
    [["check", "http://127.0.0.1:1", "--scheme", "github", "--header", "x"], /name:value/],
    [["check", "http://127.0.0.1:1", "--nothing"], /--nothing/],
    [["check", "http://192.0.2.1", "--scheme", "github", "--secret", secret], /--remote/],
    [["chekc"], /no such command/],
  ])("%j cannot be run, and says why", async (args, complaint) => {
    const { code, out, complaints } = await run(args);
    expect(complaints).toMatch(complaint);
    expect(complaints).not.toContain(secret);
    expect(out).not.toContain(secret);
    expect(code).toBe(2);
  });

  test("refuses names of checks that there are not", async () => {
    const url = await receiverOf(github, secret);
    const args = ["check", url, "--scheme", "github", "--secret", secret, "--skip", "nothing"];
    expect(await run(args)).toMatchObject({
      code: 2,
      complaints: "There is no check called nothing.",
    });
  });
});

test("help, schemes, checks and version are told", async () => {
  expect((await run(["--help"])).out).toMatch(/--secret-env NAME/);
  expect((await run(["check", "--help"])).code).toBe(0);
  expect((await run([])).code).toBe(2);
  expect((await run(["schemes"])).out).toMatch(/^github +GitHub$/m);
  expect((await run(["schemes"])).out).toMatch(/--config verifyToken=/);
  expect((await run(["checks"])).out).toMatch(/^endless-body$/m);
  expect((await run(["--version"])).out).toBe("1.2.3");
});

test.each([
  ["http://localhost:3000", "own"],
  ["http://127.8.9.1", "own"],
  ["http://10.1.2.3", "own"],
  ["http://172.31.0.1", "own"],
  ["http://172.32.0.1", "remote"],
  ["http://192.168.1.1", "own"],
  ["http://[::1]:80", "own"],
  ["http://[fd00::1]", "own"],
  ["http://[::ffff:8.8.8.8]", "remote"],
  ["http://8.8.8.8", "remote"],
  ["http://[2001:db8::1]", "remote"],
  ["http://host.invalid", "unknown"],
])("%s is %s", async (url, kind) => {
  expect(await placeTarget(new URL(url))).toMatchObject({ kind });
});
