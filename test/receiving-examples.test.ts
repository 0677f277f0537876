/** The examples of receivers that people copy: each is started as it is, and hit. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { github, sign, slack, standardWebhooks, stripe, type Scheme } from "@posthorn/receiver";
import { Miniflare } from "miniflare";
import { NextRequest } from "next/server.js";
import pg from "pg";
import { rolldown } from "rolldown";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { freePort } from "../packages/server/test/kit/free-port.ts";
import { startPostgres } from "../packages/server/test/kit/postgres-server.ts";
import { until } from "../packages/server/test/kit/until.ts";

const examples = new URL("../examples/receiving/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "posthorn-receiving-examples-"));
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const children: ChildProcess[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const child of children.splice(0)) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly url: string;
  readonly output: () => string;
  /** Its exit code after SIGTERM. */
  readonly stop: () => Promise<number | null>;
}

async function start(name: string, environment: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL(name, examples))],
    {
      env: { ...environment, INBOX: join(folder, `${name}.db`), PORT: `${port}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  await until("it listens", () => output.includes("listening\n"));
  const stop = (): Promise<number | null> =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    });
  return { url: `http://127.0.0.1:${port}`, output: () => output, stop };
}

interface Sent {
  readonly scheme: Scheme;
  readonly id: string;
  readonly type?: string;
  readonly body: string;
}

async function requestOf({ scheme, ...message }: Sent): Promise<RequestInit> {
  const { headers } = await sign(scheme, message, secret);
  const all = { ...headers, "content-type": "application/json" };
  return { method: "POST", headers: all, body: message.body };
}

/** The event twice, and then a tampered one: the answers' statuses. */
async function deliver(
  ask: (init: RequestInit) => Promise<{ readonly status: number }>,
  sent: Sent,
): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const change of [{}, {}, { body: `${sent.body} ` }]) {
    const response = await ask({ ...(await requestOf(sent)), ...change });
    statuses.push(response.status);
  }
  return statuses;
}

function lines(text: string, start: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith(start));
}

test("Express with Stripe", async () => {
  const { url, output, stop } = await start("express-stripe.ts", { STRIPE_WEBHOOK_SECRET: secret });
  const body = '{"id":"evt_1","type":"checkout.session.completed"}';
  const ask = (init: RequestInit) => fetch(`${url}/webhooks/stripe`, init);
  expect(await deliver(ask, { scheme: stripe, id: "", body })).toEqual([200, 200, 401]);
  const handled = `fulfil the order of evt_1: ${body}`;
  await until("it is handled", () => output().includes(handled));
  expect(await stop()).toBe(0);
  expect(lines(output(), "fulfil")).toEqual([handled]);
});

test("Fastify with GitHub and an inbox in SQLite", async () => {
  const environment = { GITHUB_WEBHOOK_SECRET: secret };
  const { url, output, stop } = await start("fastify-sqlite.ts", environment);
  const sent = { scheme: github, id: "1", type: "push", body: '{"ref":"refs/heads/main"}' };
  const ask = (init: RequestInit) => fetch(`${url}/webhooks/github`, init);
  expect(await deliver(ask, sent)).toEqual([200, 200, 401]);
  await until("it is handled", () => output().includes("build refs/heads/main for 1\n"));
  expect(await stop()).toBe(0);
  // What was handled is remembered by the file.
  const again = await start("fastify-sqlite.ts", environment);
  expect((await fetch(`${again.url}/webhooks/github`, await requestOf(sent))).status).toBe(200);
  expect(await again.stop()).toBe(0);
  expect(lines(output() + again.output(), "build")).toHaveLength(1);
});

test("an inbox in the application's own Postgres", async () => {
  const postgres = await startPostgres({ fsync: false });
  const pool = new pg.Pool({ connectionString: postgres.url });
  try {
    const environment = { DATABASE_URL: postgres.url, WEBHOOK_SECRET: secret };
    const { url, stop } = await start("postgres-transaction.ts", environment);
    const body = '{"type":"invoice.paid","invoice":"INV-1","cents":4900}';
    const ask = (init: RequestInit) => fetch(url, init);
    const sent = { scheme: standardWebhooks, id: "msg_1", body };
    expect(await deliver(ask, sent)).toEqual([200, 200, 401]);
    const worse = { ...sent, id: "msg_2", body: '{"type":"invoice.paid"}' };
    expect((await ask(await requestOf(worse))).status).toBe(200);
    const states = async (): Promise<readonly unknown[]> =>
      (await pool.query("select key, state from posthorn_inbox order by key")).rows;
    const wanted = [
      { key: "msg_1", state: "done" },
      { key: "msg_2", state: "dead" },
    ];
    await until("both are settled", async () => {
      const rows = await states();
      return JSON.stringify(rows) === JSON.stringify(wanted);
    });
    expect((await pool.query("select * from payments")).rows).toEqual([
      { invoice: "INV-1", cents: "4900" },
    ]);
    expect(await stop()).toBe(0);
  } finally {
    await pool.end();
    await postgres.remove();
  }
});

test("a route handler of Next, with Slack", async () => {
  // It reads them when it is loaded, as Next loads it.
  vi.stubEnv("SLACK_SIGNING_SECRET", secret);
  vi.stubEnv("INBOX", join(folder, "next.db"));
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const { POST } = await import("../examples/receiving/next-route.ts");
  const ask = async (init: RequestInit): Promise<Response> => {
    const { method = "POST", headers = {}, body = "" } = init;
    return POST(new NextRequest("https://app.example/webhooks", { method, headers, body }));
  };
  const body = '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}';
  expect(await deliver(ask, { scheme: slack, id: "", body })).toEqual([200, 200, 401]);
  await until("it is handled", () => printed.mock.calls.length > 0);
  expect(printed.mock.calls).toEqual([["answer the mention of Ev1"]]);
  const question = '{"type":"url_verification","challenge":"c4ll"}';
  const answer = await ask(await requestOf({ scheme: slack, id: "", body: question }));
  expect(await answer.text()).toContain("c4ll");
  printed.mockRestore();
});

interface Bindings {
  readonly HANDLED: { get(id: string): Promise<string | null> };
}

test("Hono on Workers, with a queue", async () => {
  const built = await rolldown({
    input: fileURLToPath(new URL("hono-worker.ts", examples)),
    resolve: { conditionNames: ["@posthorn/source", "import", "default"] },
  });
  const { output } = await built.generate({ format: "esm" });
  await built.close();
  const worker = new Miniflare({
    modules: true,
    script: output[0].code,
    compatibilityDate: "2026-04-01",
    cf: false,
    bindings: { WEBHOOK_SECRET: secret },
    kvNamespaces: ["HANDLED"],
    queueProducers: { EVENTS: "events" },
    queueConsumers: { events: { maxBatchTimeout: 0 } },
  });
  try {
    const { origin } = await worker.ready;
    const ask = (init: RequestInit) => fetch(`${origin}/webhooks`, init);
    const sent = { scheme: standardWebhooks, id: "msg_1", body: '{"type":"invoice.paid"}' };
    expect(await deliver(ask, sent)).toEqual([200, 200, 401]);
    const { HANDLED } = await worker.getBindings<Bindings>();
    await until("it is handled", async () => (await HANDLED.get("msg_1")) === "yes");
  } finally {
    await worker.dispose();
  }
});
