import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { type Answering, hang, listen, reset, say } from "../kit/receiver.ts";
import { databaseOf, testStore } from "../kit/test-store.ts";
import { until } from "../kit/until.ts";
import { type Answered, type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver, urlOfNobody } from "./kit/receivers.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

function mark(what: string): string {
  return `${what}-${randomBytes(12).toString("hex")}`;
}

function signingSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** What nobody may find in what the server writes, by what it is. */
const secrets = {
  adminKey: mark("admin"),
  wrongToken: mark("wrong"),
  masterKey: randomBytes(32).toString("base64"),
  endpointSecret: signingSecret(),
  rotatedSecret: signingSecret(),
  authorization: mark("authorization"),
  apiKeyHeader: mark("x-api-key"),
  patchedHeader: mark("patched"),
  plainHeader: mark("plain"),
  idempotencyKey: mark("idempotency"),
  urlPassword: mark("url-password"),
  proxyPassword: mark("proxy-password"),
  malformedSecret: `whsec_${mark("malformed")}`,
  malformedJson: mark("malformed-json"),
  wrongType: mark("wrong-type"),
  unknownField: mark("unknown-field"),
  forbiddenHeader: mark("forbidden-header"),
  brokenHeader: mark("broken-header"),
  queryValue: mark("query"),
} as const;

/** Kept in the store, as they must be, and nowhere else. */
const contents = {
  payload: mark("payload"),
  violatingPayload: mark("violating"),
  urlQuery: mark("url-query"),
} as const;

const failures: readonly Answering[] = [
  hang,
  reset,
  say("nonsense\r\n\r\n"),
  () => ({ status: 500, body: "no" }),
  () => ({ status: 302, headers: { location: "http://elsewhere.example/" } }),
];

test("no secret is in what the server writes, answers as an error or keeps in clear", async () => {
  const server = await startPosthorn({
    dataDir: newDataDir(),
    env: {
      POSTHORN_LOG_LEVEL: "trace",
      POSTHORN_ADMIN_KEY: secrets.adminKey,
      POSTHORN_MASTER_KEY: secrets.masterKey,
      POSTHORN_REQUEST_TIMEOUT_MS: "500",
      POSTHORN_RETRY_SCHEDULE: "0",
    },
  });
  const api = connect(server, secrets.adminKey);
  const app = await api.application();
  const token = await makeKey(api, app);
  const endpoint = await deliver(api, app);
  const shown = await showAll(api, app, endpoint);
  const errors = await provokeErrors(server, app, endpoint);
  await server.kill();

  const hidden = { ...secrets, token };
  const nowhere = { ...hidden, ...contents };
  expect(found(server.output(), nowhere)).toEqual([]);
  for (const { text } of errors) expect(found(text, nowhere)).toEqual([]);
  for (const text of shown) expect(found(text, hidden)).toEqual([]);
  const stored = await readStore(server.dataDir);
  expect(found(stored, hidden)).toEqual([]);
  // Or the search would not find what is there.
  expect(found(stored, contents)).toEqual(["payload", "urlQuery"]);
});

async function makeKey(api: Api, app: string): Promise<string> {
  const body = { name: "a key", application: app };
  const made = await api.done("POST", "/api-key", { body });
  const { token } = z.object({ token: z.string() }).parse(made);
  expect(await api.done("GET", "/api-key")).not.toHaveProperty("data.0.token");
  return token;
}

