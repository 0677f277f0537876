import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook, messageInRaw, Svix } from "svix";
import { Webhook as SvixWebhook1 } from "svix1";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type PosthornProcess,
  adminKey,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import type { Receiver, RecordedRequest } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";

let server: PosthornProcess;
let svixServer: PosthornProcess;
let api: Api;
beforeAll(async () => {
  const env = { POSTHORN_SVIX_HEADERS: "true" };
  [server, svixServer] = await Promise.all([
    startPosthorn({ dataDir: newDataDir() }),
    startPosthorn({ dataDir: newDataDir(), env }),
  ]);
  api = connect(server);
});
afterAll(async () => {
  await endAll();
  await closeReceivers();
});

interface Sending {
  readonly app: string;
  readonly endpoint: string;
  readonly target: Receiver;
  /** The request that a new message makes. */
  readonly send: (fields?: object) => Promise<RecordedRequest>;
  readonly secret: () => Promise<string>;
  readonly rotate: (body: object) => Promise<void>;
}

async function sending(fields: object = {}, at: Api = api): Promise<Sending> {
  const app = await at.application();
  const target = await receiver();
  const endpoint = await at.endpoint(app, { url: target.url, ...fields });
  const path = `/app/${app}/endpoint/${endpoint}/secret`;
  return {
    app,
    endpoint,
    target,
    async send(message = {}) {
      const count = target.requests.length;
      await at.publish(app, message);
      const request = (await target.received(count + 1))[count];
      if (request === undefined) throw new Error("expected a request");
      return request;
    },
    async secret() {
      const body = await at.done("GET", path);
      if (typeof body !== "object" || body === null || !("key" in body)) throw new Error("no key");
      return String(body.key);
    },
    rotate: async (body) => void (await at.done("POST", `${path}/rotate`, { body })),
  };
}

/** What the published libraries say of a request; all of them must say the same. */
function accepted(secret: string, request: RecordedRequest): boolean {
  const body = request.body.toString("utf8");
  const headers = { ...request.headers };
  const verdicts = [
    () => new StandardWebhook(secret).verify(body, headers, { jsonParse: false }),
    () => new SvixWebhook(secret).verify(body, headers),
    () => new SvixWebhook1(secret).verify(body, headers),
  ].map((verify) => {
    try {
      verify();
      return true;
    } catch (error) {
      // 1.x parses what it has verified, and a body need not be JSON.
      return error instanceof SyntaxError;
    }
  });
  if (new Set(verdicts).size !== 1) throw new Error(`the libraries differ: ${verdicts.join()}`);
  return verdicts[0] ?? false;
}

function signatures(request: RecordedRequest): readonly string[] {
  return (request.headers["webhook-signature"] ?? "").split(" ");
}

function tampered(request: RecordedRequest): RecordedRequest {
  return { ...request, body: Buffer.concat([request.body, Buffer.from(" ")]) };
}

describe("a signature", () => {
  test("is accepted by the published libraries, and no more after a change", async () => {
    const { secret, send } = await sending();
    const request = await send({ payload: { text: "ünï ☃", n: 1 } });
    expect(accepted(await secret(), request)).toBe(true);
    expect(accepted(await secret(), tampered(request))).toBe(false);
    expect(accepted(`whsec_${Buffer.alloc(32, 1).toString("base64")}`, request)).toBe(false);
    expect(signatures(request)).toHaveLength(1);
    expect(request.headers["webhook-timestamp"]).toMatch(/^\d{10}$/);
  });

  test("is made with both secrets until the old one's grace ends", async () => {
    const { secret, send, rotate } = await sending();
    const old = await secret();
    await rotate({});
    const fresh = await secret();
    expect(fresh).not.toBe(old);
    const during = await send();
    expect([accepted(old, during), accepted(fresh, during)]).toEqual([true, true]);
    expect(signatures(during)).toHaveLength(2);
    const [newest] = signatures(during);
    const withNewestAlone = {
      ...during,
      headers: { ...during.headers, "webhook-signature": newest ?? "" },
    };
    expect(accepted(fresh, withNewestAlone)).toBe(true);

    await rotate({ gracePeriodSeconds: 0 });
    const last = await secret();
    const after = await send();
    expect([old, fresh, last].map((each) => accepted(each, after))).toEqual([false, false, true]);
    expect(signatures(after)).toHaveLength(1);
  });

  test("is made without the old secret once a short grace is over", async () => {
    const { secret, send, rotate } = await sending();
    const old = await secret();
    await rotate({ gracePeriodSeconds: 2 });
    const rotatedAt = Date.now();
    const fresh = await secret();
    const during = await send();
    expect([accepted(old, during), accepted(fresh, during)]).toEqual([true, true]);
    await until("the old secret is out of force", async () => {
      const request = await send();
      expect(accepted(fresh, request)).toBe(true);
      return !accepted(old, request);
    });
    expect(Date.now() - rotatedAt).toBeGreaterThanOrEqual(1900);
  });

  test("is made with the secret that the caller chose, at creation and at a rotation", async () => {
    const chosen = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
    const { secret, send, rotate } = await sending({ secret: chosen });
    expect(await secret()).toBe(chosen);
    expect(accepted(chosen, await send())).toBe(true);
    const next = `whsec_${Buffer.alloc(64, 9).toString("base64")}`;
    await rotate({ key: next, gracePeriodSeconds: 0 });
    const request = await send();
    expect([accepted(chosen, request), accepted(next, request)]).toEqual([false, true]);
  });

  test("of an endpoint with a whsk_ key is Ed25519", async () => {
    const pair = generateKeyPairSync("ed25519");
    const jwk = pair.privateKey.export({ format: "jwk" });
    const seed = Buffer.from(jwk.d ?? "", "base64url");
    const whole = Buffer.concat([seed, Buffer.from(jwk.x ?? "", "base64url")]);
    const key = `whsk_${whole.toString("base64")}`;
    const { secret, send, rotate } = await sending({ secret: key });
    expect(await secret()).toBe(key);
    const request = await send();
    expect(signatures(request)).toHaveLength(1);
    expect(verifiesAsEd25519(pair.publicKey, request)).toBe(true);
    expect(verifiesAsEd25519(pair.publicKey, tampered(request))).toBe(false);

    await rotate({});
    const fresh = await secret();
    expect(fresh).toMatch(/^whsk_/);
    const both = await send();
    expect(signatures(both)).toHaveLength(2);
    expect(verifiesAsEd25519(pair.publicKey, both)).toBe(true);
    expect(verifiesAsEd25519(publicKeyOf(fresh), both)).toBe(true);

    // To a shared secret: one signature of each kind, so neither side has to stop.
    const shared = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
    await rotate({ key: shared });
    const mixed = await send();
    expect(
      signatures(mixed)
        .map((each) => each.split(",")[0])
        .toSorted(),
    ).toEqual(["v1", "v1a", "v1a"]);
    expect(accepted(shared, mixed)).toBe(true);
    expect(verifiesAsEd25519(publicKeyOf(fresh), mixed)).toBe(true);
  });
});

