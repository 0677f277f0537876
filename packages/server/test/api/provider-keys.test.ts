import { sign } from "@posthorn/receiver";
import { awsSns, paypal } from "@posthorn/receiver/schemes";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { openHttpOutbound, type OutboundOptions } from "../../src/adapters/http/http-outbound.ts";
import { type ConnectProxy, startConnectProxy } from "../journeys/kit/connect-proxy.ts";
import { selfSigned } from "../kit/certificate.ts";
import { type Answering, flood, hang, type Receiver, startReceiver } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

/**
 * Sources of providers that name their certificate in the request. It stands at an https server of this
 * machine, under the provider's name: names resolve to 127.0.0.1, and a proxy leads port 443 to its own.
 */
const host = "sns.eu-west-1.amazonaws.com";
const topicArn = "arn:aws:sns:eu-west-1:123456789012:orders";
const tls = selfSigned("ec", [host, "api.sandbox.paypal.com"]);
const provider = selfSigned("rsa");
const good: Answering = () => ({ body: provider.cert });

let keyServer: Receiver;
let proxy: ConnectProxy;
let t: OpenApi;
let answer: Answering = good;
let aheadMs = 0;
let names = 0;

function outbound(options: Partial<OutboundOptions> = {}) {
  return openHttpOutbound({
    userAgent: "Posthorn/test",
    deadlineMs: 2000,
    allowedTargets: ["127.0.0.1"],
    ca: [tls.cert],
    lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
    ...options,
  });
}

beforeAll(async () => {
  // Before the API is made, which keeps the function.
  const systemNow = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => systemNow() + aheadMs);
  keyServer = await startReceiver({ tls, answer: (request, socket) => answer(request, socket) });
  proxy = await startConnectProxy(keyServer.port);
  t = await started(outbound());
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await t.close();
  await proxy.close();
  await keyServer.close();
});
beforeEach(() => {
  answer = good;
});
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function started(through: ReturnType<typeof outbound>): Promise<OpenApi> {
  const opened = await openApi({ outbound: through });
  await opened.api.listen({ port: 0, host: "127.0.0.1" });
  await opened.call("POST", "/app", { body: { name: "a", uid: "a" } });
  return opened;
}

interface Made {
  readonly api: string;
  readonly url: string;
  readonly at: OpenApi;
}

async function newSource(fields: object = {}, at = t): Promise<Made> {
  const defaults = { scheme: "aws-sns", schemeConfig: { topicArn } };
  const body = { applicationId: "a", name: "x", ...defaults, ...fields };
  const made = await at.call("POST", "/source", { body });
  const [address] = at.api.addresses();
  if (typeof address !== "object") throw new Error("the API listens at no port");
  const { pathname } = new URL(textAt(made, "url"));
  return {
    api: `/source/${textAt(made, "id")}`,
    url: `http://127.0.0.1:${address.port}${pathname}`,
    at,
  };
}

/** An address that nothing was fetched from before. */
function newCertificate(): string {
  return `https://${host}/SimpleNotificationService-${++names}.pem`;
}

async function notification(certificate: string, fields: object = {}, key = provider.key) {
  const template = { Type: "Notification", Message: "hello", SigningCertURL: certificate };
  const body = JSON.stringify({ ...template, ...fields });
  const signed = await sign(awsSns, { id: `m-${++names}`, body }, key, { config: { topicArn } });
  return { method: "POST", headers: signed.headers, body: Buffer.from(signed.body) };
}

const row = z.looseObject({
  id: z.string(),
  outcome: z.string(),
  reason: z.string(),
  detail: z.string().nullable(),
});

async function lastOf({ api, at }: Made) {
  return row.parse(itemsOf(await at.call("GET", `${api}/request`))[0]);
}