/** Sends to endpoints that work and that fail; says which one has all the secrets. */
async function deliver(api: Api, app: string): Promise<string> {
  const good = await receiver();
  const endpoint = await api.endpoint(app, {
    url: `${good.url}/hook?token=${contents.urlQuery}`,
    secret: secrets.endpointSecret,
    headers: {
      authorization: `Bearer ${secrets.authorization}`,
      "x-api-key": secrets.apiKeyHeader,
      "x-plain": secrets.plainHeader,
    },
  });
  const path = `/app/${app}/endpoint/${endpoint}`;
  await api.done("PATCH", `${path}/headers`, {
    body: { headers: { "x-auth-token": secrets.patchedHeader } },
  });
  await api.done("POST", `${path}/secret/rotate`, { body: { key: secrets.rotatedSecret } });
  const bad = await Promise.all(failures.map((answer) => receiver({ answer })));
  for (const url of [...bad.map((each) => each.url), await urlOfNobody()]) {
    await api.endpoint(app, { url, headers: { authorization: secrets.authorization } });
  }
  const tls = bad[0]?.url.replace("http:", "https:") ?? "";
  await api.endpoint(app, { url: tls, headers: { "x-api-key": secrets.apiKeyHeader } });
  const message = await api.publish(app, { payload: { text: contents.payload } });
  await until("all is tried", async () =>
    (await api.deliveries(app, message)).every(({ attempts }) => attempts === 1),
  );
  // What was sent is what was meant: the search is for the right values.
  expect(good.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${secrets.authorization}`,
    "x-api-key": secrets.apiKeyHeader,
    "x-auth-token": secrets.patchedHeader,
  });
  return endpoint;
}

/** All that is shown of an endpoint and its attempts, but for the two routes that show secrets. */
async function showAll(api: Api, app: string, endpoint: string): Promise<readonly string[]> {
  const path = `/app/${app}/endpoint/${endpoint}`;
  const shown = await Promise.all(
    [path, `${path}/revision`, `${path}/event`, `/app/${app}/msg`, "/api-key"].map((each) =>
      api.ask("GET", each),
    ),
  );
  const headers = await api.ask("GET", `${path}/headers`);
  expect(headers.text.replace(secrets.plainHeader, "")).not.toBe(headers.text);
  const attempts = await api.ask("GET", `/app/${app}/attempt/endpoint/${endpoint}`);
  expect(attempts.text).toContain('"authorization":"[secret]"');
  return [...shown, headers, attempts].map(({ text }) =>
    text.replaceAll(secrets.plainHeader, "shown, because its name does not say that it is secret"),
  );
}

/** Requests that carry secrets where they do not belong; each is refused. */
async function provokeErrors(
  server: PosthornProcess,
  app: string,
  endpoint: string,
): Promise<readonly Answered[]> {
  const api = connect(server, secrets.adminKey);
  const schema = { type: "object", properties: { n: { type: "integer", enum: [1] } } };
  await api.done("POST", "/event-type", {
    body: { name: "strict", description: "", schemas: { "1": schema }, enforceSchema: true },
  });
  const url = "https://receiver.example/";
  const endpoints = `/app/${app}/endpoint`;
  const publish = `/app/${app}/msg`;
  const asked: readonly (readonly [string, string, { body?: unknown }])[] = [
    ["POST", endpoints, { body: { url, secret: secrets.malformedSecret } }],
    ["POST", endpoints, { body: { url, secret: { of: secrets.wrongType } } }],
    ["POST", endpoints, { body: { url: `https://me:${secrets.urlPassword}@receiver.example/` } }],
    ["POST", endpoints, { body: { url, throttleRate: secrets.wrongType } }],
    ["POST", endpoints, { body: { url, password: secrets.unknownField } }],
    ["POST", endpoints, { body: { url, headers: { host: secrets.forbiddenHeader } } }],
    ["POST", endpoints, { body: { url, headers: { "x-token": `${secrets.brokenHeader}\n` } } }],
    ["POST", endpoints, { body: { url, headers: { "x-token": [secrets.wrongType] } } }],
    ["POST", endpoints, { body: `{"url": "${url}", "secret": ${secrets.malformedJson}` }],
    ["POST", endpoints, { body: `{"secret": "${secrets.malformedJson}", }` }],
    ["POST", `${endpoints}/${endpoint}/secret/rotate`, { body: { key: secrets.malformedSecret } }],
    ["PUT", `${endpoints}/${endpoint}/headers`, { body: { headers: secrets.wrongType } }],
    ["POST", publish, { body: { eventType: "strict", payload: { n: contents.violatingPayload } } }],
    ["POST", publish, { body: { eventType: "a", payload: contents.violatingPayload } }],
    ["GET", `${publish}?limit=${secrets.queryValue}`, {}],
    ["GET", `${publish}?token=${secrets.queryValue}`, {}],
    ["POST", "/api-key", { body: { name: "k", token: secrets.unknownField } }],
  ];
  const refused: Answered[] = [];
  for (const [method, path, options] of asked) refused.push(await api.ask(method, path, options));
  expect(refused.map(({ status }) => status)).toEqual(asked.map(() => 422));

  const stranger = connect(server, secrets.wrongToken);
  const unknown = await stranger.ask("GET", "/app");
  expect(unknown.status).toBe(401);
  const headers = { "idempotency-key": secrets.idempotencyKey };
  const body = { eventType: "a", payload: {} };
  await api.done("POST", publish, { body, headers });
  const reused = await api.ask("POST", publish, { body: { ...body, eventType: "b" }, headers });
  expect(reused.status).toBe(422);
  return [...refused, unknown, reused];
}