function publicKeyOf(whsk: string): ReturnType<typeof createPublicKey> {
  const bytes = Buffer.from(whsk.slice("whsk_".length), "base64");
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: bytes.subarray(0, 32).toString("base64url"),
    x: bytes.subarray(32).toString("base64url"),
  };
  return createPublicKey(createPrivateKey({ key: jwk, format: "jwk" }));
}

function verifiesAsEd25519(
  key: ReturnType<typeof createPublicKey>,
  request: RecordedRequest,
): boolean {
  const { headers, body } = request;
  const head = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`;
  const content = Buffer.concat([Buffer.from(head), body]);
  return signatures(request).some((each) => {
    const [version, signature = ""] = each.split(",");
    return version === "v1a" && verify(null, content, key, Buffer.from(signature, "base64"));
  });
}

describe("svix- headers", () => {
  const svixNames = ["svix-id", "svix-timestamp", "svix-signature"];

  test("are not sent unless asked for", async () => {
    const { send } = await sending();
    const { headers } = await send();
    expect(Object.keys(headers).filter((name) => name.startsWith("svix-"))).toEqual([]);
  });

  test("say the same as the webhook- headers when POSTHORN_SVIX_HEADERS is true", async () => {
    const { secret, send } = await sending({}, connect(svixServer));
    const request = await send();
    const pick = (prefix: string) =>
      svixNames.map((name) => request.headers[name.replace("svix", prefix)]);
    expect(pick("svix")).toEqual(pick("webhook"));
    const webhook = new SvixWebhook(await secret());
    const svixAlone = Object.fromEntries(
      svixNames.map((name) => [name, request.headers[name] ?? ""]),
    );
    expect(() => webhook.verify(request.body.toString(), svixAlone)).not.toThrow();
    expect(() => webhook.verify(tampered(request).body.toString(), svixAlone)).toThrow(
      "No matching signature found",
    );
  });
});

describe("the body of a delivery", () => {
  const payloads = [
    '{"big":12345678901234567890,"small":1e-7,"one":1.0,"exp":1E5,"zero":-0}',
    '{ "b" : 1 ,\n\t"a": [ ] , "10": 1, "2": 2 }',
    '{"u":"\\u00e9é\\ud83d\\ude00😀","slash":"\\/","del":"\u007f"}',
    '{"twice":1,"twice":2,"__proto__":{"x":1},"constructor":null}',
    '{"payload":{"payload":1},"x":"}","y":"\\"}"}',
    "{}",
  ];

  test.each(payloads)("has the bytes that were published: %s", async (payload) => {
    const { app, secret, target } = await sending();
    for (const body of [
      `{"eventType":"a","payload":${payload}}`,
      ` {"payload" : ${payload} , "tags":["payload"], "eventType":"a"}\n`,
      `{"eventType":"a","pay\\u006coad":${payload}}`,
    ]) {
      const count = target.requests.length;
      const published = await api.ask("POST", `/app/${app}/msg`, { body });
      expect([body, published.status]).toEqual([body, 202]);
      const request = (await target.received(count + 1))[count];
      expect(request?.body.toString("utf8")).toBe(payload);
      if (request !== undefined) expect(accepted(await secret(), request)).toBe(true);
      expect(published.text).toContain(payload);
    }
    const listed = await api.ask("GET", `/app/${app}/msg`);
    expect(listed.text.split(payload)).toHaveLength(4);
  });

  test("is the one that was judged, when there are two payloads in a request", async () => {
    const { app, target } = await sending({ filter: "x = 2" });
    const body = '{"eventType":"a","payload":{"x":1},"payload":{"x":2}}';
    const published = await api.ask("POST", `/app/${app}/msg`, { body });
    expect(published.status).toBe(202);
    const [request] = await target.received(1);
    expect(request?.body.toString()).toBe('{"x":2}');
  });

  test("is the raw payload with its content type, as the official client sends it", async () => {
    const { app, secret, target } = await sending();
    const svix = new Svix(adminKey, { serverUrl: server.url });
    const raw = "<a>\r\n  ünï </a>\n";
    await svix.message.create(app, messageInRaw("a", raw, "application/xml"));
    const [request] = await target.received(1);
    if (request === undefined) throw new Error("expected a request");
    expect(request.body.toString("utf8")).toBe(raw);
    expect(request.headers["content-type"]).toBe("application/xml");
    expect(accepted(await secret(), request)).toBe(true);
  });
});
