import { request as ask } from "node:http";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";
import { until } from "../kit/until.ts";
import { githubRequest } from "../journeys/kit/sources.ts";
import { openClient, statuses, tell } from "../journeys/kit/raw-http.ts";
import { openApi, textAt, type OpenApi } from "./open-api.ts";

const maxBytes = 10_000;
const problem = z.object({ code: z.string() });
let t: OpenApi;
let url: string;
let base: string;
let path: string;
let sourceId: string;
let away = false;
let written = 0;

beforeAll(async () => {
  t = await openApi({
    settings: {
      maxInboundBytes: maxBytes,
      connections: { requestTimeoutMs: 300, headersTimeoutMs: 200, checkEveryMs: 50 },
    },
    wrap: (store) => ({
      ...store,
      publish: async (publication) => {
        if (away) throw new StoreUnavailable("disk-full", "full");
        written += 1;
        return store.publish(publication);
      },
      addRequest: async (added) => {
        if (away) throw new StoreUnavailable("disk-full", "full");
        return store.addRequest(added);
      },
      findSource: async (id) => {
        if (away) throw new StoreUnavailable("disk-full", "full");
        return store.findSource(id);
      },
    }),
  });
  base = await t.api.listen({ port: 0, host: "127.0.0.1" });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

beforeEach(async () => {
  away = false;
  written = 0;
  const body = {
    applicationId: "a",
    name: "x",
    scheme: "github",
    secret: "It's a Secret to Everybody",
  };
  const made = await t.call("POST", "/source", { body });
  sourceId = textAt(made, "id");
  path = new URL(textAt(made, "url")).pathname;
  url = base + path;
});

const row = z.looseObject({ id: z.string(), outcome: z.string(), repeats: z.int() });
const page = z.object({ data: z.array(row) });
const requests = async () =>
  page.parse((await t.call("GET", `/source/${sourceId}/request?limit=250`)).json).data;

describe("a request at a source", () => {
  test("of another token, or of none that there is, is 404 and leaves nothing", async () => {
    const [token = "", id = ""] = path.split("/").toReversed();
    const wrong = [
      `/in/${id}/${token.slice(0, -1)}`,
      `/in/${id}/${token}x`,
      `/in/${id}/${"x".repeat(token.length)}`,
      `/in/${id}`,
      `/in/${id}/`,
      `/in/${t.codec.format("source", t.ids.next("source"))}/${token}`,
      `/in/app_000000000000000/${token}`,
      `/in/${id}/${token}/more`,
      `/in/${id}/%00`,
      "/in/",
      "/in/../in",
    ];
    for (const each of wrong) {
      const [status, body] = await raw(each, githubRequest("{}"));
      expect([each, status]).toEqual([each, 404]);
      expect(JSON.parse(body)).toHaveProperty("detail");
    }
    expect(await requests()).toEqual([]);
    expect(written).toBe(0);
  });

  test("has a query, a slash at its end and any method", async () => {
    expect((await fetch(`${url}?a=1`, githubRequest("{}"))).status).toBe(200);
    expect((await fetch(`${url}/`, githubRequest("{}"))).status).toBe(200);
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect((await fetch(url, { ...githubRequest("{}"), method })).status).toBe(200);
    }
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      expect((await fetch(url, { method })).status).toBe(401);
    }
    expect(await requests()).toHaveLength(8);
  });

  test("may be as large as the limit and no larger, said or not", async () => {
    const body = `{"a":"${"x".repeat(maxBytes - 8)}"}`;
    expect((await fetch(url, githubRequest(body))).status).toBe(200);
    const larger = await fetch(url, githubRequest(`${body} `));
    expect([larger.status, problem.parse(await larger.json()).code]).toEqual([
      413,
      "payload_too_large",
    ]);
    const chunk = `${(5000).toString(16)}\r\n${"x".repeat(5000)}\r\n`;
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`;
    const heard = await tell(base, [head, chunk, chunk, chunk, chunk]);
    expect(statuses(heard)).toEqual(["413"]);
    const rows = await requests();
    expect(rows).toMatchObject([
      { reason: "body-too-large", keptUntil: null, responseStatusCode: 413 },
      { reason: "body-too-large", bodyBytes: maxBytes + 1 },
      { outcome: "accepted", bodyBytes: maxBytes },
    ]);
    await t.call("PATCH", `/source/${sourceId}`, { body: { maxBodyBytes: 10 } });
    expect((await fetch(url, githubRequest('{"a":1234}'))).status).toBe(200);
    expect((await fetch(url, githubRequest('{"a":12345}'))).status).toBe(413);
  });

  test("whose body never ends is ended with 413, one that drips with 408", async () => {
    const endless = openClient(base);
    endless.socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    const pump = (): void => {
      if (endless.socket.writable) {
        endless.socket.write(`400\r\n${"x".repeat(1024)}\r\n`, () => setImmediate(pump));
      }
    };
    pump();
    expect(statuses(await endless.over)).toEqual(["413"]);
    endless.socket.destroy();
    const drips = openClient(base);
    drips.socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a"`);
    expect(statuses(await drips.over)).toEqual(["408"]);
    drips.socket.destroy();
    expect(written).toBe(0);
    expect(await requests()).toMatchObject([{ reason: "body-too-large" }]);
  });

  test("that breaks off leaves nothing, and one that is no HTTP is 400", async () => {
    const gone = openClient(base);
    gone.socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a"`);
    await new Promise((resolve) => setImmediate(resolve));
    gone.socket.destroy();
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`;
    expect(statuses(await tell(base, [head, "zz\r\n"]))).toEqual(["400"]);
    expect((await fetch(url, githubRequest("{}"))).status).toBe(200);
    await until("only the last is there", async () => (await requests()).length === 1);
    expect(written).toBe(1);
  });

  test("is asked for again while the store is away, and nothing of it is written", async () => {
    expect((await fetch(url, githubRequest("{}"))).status).toBe(200);
    away = true;
    for (const secret of [undefined, "wrong"]) {
      const sent = githubRequest("{}", secret === undefined ? {} : { secret });
      const answer = await fetch(url, sent);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    // Nor is a source that is not known yet taken for one that is not there.
    const unknown = t.codec.format("source", t.ids.next("source"));
    expect((await fetch(`${base}/in/${unknown}/x`, githubRequest("{}"))).status).toBe(503);
    away = false;
    expect((await fetch(url, githubRequest("{}"))).status).toBe(200);
    expect(await requests()).toHaveLength(2);
  });

  test("whose signature header comes twice is refused", async () => {
    const sent = githubRequest("{}");
    const signature = sent.headers["x-hub-signature-256"];
    const twice = {
      ...sent,
      headers: { ...sent.headers, "x-hub-signature-256": [signature, signature] },
    };
    const [status] = await raw(path, twice);
    expect(status).toBe(401);
    expect(await requests()).toMatchObject([
      { reason: "signature-malformed", diagnosis: "duplicate-header" },
    ]);
  });

  test("of a source without a secret is kept until it has one", async () => {
    const body = { applicationId: "a", name: "x", scheme: "github" };
    const made = await t.call("POST", "/source", { body });
    sourceId = textAt(made, "id");
    const at_ = base + new URL(textAt(made, "url")).pathname;
    expect((await fetch(at_, githubRequest('{"ref":"x"}'))).status).toBe(503);
    const [first] = await requests();
    expect(first).toMatchObject({ reason: "secret-missing" });
    const key = { key: "It's a Secret to Everybody" };
    await t.call("POST", `/source/${sourceId}/secret/rotate`, { body: key });
    const id = first?.id ?? "";
    const again = await t.call("POST", `/source/${sourceId}/request/${id}/retry-verification`);
    expect(again.json).toMatchObject({ outcome: "accepted", reason: "event-received-later" });
    const twice = await t.call("POST", `/source/${sourceId}/request/${id}/retry-verification`);
    expect(twice.json).toEqual(again.json);
  });

  test("that does not keep its event type's schema is rejected until it does", async () => {
    const schemas = { "1": { type: "object", required: ["ref"] } };
    const eventType = { name: "checked", description: "", schemas, enforceSchema: true };
    expect((await t.call("POST", "/event-type", { body: eventType })).status).toBe(201);
    const sent = githubRequest("{}", { event: "checked" });
    expect((await fetch(url, sent)).status).toBe(422);
    const [first] = await requests();
    expect(first).toMatchObject({ reason: "schema-violated" });
    await t.call("PATCH", "/event-type/checked", { body: { enforceSchema: false } });
    const id = first?.id ?? "";
    const again = await t.call("POST", `/source/${sourceId}/request/${id}/retry-verification`);
    expect(again.json).toMatchObject({ outcome: "accepted" });
  });

  test("is known again by chosen fields, where all of them are there", async () => {
    const dedupe = { kind: "fields", fields: ["body.data.id", "header.x-github-event"] };
    await t.call("PATCH", `/source/${sourceId}`, { body: { dedupe } });
    const bodies = [
      '{"data":{"id":1},"n":1}',
      '{"data":{"id":1},"n":2}',
      '{"data":{"id":2}}',
      "{}",
      "{}",
    ];
    for (const body of bodies) expect((await fetch(url, githubRequest(body))).status).toBe(200);
    await fetch(url, githubRequest('{"data":{"id":1}}', { event: "other" }));
    const outcomes = (await requests()).map(({ outcome }) => outcome);
    expect(outcomes.toReversed()).toEqual([
      "accepted",
      "duplicate",
      "accepted",
      "accepted",
      "accepted",
      "accepted",
    ]);
  });

  test("is answered with what it is, whatever it is, and leaves one row or is counted", async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.dictionary(
          fc.constantFrom(
            "x-hub-signature-256",
            "x-github-event",
            "x-github-delivery",
            "content-type",
            "content-encoding",
            "accept",
          ),
          fc.string({
            unit: fc.constantFrom("a", "b", "=", ",", "/", ";", "\t", " ", "!", "~"),
            maxLength: 40,
          }),
        ),
        fc.boolean(),
        async (body, headers, signed) => {
          const genuine = githubRequest(body);
          const all = signed
            ? {
                ...headers,
                ...genuine.headers,
                "content-encoding": headers["content-encoding"] ?? "identity",
              }
            : headers;
          const trimmed = Object.fromEntries(
            Object.entries(all).map(([name, value]) => [name, value.trim()]),
          );
          sent += 1;
          const [status] = await raw(path, {
            method: "POST",
            headers: trimmed,
            body: genuine.body,
          });
          expect([200, 400, 401]).toContain(status);
        },
      ),
      { numRuns: 150 },
    );
    await until("each is there", async () => {
      const rows = await requests();
      return rows.reduce((sum, { repeats }) => sum + 1 + repeats, 0) === sent;
    });
  });
});

function raw(
  target: string,
  how: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly body: Buffer;
  },
): Promise<readonly [status: number, body: string]> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const headers = { ...how.headers, "content-length": how.body.byteLength };
    const outgoing = ask(
      { hostname, port, path: target, method: how.method, headers },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () => resolve([response.statusCode ?? 0, text]));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(how.body);
  });
}