describe("a request that names its certificate", () => {
  test("is accepted by a source without a secret, and the certificate is kept", async () => {
    const source = await newSource();
    const certificate = newCertificate();
    const before = keyServer.requests.length;
    for (let i = 0; i < 3; i += 1) {
      expect((await fetch(source.url, await notification(certificate))).status).toBe(200);
      expect(await lastOf(source)).toMatchObject({ outcome: "accepted" });
    }
    const asked = keyServer.requests.slice(before);
    expect(asked.map(({ method, target }) => [method, target])).toEqual([
      ["GET", new URL(certificate).pathname],
    ]);
    expect(asked[0]?.headers).toMatchObject({ host, "user-agent": "Posthorn/test" });
  });

  test("of PayPal is accepted, too", async () => {
    const config = { webhookId: "WH-1" };
    const source = await newSource({ scheme: "paypal", schemeConfig: config });
    const message = { id: "m1", body: '{"id":"e1","event_type":"A.B"}' };
    const signed = await sign(paypal, message, provider.key, { config });
    const sent = { method: "POST", headers: signed.headers, body: Buffer.from(signed.body) };
    expect((await fetch(source.url, sent)).status).toBe(200);
    expect(await lastOf(source)).toMatchObject({ outcome: "accepted", eventId: "e1" });
  });

  test("shares the fetch with those that come at the same time", async () => {
    const source = await newSource();
    const certificate = newCertificate();
    const before = keyServer.requests.length;
    const gate = Promise.withResolvers<void>();
    answer = async () => {
      await gate.promise;
      return { body: provider.cert };
    };
    const sent = await Promise.all(Array.from({ length: 20 }, () => notification(certificate)));
    const answers = sent.map((each) => fetch(source.url, each));
    await until("the certificate is asked for", () => keyServer.requests.length > before);
    gate.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(keyServer.requests).toHaveLength(before + 1);
  });

  test("is fetched anew once what the answer allows has passed", async () => {
    const source = await newSource();
    const certificate = newCertificate();
    const before = keyServer.requests.length;
    answer = () => ({ body: provider.cert, headers: { "cache-control": "max-age=600" } });
    const fetches = async () => {
      expect((await fetch(source.url, await notification(certificate))).status).toBe(200);
      return keyServer.requests.length - before;
    };
    expect(await fetches()).toBe(1);
    aheadMs += 590_000;
    expect(await fetches()).toBe(1);
    aheadMs += 20_000;
    expect(await fetches()).toBe(2);
  });

  test("that another key signed is refused as forged", async () => {
    const source = await newSource();
    const forged = await notification(newCertificate(), {}, selfSigned("rsa").key);
    expect((await fetch(source.url, forged)).status).toBe(401);
    expect(await lastOf(source)).toMatchObject({ reason: "signature-mismatch" });
  });

  test("is verified with the certificate that the source has, without a fetch", async () => {
    const source = await newSource({ secret: provider.cert });
    const before = keyServer.connections;
    expect((await fetch(source.url, await notification(newCertificate()))).status).toBe(200);
    expect(keyServer.connections).toBe(before);
  });
});

describe("nothing is fetched for", () => {
  test.each([
    ["another host", { SigningCertURL: "https://sns.evil.example/x.pem" }],
    ["another port", { SigningCertURL: `https://${host}:8443/x.pem` }],
    ["plain http", { SigningCertURL: `http://${host}/x.pem` }],
    ["another topic", { TopicArn: "arn:aws:sns:eu-west-1:999999999999:orders" }],
  ])("a request of %s", async (_, fields) => {
    const source = await newSource();
    const before = proxy.heads.length;
    const { status } = await fetch(source.url, await notification(newCertificate(), fields));
    expect(status).toBe(401);
    expect(proxy.heads).toHaveLength(before);
    expect(await lastOf(source)).toMatchObject({ outcome: "rejected" });
  });

  test("most of a flood of addresses that are made up, and other sources go on", async () => {
    answer = () => ({ status: 404 });
    const source = await newSource();
    const before = keyServer.requests.length;
    const sent = await Promise.all(
      Array.from({ length: 60 }, () => notification(newCertificate())),
    );
    const statuses = await Promise.all(sent.map((each) => fetch(source.url, each)));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([503]));
    // The flood may take a second or two, and each brings one more.
    expect(keyServer.requests.length - before).toBeLessThan(20);
    answer = good;
    const other = await newSource();
    expect((await fetch(other.url, await notification(newCertificate()))).status).toBe(200);
  });
});

