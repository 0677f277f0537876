import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { sign } from "@posthorn/receiver";
import { paddle, square } from "@posthorn/receiver/schemes";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { githubRequest, secret } from "../journeys/kit/sources.ts";
import { itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

/** What gates for webhooks are known to get wrong, and the library alone cannot get right: a test each. */
const maxBytes = 100_000;
let t: OpenApi;
let base: string;
let aheadMs = 0;
beforeAll(async () => {
  // Before the API is made, which keeps the function.
  const systemNow = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => systemNow() + aheadMs);
  t = await openApi({ settings: { maxInboundBytes: maxBytes } });
  base = await t.api.listen({ port: 0, host: "127.0.0.1" });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await t.close();
});
afterEach(() => {
  aheadMs = 0;
});

async function newSource(
  fields: object = {},
): Promise<{ readonly api: string; readonly url: string }> {
  const body = { applicationId: "a", name: "x", scheme: "github", secret, ...fields };
  const made = await t.call("POST", "/source", { body });
  return {
    api: `/source/${textAt(made, "id")}`,
    url: base + new URL(textAt(made, "url")).pathname,
  };
}

const rows = z.array(z.looseObject({ id: z.string(), outcome: z.string(), reason: z.string() }));

async function requestsOf(api: string) {
  return rows.parse(itemsOf(await t.call("GET", `${api}/request`)));
}

describe("a compressed body", () => {
  const json = '{"ref":"refs/heads/main"}';
  const bomb = gzipSync(Buffer.alloc(50 * maxBytes, " "));

  test.each([
    ["gzip", gzipSync(json)],
    ["deflate", deflateSync(json)],
    ["br", brotliCompressSync(json)],
  ])("of %s is verified as it was sent", async (coding, body) => {
    const { api, url } = await newSource();
    const sent = githubRequest(body, { headers: { "content-encoding": coding } });
    expect((await fetch(url, sent)).status).toBe(200);
    expect(await requestsOf(api)).toMatchObject([{ outcome: "accepted" }]);
  });

  test.each([
    ["of several codings", "gzip, br", brotliCompressSync(gzipSync(json))],
    ["of a coding that nobody knows", "zstd", gzipSync(json)],
    ["that is cut off", "gzip", gzipSync(json).subarray(0, -5)],
    ["that would be larger than the limit", "gzip", bomb],
  ])("%s is refused, although it is genuine", async (_, coding, body) => {
    expect(body.byteLength).toBeLessThan(maxBytes);
    const { api, url } = await newSource();
    const sent = githubRequest(body, { headers: { "content-encoding": coding } });
    expect((await fetch(url, sent)).status).toBe(400);
    expect(await requestsOf(api)).toMatchObject([{ reason: "body-unreadable" }]);
  });
});

describe("an event's id", () => {
  test("is not used up by a forgery", async () => {
    const { api, url } = await newSource();
    const forged = githubRequest('{"ref":"x"}', { secret: "guessed", delivery: "one" });
    const genuine = githubRequest('{"ref":"y"}', { delivery: "one" });
    expect((await fetch(url, forged)).status).toBe(401);
    expect((await fetch(url, genuine)).status).toBe(200);
    expect((await fetch(url, genuine)).status).toBe(200);
    const outcomes = (await requestsOf(api)).map((row) => row.outcome);
    expect(outcomes).toEqual(["duplicate", "accepted", "rejected"]);
  });

  test("that the provider does not sign tells no replay under another one; fields of the body do", async () => {
    const dedupe = { kind: "fields", fields: ["body.after"] };
    const { api, url } = await newSource({ dedupe });
    const body = '{"ref":"x","after":"0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"}';
    for (const delivery of ["genuine", "replayed"]) {
      expect((await fetch(url, githubRequest(body, { delivery }))).status).toBe(200);
    }
    const outcomes = (await requestsOf(api)).map((row) => row.outcome);
    expect(outcomes).toEqual(["duplicate", "accepted"]);
  });

  test("is one source's: another source takes the same id for itself", async () => {
    const [first, second] = [await newSource(), await newSource()];
    const sent = githubRequest("{}", { delivery: "shared" });
    for (const { url } of [first, second]) expect((await fetch(url, sent)).status).toBe(200);
    for (const { api } of [first, second]) {
      expect(await requestsOf(api)).toMatchObject([{ outcome: "accepted" }]);
    }
  });
});

test("a window of five seconds is judged at the arrival, however late the secret is mended", async () => {
  const { api, url } = await newSource({ scheme: "paddle", secret: "old" });
  const body = '{"event_id":"evt_1","event_type":"a.b"}';
  const { headers } = await sign(paddle, { body }, "new");
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(401);
  await t.call("POST", `${api}/secret/rotate`, { body: { key: "new" } });
  const [row] = await requestsOf(api);
  aheadMs = 3_600_000;
  const late = await fetch(url, { method: "POST", headers, body });
  expect(late.status).toBe(401);
  const again = `${api}/request/${row?.id}/retry-verification`;
  expect((await t.call("POST", again)).json).toMatchObject({ outcome: "accepted" });
});

test("every refusal of a request looks alike from outside, and its row says the reason", async () => {
  const { api, url } = await newSource({ scheme: "stripe", secret: "whsec_x" });
  const genuine = githubRequest("{}");
  const seconds = Math.floor(Date.now() / 1000);
  const signatures = [
    undefined,
    "t=1,v1=x",
    `t=${seconds},v1=${"0".repeat(64)}`,
    `t=1,v1=${"0".repeat(64)}`,
  ];
  const answers = new Set<string>();
  for (const signature of signatures) {
    const headers = signature === undefined ? {} : { "stripe-signature": signature };
    const response = await fetch(url, { method: "POST", headers, body: genuine.body });
    answers.add(`${response.status} ${await response.text()}`);
  }
  expect([...answers]).toHaveLength(1);
  const reasons = (await requestsOf(api)).map((row) => row.reason);
  expect(new Set(reasons)).toEqual(
    new Set(["signature-missing", "signature-malformed", "signature-mismatch"]),
  );
});

test("a configured URL is the signed one, whatever Host and X-Forwarded-* say", async () => {
  const notificationUrl = "https://hooks.example.com/square";
  const config = { schemeConfig: { notificationUrl } };
  const { url } = await newSource({ scheme: "square", secret: "s", ...config });
  const misleading = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
  for (const [target, status] of [
    [notificationUrl, 200],
    ["https://evil.example/square", 401],
  ] as const) {
    const made = await sign(square, { url: target, body: `{"event_id":"${status}"}` }, "s");
    const headers = { ...made.headers, ...misleading };
    const body = new Uint8Array(made.body);
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(status);
  }
});