test("the password of the egress proxy is in no log and no attempt when the proxy fails", async () => {
  const proxy = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (head) => socket.end(`HTTP/1.1 407 ${head.toString("base64")}\r\n\r\n`));
  });
  const port = await listen(proxy);
  const server = await startPosthorn({
    dataDir: newDataDir(),
    env: {
      POSTHORN_LOG_LEVEL: "trace",
      POSTHORN_RETRY_SCHEDULE: "0",
      POSTHORN_EGRESS_PROXY: `http://me:${secrets.proxyPassword}@127.0.0.1:${port}`,
    },
  });
  const api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: (await receiver()).url });
  const message = await api.publish(app);
  await api.reaches(app, message, "unreachable");
  const attempts = await api.ask("GET", `/app/${app}/attempt/msg/${message}`);
  expect(attempts.text).toContain("proxy-failed");
  await server.kill();
  proxy.close();
  const { proxyPassword } = secrets;
  const credentials = Buffer.from(`me:${proxyPassword}`).toString("base64");
  for (const text of [attempts.text, server.output(), await readStore(server.dataDir)]) {
    expect(found(text, { proxyPassword, credentials })).toEqual([]);
  }
});

/** Every byte of a folder's files, one character each. */
/** All that is in the data folder, and in the database where that has the store. */
async function readStore(folder: string): Promise<string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile());
  const texts = files.map(({ name, parentPath }) => readFileSync(join(parentPath, name), "latin1"));
  if (testStore === "postgres") return [...texts, await readDatabase(folder)].join();
  expect(files.map(({ name }) => name)).toContain("posthorn.sqlite");
  return texts.join();
}

async function readDatabase(folder: string): Promise<string> {
  const database = await databaseOf(folder);
  const tables = await database.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
  );
  expect(tables.map(({ name }) => name)).toContain("messages");
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    for (const { row } of rows) texts.push(row, bytesIn(row));
  }
  return texts.join();
}

/** What Postgres shows of bytes is hexadecimal. */
function bytesIn(row: string): string {
  const found = Array.from(row.matchAll(/\\x([0-9a-f]+)/g), ([, hex = ""]) => hex);
  return found.map((hex) => Buffer.from(hex, "hex").toString("latin1")).join();
}

/** Names the secrets that a text has: as they are, or in another form that they are easily had from. */
function found(text: string, hidden: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(hidden).flatMap(([name, value]) =>
    formsOf(value).some((form) => text.includes(form)) ? [name] : [],
  );
}

function formsOf(value: string): readonly string[] {
  const bare = value.replace(/^whsec_/, "");
  const texts = [Buffer.from(bare), Buffer.from(bare, "base64")];
  return texts.flatMap((bytes) => [
    bytes.toString("latin1"),
    bytes.toString("hex"),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ]);
}