const tenMebibytes = 10 * 2 ** 20;
const troubles: readonly (readonly [string, Answering, RegExp])[] = [
  ["hangs", hang, /no answer came in time/],
  ["redirects", () => ({ status: 302, headers: { location: `https://${host}/y.pem` } }), /302/],
  ["has nothing there", () => ({ status: 404 }), /404/],
  ["fails", () => ({ status: 500 }), /500/],
  ["says something else", () => ({ body: "<html>hello</html>" }), /no certificate/],
  ["has a key of another kind", () => ({ body: tls.cert }), /no certificate with an RSA key/],
  [
    "answers 10 MiB",
    flood(`HTTP/1.1 200 OK\r\ncontent-length: ${tenMebibytes}\r\n\r\n`, "x", tenMebibytes),
    /too large/,
  ],
];

describe("a certificate that cannot be had", () => {
  test.each(troubles)("because its server %s is asked for again later", async (_, bad, why) => {
    const source = await newSource();
    const sent = await notification(newCertificate());
    const before = keyServer.requests.length;
    answer = bad;
    for (const _again of [1, 2]) {
      const refusal = await fetch(source.url, sent);
      expect(refusal.status).toBe(503);
      expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    // The second time within seconds its server is left alone, and no redirect is followed.
    expect(keyServer.requests).toHaveLength(before + 1);
    const refused = await lastOf(source);
    expect(refused).toMatchObject({ outcome: "rejected", reason: "key-unavailable" });
    expect(refused.detail).toMatch(host);
    expect(refused.detail).toMatch(why);
    answer = good;
    aheadMs += 5_000;
    expect((await fetch(source.url, sent)).status).toBe(200);
    expect(await lastOf(source)).toMatchObject({ outcome: "accepted" });
  });

  test("leaves the request to be verified again, once it is there", async () => {
    const source = await newSource();
    answer = () => ({ status: 500 });
    expect((await fetch(source.url, await notification(newCertificate()))).status).toBe(503);
    const { id } = await lastOf(source);
    const path = `${source.api}/request/${id}/retry-verification`;
    aheadMs += 5_000;
    expect((await t.call("POST", path)).json).toMatchObject({ reason: "key-unavailable" });
    answer = good;
    aheadMs += 5_000;
    expect((await t.call("POST", path)).json).toMatchObject({ reason: "event-received-later" });
  });

  test.each([
    ["an address of this network", { allowedTargets: [] }, /127\.0\.0\.1 is refused/],
    ["a server that anybody could be", { ca: [] }, /TLS failed/],
    [
      "a port that nothing answers at",
      { proxyUrl: "http://127.0.0.1:1" },
      /proxy cannot be reached/,
    ],
  ])("from %s says so", async (_, options, why) => {
    const at = await started(outbound(options));
    ends.push(() => at.close());
    const source = await newSource({}, at);
    const before = keyServer.requests.length;
    expect((await fetch(source.url, await notification(newCertificate()))).status).toBe(503);
    const refused = await lastOf(source);
    expect(refused).toMatchObject({ reason: "key-unavailable" });
    expect(refused.detail).toMatch(why);
    expect(keyServer.requests).toHaveLength(before);
  });

  test("from a server with the certificate of another host says so", async () => {
    const source = await newSource();
    const elsewhere = "https://sns.us-east-1.amazonaws.com/x.pem";
    expect((await fetch(source.url, await notification(elsewhere))).status).toBe(503);
    expect((await lastOf(source)).detail).toMatch(/for another host name/);
  });

  test("puts off the question whether the subscription is wanted, too", async () => {
    const source = await newSource();
    answer = () => ({ status: 500 });
    const sent = await notification(newCertificate(), {
      Type: "SubscriptionConfirmation",
      Token: "t",
      SubscribeURL: `https://${host}/?Action=ConfirmSubscription&Token=t`,
    });
    const refusal = await fetch(source.url, sent);
    expect(refusal.status).toBe(503);
    expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
    const { id } = await lastOf(source);
    answer = good;
    aheadMs += 5_000;
    // It is no event: nothing comes of it but what a person has to know.
    const late = await t.call("POST", `${source.api}/request/${id}/retry-verification`);
    expect(late.json).toMatchObject({
      outcome: "rejected",
      reason: "handshake-late",
    });
    expect(late.text).toMatch("Action=ConfirmSubscription");
    expect((await fetch(source.url, sent)).status).toBe(200);
    expect(await lastOf(source)).toMatchObject({ outcome: "handshake" });
  });
});
