import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { createServer, request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { toFetch } from "../src/doors/fetch.ts";
import { toNode } from "../src/doors/node.ts";
import { answerHandshake } from "../src/handshake.ts";
import { createReceiver, custom, generateSecret, isWebhookId, memoryInbox } from "../src/index.ts";
import type { InboundRequest, Notice, Receiver, ReceiverOptions } from "../src/index.ts";
import type { Scheme } from "../src/scheme.ts";
import * as schemes from "../src/schemes/index.ts";
import { parseSecret } from "../src/secret.ts";
import type { SecretInput } from "../src/secret-input.ts";
import { sign } from "../src/sign.ts";
import type { MessageToSign, SignedRequest } from "../src/sign.ts";
import { verify, verifyRequest } from "../src/verify.ts";
import type { VerifyOptions } from "../src/verify.ts";
import { keyOf, publishedPrivateKey, publishedPublicKey, sharedSecret, utf8 } from "./samples.ts";
import { askedOf, fairReadings, reading } from "./vector-cases.ts";
import { readVectorFiles, schemeNamed } from "./vector-files.ts";

/**
 * What receivers of webhooks are known to get wrong: a test each, named for what must hold. Where the official
 * libraries differ from each other, these are this one's choices; so advisory vectors count here, too.
 */
const nowSeconds = 1_767_250_382;
const secret = sharedSecret(7);
const base64Secret = secret.slice("whsec_".length);
const json = '{"id":"evt_1","type":"invoice.paid"}';
/** Its time stands in the body. */
const linearBody = `{"webhookTimestamp":${nowSeconds * 1000}}`;
const url = "https://hooks.example.com/in";

const vectors = new Map(
  readVectorFiles().flatMap(({ provider, cases }) =>
    cases.map((vector) => [vector.id, { vector, scheme: schemeNamed(provider) }]),
  ),
);

/** What is made of a vector, and what may be. */
async function vectorReading(id: string): Promise<{ is: string; may: readonly string[] }> {
  const { vector, scheme } = vectors.get(id) ?? {};
  if (vector === undefined || scheme === undefined) throw new Error(`no vector ${id}`);
  const { options, request, secrets } = askedOf(vector);
  const verdict = await verify(scheme, request, secrets, options);
  return { is: reading(verdict, vector), may: fairReadings(vector) };
}

function describeVectors(title: string, rows: readonly (readonly [string, ...string[]])[]): void {
  const all = rows.flatMap(([trap, ...ids]) => ids.map((id) => ({ trap, id })));
  test.each(all)(`${title}: $trap ($id)`, async ({ id }) => {
    const { is, may } = await vectorReading(id);
    expect(may).toContain(is);
  });
}

function secretOf(scheme: Scheme): string {
  return scheme === schemes.airtable ? base64Secret : secret;
}

function signed(
  scheme: Scheme,
  change: Partial<MessageToSign> = {},
  key: SecretInput | readonly SecretInput[] = secretOf(scheme),
): Promise<SignedRequest> {
  const body = scheme === schemes.linear ? linearBody : json;
  const message = { id: "evt-1", type: "a.b", timestampSeconds: nowSeconds, url, body };
  return sign(scheme, { ...message, ...change }, key);
}

/** `verified`, or the reason. */
async function outcome(
  scheme: Scheme,
  request: InboundRequest,
  key: SecretInput | readonly SecretInput[] = secretOf(scheme),
  options: VerifyOptions = {},
): Promise<string> {
  const verdict = await verify(scheme, request, key, { nowSeconds, ...options });
  return verdict.kind === "verified" ? "verified" : verdict.reason;
}

function withHeader(request: SignedRequest, name: string, value: string): SignedRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

describe("Standard Webhooks at its edges", () => {
  describeVectors("a request", [
    ["that has its signature header twice is refused, forged or not", "standard-webhooks/p015"],
    ["that has the genuine one twice is refused", "standard-webhooks/p016"],
    ["is verified as bytes, also when they are no text", "standard-webhooks/p040"],
    ["whose signature covers U+FFFD for its bytes is refused", "standard-webhooks/p041"],
    ["whose time has letters behind it is refused", "standard-webhooks/p048"],
    ["whose time has a sign before it is refused", "standard-webhooks/p049"],
    ["whose id has a full stop is refused", "standard-webhooks/p052"],
    ["whose signature has more than two parts is refused", "standard-webhooks/p053"],
    ["that has two spaces between its signatures is taken", "standard-webhooks/p056"],
    [
      "of the specification's page, which belongs to another, is refused",
      "standard-webhooks-ed25519/p002",
    ],
  ]);

  test.each([300, -300])(
    "an age of exactly %d s is taken, and one second more is not",
    async (age) => {
      const request = await signed(schemes.standardWebhooks);
      const at = (seconds: number): Promise<string> =>
        outcome(schemes.standardWebhooks, request, secret, { nowSeconds: nowSeconds + seconds });
      expect(await at(age)).toBe("verified");
      expect(await at(age + Math.sign(age))).toBe("timestamp");
    },
  );

  test("the time is signed as its header spells it, with a zero before it too", async () => {
    const time = `0${nowSeconds}`;
    const mac = createHmac("sha256", keyOf(secret)).update(`evt-1.${time}.${json}`);
    const headers = {
      "webhook-id": "evt-1",
      "webhook-timestamp": time,
      "webhook-signature": `v1,${mac.digest("base64")}`,
    };
    expect(await outcome(schemes.standardWebhooks, { headers, body: json })).toBe("verified");
  });

  test("a body that is no JSON is verified, and throws nothing afterwards", async () => {
    const request = await signed(schemes.standardWebhooks, { body: "plain text" });
    expect(await verify(schemes.standardWebhooks, request, secret, { nowSeconds })).toMatchObject({
      kind: "verified",
      body: utf8("plain text"),
      eventType: undefined,
    });
  });

  test.each(["é", "=", "\0", "v1", "v1,", "v1,%", "v1,====", " ", "v1,".repeat(9999)])(
    "a signature header of %j makes a verdict and no exception",
    async (text) => {
      const request = withHeader(await signed(schemes.standardWebhooks), "webhook-signature", text);
      expect(["malformed", "signature", "missing-header"]).toContain(
        await outcome(schemes.standardWebhooks, request),
      );
    },
  );
});

describe("what is sent, every library can take", () => {
  test("padded standard base64 behind v1, one space between entries, decimal seconds", async () => {
    const { headers } = await signed(schemes.standardWebhooks, {}, [secret, publishedPrivateKey]);
    expect(headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1a,[A-Za-z0-9+/]{86}==$/);
    expect(headers["webhook-timestamp"]).toBe(String(nowSeconds));
  });

  test("an id with a full stop, a space or a letter beyond ASCII is not signed", async () => {
    for (const id of ["a.b", "a b", "é", ""]) {
      expect(isWebhookId(id)).toBe(false);
      await expect(signed(schemes.standardWebhooks, { id })).rejects.toThrow(TypeError);
    }
  });

  test("a new secret is long enough, standard base64, and needs no padding", () => {
    for (let count = 0; count < 200; count += 1) {
      expect(generateSecret()).toMatch(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}$/);
    }
  });

  test.each([
    ["in base64url", `whsec_${"-_".repeat(20)}`],
    ["with its prefix twice", `whsec_${secret}`],
    ["with its prefix in capitals", secret.replace("whsec", "WHSEC")],
    ["with a line end", `${secret}\n`],
  ])("a secret %s is refused, not silently another key", async (_, text) => {
    expect(parseSecret(text).kind).toBe("malformed");
    await expect(signed(schemes.standardWebhooks, {}, text)).rejects.toThrow(TypeError);
  });

  test("a secret of less than 24 bytes is refused where secrets are given out, and can be verified with", async () => {
    const short = `whsec_${btoa("short")}`;
    expect(parseSecret(short)).toMatchObject({ problem: "too-short" });
    expect(generateSecret((length) => new Uint8Array(length))).toHaveLength("whsec_".length + 44);
    const request = await signed(schemes.standardWebhooks, {}, short);
    expect(await outcome(schemes.standardWebhooks, request, short)).toBe("verified");
  });

  test("a private key of 64 bytes, seed and public key, signs what its public key verifies", async () => {
    const request = await signed(schemes.standardWebhooks, {}, publishedPrivateKey);
    expect(await outcome(schemes.standardWebhooks, request, publishedPublicKey)).toBe("verified");
  });
});

describe("raw bytes", () => {
  test("a byte order mark is kept, in bytes, in text and in a Request", async () => {
    const body = `\uFEFF${json}`;
    const request = await signed(schemes.github, { body });
    expect(await outcome(schemes.github, request)).toBe("verified");
    expect(await outcome(schemes.github, { ...request, body })).toBe("verified");
    expect(await outcome(schemes.github, { ...request, body: json })).toBe("signature");
    const asRequest = new Request(url, { method: "POST", headers: request.headers, body });
    expect((await verifyRequest(schemes.github, asRequest, secret)).kind).toBe("verified");
    // Its body goes through text, in which a mark is easily lost.
    const easypost = await signed(schemes.easypost, { body });
    expect(await outcome(schemes.easypost, easypost)).toBe("verified");
    expect(await outcome(schemes.easypost, { ...easypost, body: json })).toBe("signature");
  });

  test.each([
    ["the spaces", '{ "b":1,  "a":2 }'],
    ["1.0", '{"n":1.0}'],
    ["a number above 2^53", '{"id":820982911946154508}'],
    ["escapes", String.raw`{"name":"Zo\u00eb"}`],
    ["a key twice", '{"a":1,"a":2}'],
    ["a slash's escape", String.raw`{"url":"https:\/\/x"}`],
    ["U+2028", '{"a":"\u2028"}\n'],
  ])(
    "%s of a body is signed as it came, and lost when it is parsed and written again",
    async (_, body) => {
      const request = await signed(schemes.github, { body });
      expect(await outcome(schemes.github, request)).toBe("verified");
      const again = JSON.stringify(JSON.parse(body));
      expect(again).not.toBe(body);
      expect(await outcome(schemes.github, { ...request, body: again })).toBe("signature");
    },
  );

  describeVectors("schemes whose own code writes the body again", [
    ["WorkOS: the raw bytes count", "workos/p005", "workos/p006"],
    ["Zoom: the raw bytes count", "zoom/p005", "zoom/p006"],
    ["Meta signs the escaped text", "meta/p017", "meta/p018"],
  ]);

  test("a body is never normalised, and of secrets EasyPost's alone", async () => {
    const request = await signed(schemes.github, { body: '"\u00e9"' });
    expect(await outcome(schemes.github, { ...request, body: '"e\u0301"' })).toBe("signature");
    const [composed, decomposed] = ["cl\u00e9", "cle\u0301"];
    const easypost = await signed(schemes.easypost, {}, composed);
    expect(await outcome(schemes.easypost, easypost, decomposed)).toBe("verified");
    const github = await signed(schemes.github, {}, composed);
    expect(await outcome(schemes.github, github, decomposed)).toBe("signature");
  });

  test("the line end of a body belongs to it", async () => {
    const { privateKey, publicKey } = ecKeys();
    const request = await signed(schemes.sendgrid, { body: `[${json}]\r\n` }, privateKey);
    expect(await outcome(schemes.sendgrid, request, publicKey)).toBe("verified");
    const cut = { ...request, body: `[${json}]` };
    expect(await outcome(schemes.sendgrid, cut, publicKey)).toBe("signature");
  });

  test("a compressed body is inflated where the sender signs it before, and nowhere else", async () => {
    for (const scheme of [schemes.streamChat, schemes.github]) {
      const request = { ...(await signed(scheme)), body: gzipSync(json) };
      const expected = scheme === schemes.streamChat ? "verified" : "signature";
      expect(await outcome(scheme, request)).toBe(expected);
      const asSent = await signed(scheme, { body: gzipSync(json) });
      const other = scheme === schemes.streamChat ? "signature" : "verified";
      expect(await outcome(scheme, asSent)).toBe(other);
    }
  });

  test("a compressed body that would fill the memory, or is cut off, is malformed", async () => {
    const request = await signed(schemes.streamChat);
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await outcome(schemes.streamChat, { ...request, body: bomb })).toBe("malformed");
    const cut = gzipSync(json).subarray(0, -9);
    expect(await outcome(schemes.streamChat, { ...request, body: cut })).toBe("malformed");
  });

  test("a body over the limit is 413, without a length said, and never a wrong signature", async () => {
    const { receiver, seen } = receiverOf({ scheme: schemes.github, maxBodyBytes: 1000 });
    const request = await signed(schemes.github, { body: `"${"x".repeat(2000)}"` });
    expect(await postInChunks(receiver, request)).toBe(413);
    expect(seen).toMatchObject([{ reason: "too-large" }]);
  });

  test("25 MB, which GitHub sends at most, are within the limit", async () => {
    const { receiver } = receiverOf({ scheme: schemes.github });
    const request = await signed(schemes.github, { body: `"${"x".repeat(25e6)}"` });
    expect(await postInChunks(receiver, request)).toBe(200);
  });
});

describe("headers", () => {
  const listing = Object.values(schemes).filter((scheme) => isHmacScheme(scheme));

  test("there are many to look at", () => expect(listing.length).toBeGreaterThan(50));

  test.each(listing)(
    "$name: a second signature header is refused, apart or joined",
    async (scheme) => {
      const request = await signed(scheme);
      const name = signatureHeader(request);
      const value = request.headers[name] ?? "";
      const forged = value.replace(/[0-9a-f]{6}|[A-Za-z0-9+/_-]{6}/g, "000000");
      expect(await outcome(scheme, request)).toBe("verified");
      for (const pair of [
        [forged, value],
        [value, value],
      ]) {
        const headers: [string, string][] = [
          ...Object.entries(request.headers).filter(([each]) => each !== name),
          ...pair.map((each): [string, string] => [name, each]),
        ];
        const rawHeaders = headers.flat();
        for (const given of [headers, new Headers(headers), { headers: {}, rawHeaders }]) {
          const verdict = await outcome(scheme, { ...request, headers: given });
          expect(verdict).toBe("malformed");
        }
      }
    },
  );

  test.each(listing)(
    "$name: an empty or missing signature is no older kind of webhook",
    async (scheme) => {
      const request = await signed(scheme);
      const name = signatureHeader(request);
      const { [name]: _, ...without } = request.headers;
      for (const headers of [without, { ...without, [name]: "" }, { ...without, [name]: "  " }]) {
        expect(await outcome(scheme, { ...request, headers })).toBe("missing-header");
      }
    },
  );

  test.each(listing)(
    "$name: a signature of another length is refused without an exception",
    async (scheme) => {
      const request = await signed(scheme);
      const name = signatureHeader(request);
      const value = request.headers[name] ?? "";
      for (const wrong of [
        value.slice(0, -1),
        value.slice(0, -4),
        `${value}0000`,
        value.slice(0, 1),
      ]) {
        const verdict = await outcome(scheme, withHeader(request, name, wrong));
        expect(["malformed", "signature"]).toContain(verdict);
      }
    },
  );

  test("lists have their provider's separator: comma, semicolon, space, or a header each", async () => {
    const [old, current] = [sharedSecret(1), sharedSecret(2)];
    const lists = ["pagerduty", "stripe", "paddle", "standard-webhooks", "docusign"] as const;
    for (const name of lists) {
      const scheme = schemeNamed(name);
      if (scheme === undefined) throw new Error(name);
      const request = await signed(scheme, {}, [old, current]);
      expect(await outcome(scheme, request, old)).toBe("verified");
      expect(await outcome(scheme, request, current)).toBe("verified");
      expect(await outcome(scheme, request, sharedSecret(3))).toBe("signature");
    }
  });

  test("a part's name ends at the first = only", async () => {
    const scheme = custom({
      name: "padded",
      check: {
        kind: "hmac",
        hash: "SHA-256",
        signature: {
          header: "x-sig",
          encoding: "base64",
          parts: { separator: ",", signature: "s" },
        },
      },
    });
    const request = await signed(scheme);
    expect(request.headers["x-sig"]).toMatch(/^s=.*=$/);
    expect(await outcome(scheme, request)).toBe("verified");
  });

  describeVectors("a list", [
    ["Stripe's part names are not trimmed", "stripe/p027"],
    ["two times in one header are refused", "stripe/p026"],
    ["OpenAI's entries have their version", "openai/p014"],
    ["Replicate's entries have their version", "replicate/p013"],
    ["WorkOS's parts have their names", "workos/p013"],
    ["Convoy's parts have their names", "convoy/p013"],
  ]);

  test("WorkOS puts a space behind its comma, and is taken with it", async () => {
    const request = await signed(schemes.workos);
    expect(request.headers["workos-signature"]).toContain(", v1=");
    expect(await outcome(schemes.workos, request)).toBe("verified");
  });

  describeVectors("the weaker version", [
    ["Hook0's v0 counts for nothing beside v1", "hook0/p005"],
    ["GitHub's SHA-1 label is not taken", "github/p013"],
    ["Stripe's v0 is not taken", "stripe/p013"],
  ]);

  test("GitHub's SHA-1 header, HubSpot's v1 beside a wrong v3, WebSub's other label: none is a way in", async () => {
    const sha1 = createHmac("sha1", secret).update(json).digest("hex");
    const github = withHeader(await signed(schemes.github), "x-hub-signature", `sha1=${sha1}`);
    const wrong = `sha256=${"0".repeat(64)}`;
    expect(await outcome(schemes.github, withHeader(github, "x-hub-signature-256", wrong))).toBe(
      "signature",
    );
    const { "x-hub-signature-256": _, ...weak } = github.headers;
    expect(await outcome(schemes.github, { ...github, headers: weak })).toBe("missing-header");

    const v1 = await sign(schemes.hubspot, { body: json, url }, secret, {
      config: { version: "v1" },
    });
    const v3 = await signed(schemes.hubspot);
    const both = { ...v3, headers: { ...v3.headers, ...v1.headers } };
    expect(await outcome(schemes.hubspot, both)).toBe("verified");
    const forged = withHeader(both, "x-hubspot-signature-v3", btoa("0".repeat(32)));
    expect(await outcome(schemes.hubspot, forged)).toBe("signature");
    expect(await outcome(schemes.hubspot, v1)).toBe("missing-header");

    const websub = await signed(schemes.websub);
    const relabelled = (websub.headers["x-hub-signature"] ?? "").replace("sha256=", "sha1=");
    expect(await outcome(schemes.websub, withHeader(websub, "x-hub-signature", relabelled))).toBe(
      "malformed",
    );
  });
});

describe("decoding and comparing", () => {
  test.each([
    ["hex with something behind it", schemes.gocardless, (text: string) => `${text}zz`],
    ["hex that ends in no hex", schemes.gocardless, (text: string) => `${text.slice(0, -2)}zz`],
    [
      "base64 with a bad character in it",
      schemes.line,
      (text: string) => `${text.slice(0, 9)}!${text.slice(9)}`,
    ],
    [
      "base64 in the URL's alphabet",
      schemes.line,
      (text: string) => text.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_"),
    ],
    ["base64 whose last digit has bits too many", schemes.line, anotherSpelling],
    ["base64 with a line end", schemes.line, (text: string) => `${text}\n`],
  ])("a signature has one spelling: %s is refused", async (_, scheme, change) => {
    const request = await signed(scheme);
    const name = signatureHeader(request);
    const changed = change(request.headers[name] ?? "");
    expect(changed).not.toBe(request.headers[name]);
    expect(await outcome(scheme, withHeader(request, name, changed))).toBe("malformed");
  });

  test("a repeated secret of any length is compared by its hash, and never throws", async () => {
    const scheme = schemes.gitlabToken;
    const request = await signed(scheme, {}, "token");
    for (const given of ["t", "tokens", "token ", "x".repeat(9999)]) {
      expect(await outcome(scheme, request, given)).toBe("signature");
    }
    expect(await outcome(scheme, request, ["other", "token"])).toBe("verified");
  });

  describeVectors("a secret", [
    ["of Zendesk looks like base64, and is its text", "zendesk/p017"],
    ["of Stripe is its whole text", "stripe/p028", "stripe/p029"],
    ["of Standard Webhooks is decoded", "standard-webhooks/p033"],
  ]);

  test("Square's and Stripe's secrets are their text, Svix's, Airtable's and Adyen's are decoded", async () => {
    const key = Buffer.from("0123456789abcdef0123456789abcdef");
    const base64 = key.toString("base64");
    const [hex, whsec] = [key.toString("hex"), `whsec_${base64}`];
    for (const [scheme, text] of [
      [schemes.square, base64],
      [schemes.stripe, whsec],
    ] as const) {
      const request = await signed(scheme, {}, utf8(text));
      expect(await outcome(scheme, request, text)).toBe("verified");
    }
    for (const [scheme, text] of [
      [schemes.svix, whsec],
      [schemes.airtable, base64],
    ] as const) {
      const request = await signed(scheme, {}, Uint8Array.from(key));
      expect(await outcome(scheme, request, text)).toBe("verified");
    }
    const notice =
      '{"notificationItems":[{"NotificationRequestItem":{"pspReference":"p","merchantAccountCode":"m","merchantReference":"r","amount":{"value":1,"currency":"EUR"},"eventCode":"A","success":"true"}}]}';
    const adyen = await signed(schemes.adyen, { body: notice }, Uint8Array.from(key));
    expect(await outcome(schemes.adyen, adyen, hex)).toBe("verified");
  });

  test.each([schemes.typeform, schemes.xTwitter])(
    "$name has base64 behind sha256=, not hex",
    async (scheme) => {
      const request = await signed(scheme);
      const name = signatureHeader(request);
      const [, base64 = ""] = /^sha256=(.*)$/.exec(request.headers[name] ?? "") ?? [];
      expect(base64).toHaveLength(44);
      const hex = `sha256=${Buffer.from(base64, "base64").toString("hex")}`;
      expect(await outcome(scheme, withHeader(request, name, hex))).toBe("malformed");
    },
  );

  describeVectors("a forged key or curve point", [
    ["S plus the group's order is another spelling of a signature", "discord/p014"],
    ["a token without an algorithm is none", "plaid/p008", "vonage/p007"],
    ["a public key is no shared secret", "plaid/p009"],
    ["another hash than the provider's is refused", "vonage/p010"],
    ["Vonage's token without the body's hash is refused", "vonage/p003"],
  ]);

  test("a token that says HS256 is not checked with a public key, where both kinds are taken", async () => {
    const { publicKey } = ecKeys();
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const hash = createHash("sha256").update(json).digest("base64");
    const text = `${part({ alg: "HS256" })}.${part({ request_body_sha256: hash })}`;
    const forge = (key: string): InboundRequest => {
      const mac = createHmac("sha256", key).update(text).digest("base64url");
      return { headers: { "x-fusionauth-signature-jwt": `${text}.${mac}` }, body: json };
    };
    expect(await outcome(schemes.fusionauth, forge(publicKey), publicKey)).toBe("signature");
    expect(await outcome(schemes.fusionauth, forge(secret), secret)).toBe("verified");
  });

  test("r and s of zero, and r‖s in place of DER, are refused", async () => {
    const { privateKey, publicKey } = ecKeys();
    const request = await signed(schemes.sendgrid, { body: `[${json}]` }, privateKey);
    const name = "x-twilio-email-event-webhook-signature";
    for (const bytes of [
      [0x30, 6, 2, 1, 0, 2, 1, 0],
      new Uint8Array(64),
      new Uint8Array(64).fill(1),
    ]) {
      const forged = withHeader(request, name, Buffer.from(bytes).toString("base64"));
      expect(["malformed", "signature"]).toContain(
        await outcome(schemes.sendgrid, forged, publicKey),
      );
    }
    expect(await outcome(schemes.sendgrid, request, publicKey)).toBe("verified");
  });

  test("Wise signs with RSA: its public key is never the key of an HMAC", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const [priv, pub] = [pkcs8(privateKey), spki(publicKey)];
    const request = await signed(schemes.wise, {}, priv);
    expect(await outcome(schemes.wise, request, pub)).toBe("verified");
    const mac = createHmac("sha256", pub).update(json).digest("base64");
    expect(await outcome(schemes.wise, withHeader(request, "x-signature-sha256", mac), pub)).toBe(
      "signature",
    );
  });

  test("PayPal's body is covered by a CRC, which covers nothing: it says so", async () => {
    expect(await vectorReading("paypal/p014")).toMatchObject({
      is: expect.stringContaining("verified"),
    });
    expect(schemes.paypal.check.coversBody).toBe(false);
  });
});

describe("no byte moves between signed fields that nothing separates", () => {
  const ed25519 = generateKeyPairSync("ed25519");
  const { privateKey, publicKey } = ecKeys();
  const text = { signWith: "s3cret", verifyWith: "s3cret" };
  const keys: Readonly<Record<string, typeof text>> = {
    discord: { signWith: pkcs8(ed25519.privateKey), verifyWith: spki(ed25519.publicKey) },
    sendgrid: { signWith: privateKey, verifyWith: publicKey },
  };
  const joined = Object.values(schemes).filter((scheme) => {
    const { check } = scheme;
    if (!("plan" in check) || typeof check.plan !== "object" || check.plan === null) return false;
    const content = "content" in check.plan ? String(check.plan.content) : "";
    return /\}\{/.test(content);
  });

  test("the schemes are known", () => {
    expect(joined.map(({ name }) => name).toSorted()).toEqual([
      "discord",
      "sendgrid",
      "square",
      "trello",
      "twitch",
      "zendesk",
    ]);
  });

  test.each(joined)(
    "$name takes a body only that is JSON, which shows where it begins",
    async (scheme) => {
      const { signWith, verifyWith } = keys[scheme.name] ?? text;
      const request = await signed(scheme, { body: '{"a":1}' }, signWith);
      expect(await outcome(scheme, request, verifyWith)).toBe("verified");
      const plain = await signed(scheme, { body: 'n": 1}' }, signWith);
      expect(await outcome(scheme, plain, verifyWith)).toBe("malformed");
    },
  );

  test("Square and Trello: bytes of the called URL do not become the body's, nor the other way round", async () => {
    const target = `${url}?as=`;
    const square = await signed(schemes.square, { url: `${target}12`, body: '{"a":1}' });
    const moved = { ...square, url: target, body: '12{"a":1}' };
    expect(await outcome(schemes.square, moved)).toBe("malformed");
    const trello = await signed(schemes.trello, { url: `${url}?to=${url}`, body: '{"a":1}' });
    const longer = { ...trello, url, body: `{"a":1}${url}?to=` };
    expect(await outcome(schemes.trello, longer)).toBe("malformed");
  });

  test.each(["discord", "sendgrid"])(
    "%s: a digit of the time does not become the body's",
    async (name) => {
      const scheme = schemeNamed(name);
      const { signWith, verifyWith } = keys[name] ?? text;
      if (scheme === undefined) throw new Error(name);
      const request = await signed(scheme, { body: "[1]" }, signWith);
      const time = Object.keys(request.headers).find((each) => each.endsWith("timestamp")) ?? "";
      const shorter = withHeader(request, time, String(nowSeconds).slice(0, -1));
      const body = `${String(nowSeconds).slice(-1)}[1]`;
      expect(await outcome(scheme, { ...shorter, body }, verifyWith)).toBe("malformed");
    },
  );

  test("Cloudinary and HubSpot, which sign the body before the time, likewise", async () => {
    const cloudinary = await signed(schemes.cloudinary, { body: '{"a":1}' });
    const moved = withHeader(cloudinary, "x-cld-timestamp", String(nowSeconds).slice(1));
    const untimed = { toleranceSeconds: Number.POSITIVE_INFINITY };
    expect(await outcome(schemes.cloudinary, { ...moved, body: '{"a":1}1' }, secret, untimed)).toBe(
      "malformed",
    );
    const hubspot = await signed(schemes.hubspot, { body: '{"a":1}' });
    const ms = String(nowSeconds * 1000);
    const late = withHeader(hubspot, "x-hubspot-request-timestamp", ms.slice(1));
    expect(
      await outcome(schemes.hubspot, { ...late, body: `{"a":1}${ms[0]}` }, secret, untimed),
    ).toBe("malformed");
  });

  test("Mailgun: a digit of the time does not become the token's", async () => {
    const request = await signed(schemes.mailgun, { body: "{}" });
    const { signature } = JSON.parse(new TextDecoder().decode(request.body));
    const { timestamp, token } = signature;
    const moved = {
      ...signature,
      timestamp: timestamp.slice(0, -1),
      token: timestamp.slice(-1) + token,
    };
    const body = JSON.stringify({ signature: moved });
    expect(await outcome(schemes.mailgun, { ...request, body })).toBe("malformed");
  });

  describeVectors("forms and fields", [["Adyen's fields", "adyen/p013"]]);
});

describe("time", () => {
  const timed = Object.values(schemes).filter(
    (scheme) => isHmacScheme(scheme) && Number.isFinite(scheme.defaultToleranceSeconds),
  );

  test("many schemes have a limit", () => expect(timed.length).toBeGreaterThan(15));

  test.each(timed)("$name: too old, too new, and exactly at the end", async (scheme) => {
    const request = await signed(scheme);
    const tolerance = scheme.defaultToleranceSeconds;
    const at = (offset: number): Promise<string> =>
      outcome(scheme, request, secret, { nowSeconds: nowSeconds + offset });
    const edge = scheme.toleranceExclusive === true ? "timestamp" : "verified";
    expect(await at(tolerance)).toBe(edge);
    expect(await at(-tolerance)).toBe(edge);
    expect(await at(tolerance + 1)).toBe("timestamp");
    expect(await at(-tolerance - 1)).toBe("timestamp");
    expect(scheme.toleranceExclusive === true).toBe(scheme.name === "contentful");
  });

  test.each(timed)(
    "$name: a wrong signature is told before the time, which would tell of the clock",
    async (scheme) => {
      const request = await signed(scheme);
      const other = sharedSecret(9);
      expect(await outcome(scheme, request, other, { nowSeconds: nowSeconds + 1e6 })).toBe(
        "signature",
      );
    },
  );

  test("seconds with 13 digits and milliseconds with 10 are malformed, not far away", async () => {
    const inSeconds = custom({ ...timedScheme("seconds"), name: "s" });
    const inMilliseconds = custom({ ...timedScheme("milliseconds"), name: "ms" });
    for (const [scheme, text] of [
      [inSeconds, String(nowSeconds * 1000)],
      [inMilliseconds, String(nowSeconds)],
    ] as const) {
      const mac = createHmac("sha256", secret).update(`${text}.${json}`).digest("hex");
      const headers = { "x-time": text, "x-sig": mac };
      expect(await outcome(scheme, { headers, body: json })).toBe("malformed");
    }
  });

  test("Twitch's nanoseconds are signed as they are written", async () => {
    const time = "2026-01-01T06:53:02.123456789Z";
    const mac = createHmac("sha256", secret).update(`evt-1${time}${json}`).digest("hex");
    const headers = {
      "twitch-eventsub-message-id": "evt-1",
      "twitch-eventsub-message-timestamp": time,
      "twitch-eventsub-message-signature": `sha256=${mac}`,
    };
    expect(await outcome(schemes.twitch, { headers, body: json })).toBe("verified");
  });

  test("every refusal of a request looks alike from outside, and its owner is told the reason", async () => {
    const { receiver, seen } = receiverOf({ scheme: schemes.standardWebhooks });
    const genuine = await signed(schemes.standardWebhooks);
    const answers = await Promise.all([
      receiver.handle({ ...genuine, body: "{}" }),
      receiver.handle(
        await signed(schemes.standardWebhooks, { timestampSeconds: nowSeconds - 1e6 }),
      ),
      receiver.handle({ ...genuine, headers: {} }),
      receiver.handle(withHeader(genuine, "webhook-signature", "v1,x")),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const reasons = seen.map((each) => (each.kind === "rejected" ? each.reason : each.kind));
    expect(reasons.toSorted()).toEqual(["malformed", "missing-header", "signature", "timestamp"]);
  });

  test("what was verified at its arrival is handled later, when its time is over", async () => {
    const handled: string[] = [];
    const { receiver } = receiverOf({
      scheme: schemes.paddle,
      on: { "*": ({ id }) => void handled.push(id) },
    });
    const body = '{"event_id":"evt_1","event_type":"a"}';
    expect((await receiver.handle(await signed(schemes.paddle, { body }))).status).toBe(200);
    clock.nowSeconds += 3600;
    await receiver.drain();
    clock.nowSeconds = nowSeconds;
    expect(handled).toEqual(["evt_1"]);
  });
});

describe("replays and duplicates", () => {
  const on = { "*": () => undefined };

  test("a delivery that comes again within its time is not handled again", async () => {
    const { receiver, seen } = receiverOf({ scheme: schemes.standardWebhooks, on });
    const request = await signed(schemes.standardWebhooks);
    for (let count = 0; count < 3; count += 1) await receiver.handle(request);
    await receiver.drain();
    expect(kinds(seen)).toEqual(["duplicate", "duplicate", "handled"]);
  });

  test("an event that is sent anew, with another time and signature, is the same by its id", async () => {
    const { receiver, seen } = receiverOf({ scheme: schemes.standardWebhooks, on });
    await receiver.handle(await signed(schemes.standardWebhooks));
    await receiver.handle(
      await signed(schemes.standardWebhooks, { timestampSeconds: nowSeconds + 60 }),
    );
    expect(kinds(seen)).toEqual(["duplicate"]);
  });

  test.each(["github", "shopify", "pagerduty", "razorpay", "zendesk", "linear"])(
    "%s does not sign its id: the same content under a new one is a duplicate",
    async (name) => {
      const scheme = schemeNamed(name);
      if (scheme === undefined) throw new Error(name);
      const { receiver, seen } = receiverOf({ scheme, on });
      const request = await signed(scheme);
      const id = Object.keys(request.headers).find((each) => request.headers[each] === "evt-1");
      await receiver.handle(request);
      await receiver.handle(withHeader(request, id ?? "x", "evt-2"));
      expect(kinds(seen)).toEqual(["duplicate"]);
      expect(await verify(scheme, request, secret, { nowSeconds })).toMatchObject({
        eventIdSigned: false,
      });
    },
  );

  test("two receivers on one inbox take the same id each for themselves", async () => {
    const inbox = memoryInbox();
    const first = receiverOf({ scheme: schemes.standardWebhooks, name: "first", inbox, on });
    const second = receiverOf({ scheme: schemes.standardWebhooks, name: "second", inbox, on });
    const request = await signed(schemes.standardWebhooks);
    await first.receiver.handle(request);
    await second.receiver.handle(request);
    expect([...kinds(first.seen), ...kinds(second.seen)]).toEqual([]);
  });

  test("an id is remembered after its verification only: a forgery takes none away", async () => {
    const { receiver, seen } = receiverOf({ scheme: schemes.standardWebhooks, on });
    const genuine = await signed(schemes.standardWebhooks);
    await receiver.handle({ ...genuine, body: "{}" });
    expect((await receiver.handle(genuine)).status).toBe(200);
    await receiver.drain();
    expect(kinds(seen)).toEqual(["rejected", "handled"]);
  });

  test("the events of a delivery that has several are told apart by their own ids", async () => {
    const handled: string[] = [];
    const { receiver, seen } = receiverOf({
      scheme: schemes.line,
      on: { "*": ({ id }) => void handled.push(id) },
      split: ({ data }) =>
        (Array.isArray(data) ? data : []).map((id) => ({ id: String(id), data: id })),
    });
    const send = async (body: string): Promise<unknown> =>
      receiver.handle(
        withHeader(await signed(schemes.line, { body }), "content-type", "application/json"),
      );
    await send('["a","b"]');
    await send('["b","c"]');
    await receiver.drain();
    expect(handled.toSorted()).toEqual(["a", "b", "c"]);
    expect(kinds(seen).filter((kind) => kind === "duplicate")).toHaveLength(1);
  });

  test("every secret that is valid is tried, and no unsigned header chooses one", async () => {
    const secrets = [sharedSecret(1), sharedSecret(2), sharedSecret(3)];
    for (const [index, each] of secrets.entries()) {
      const request = await signed(schemes.pusher, {}, each);
      const named = withHeader(request, "x-pusher-key", "whoever");
      expect(await verify(schemes.pusher, named, secrets, { nowSeconds })).toMatchObject({
        kind: "verified",
        secretIndex: index,
      });
      const config = { appKey: "mine" };
      expect(await outcome(schemes.pusher, named, secrets, { config })).toBe("signature");
    }
  });
});

describe("URLs that are signed", () => {
  const signing = Object.values(schemes).filter(({ config = [] }) =>
    config.some(({ name }) => name === "notificationUrl"),
  );

  test("are those of eight schemes", () => expect(signing).toHaveLength(8));

  test.each(signing)("$name: a receiver is told its URL, and believes no Host", (scheme) => {
    const options = { scheme, on: { "*": () => undefined } };
    expect(() => receiverOf(options)).toThrow(/publicUrl/);
    expect(() => receiverOf({ ...options, publicUrl: url })).not.toThrow();
    const verification = { config: { notificationUrl: url } };
    expect(() => receiverOf({ ...options, verification })).not.toThrow();
  });

  test("so is that of a scheme of one's own", () => {
    const scheme = custom({
      name: "mine",
      check: {
        kind: "hmac",
        hash: "SHA-256",
        content: "{url}\n{body}",
        signature: { header: "x-sig", encoding: "hex" },
      },
    });
    expect(() => receiverOf({ scheme, on: { "*": () => undefined } })).toThrow(/publicUrl/);
  });

  test("what a proxy or a sender writes into the headers changes nothing", async () => {
    const { receiver } = receiverOf({ scheme: schemes.square, publicUrl: url });
    const genuine = await signed(schemes.square);
    const body = new Uint8Array(genuine.body);
    const ask = async (to: string, headers: Readonly<Record<string, string>>): Promise<number> =>
      (await toFetch(receiver)(new Request(to, { method: "POST", headers, body }))).status;
    const misleading = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
    };
    expect(await ask("http://10.0.0.1:8080/in/", { ...genuine.headers, ...misleading })).toBe(200);
    const evil = await signed(schemes.square, { url: "https://evil.example/in" });
    expect(await ask("https://evil.example/in", { ...evil.headers, ...misleading })).toBe(401);
  });

  test.each(["?a=%20b", "?a=b+c", "/", "?q='x'", "?q=%27x%27", "?ü=1"])(
    "a URL that ends in %s is signed as it is written",
    async (end) => {
      for (const scheme of [schemes.square, schemes.twilio, schemes.trello]) {
        const body = scheme === schemes.twilio ? "A=1" : "{}";
        const request = await signed(scheme, { url: `${url}${end}`, body });
        expect(await outcome(scheme, request)).toBe("verified");
        const other = new URL(`${url}${end}`).href;
        if (other === `${url}${end}`) continue;
        expect(await outcome(scheme, { ...request, url: other })).toBe("signature");
      }
    },
  );
});

describe("questions", () => {
  test.each([
    ["meta", `${url}?hub.mode=subscribe&hub.verify_token=t&hub.challenge=<script>`, "GET"],
    ["dropbox", `${url}?challenge=<script>`, "GET"],
    ["microsoft-graph", `${url}?validationToken=<script>`, "POST"],
    ["websub", `${url}?hub.mode=subscribe&hub.topic=t&hub.challenge=<script>`, "GET"],
  ])(
    "%s: a challenge is answered as plain text that no browser takes for a page",
    async (name, asked, method) => {
      const scheme = schemeNamed(name);
      if (scheme === undefined) throw new Error(name);
      const options = { config: { verifyToken: "t", topic: "t" } };
      const request = { method, url: asked, headers: {}, body: "" };
      const answer = await answerHandshake(scheme, request, secret, options);
      expect(answer?.response).toMatchObject({
        body: "<script>",
        headers: {
          "content-type": expect.stringMatching(/^text\/plain/),
          "x-content-type-options": "nosniff",
        },
      });
    },
  );

  test.each([
    "https://sns.eu-west-1.amazonaws.com@evil.example/?Action=ConfirmSubscription",
    "https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription",
    "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
    "https://sns.eu-west-1.amazonaws.com:8443/?Action=ConfirmSubscription",
    "https://169.254.169.254/?Action=ConfirmSubscription",
  ])(
    "SNS asks for %s, and is not obeyed, although the message is genuine",
    async (SubscribeURL) => {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const config = { topicArn: "arn:aws:sns:eu-west-1:1:t" };
      const fields = {
        Type: "SubscriptionConfirmation",
        Message: "m",
        Token: "t",
        SubscribeURL,
        MessageId: "1",
        TopicArn: config.topicArn,
        Timestamp: "2026-01-01T06:53:02.000Z",
        SignatureVersion: "2",
        SigningCertURL: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-example.pem",
      };
      const message = { body: JSON.stringify(fields), timestampSeconds: nowSeconds };
      const request = await sign(schemes.awsSns, message, pkcs8(privateKey), { config });
      const answer = await answerHandshake(schemes.awsSns, request, spki(publicKey), {
        config,
        nowSeconds,
      });
      expect(answer).toMatchObject({ kind: "refused", rejection: { reason: "malformed" } });
    },
  );

  test("a secret that somebody offers is never taken while another is in use", async () => {
    const asana = { headers: { "x-hook-secret": "theirs" }, body: "" };
    const notion = { headers: {}, body: '{"verification_token":"theirs"}' };
    for (const [scheme, request] of [
      [schemes.asana, asana],
      [schemes.notion, notion],
    ] as const) {
      expect(await answerHandshake(scheme, request, [])).toMatchObject({
        effect: { kind: "secret-offered", secret: "theirs" },
      });
      const refused = await answerHandshake(scheme, request, "mine");
      expect(refused).toMatchObject({ kind: "refused", response: { status: 403 } });
      expect(JSON.stringify(refused?.response)).not.toContain("theirs");
    }
  });

  test("a signed question is verified before it is answered", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const [priv, pub] = [pkcs8(privateKey), spki(publicKey)];
    const twitch = { "twitch-eventsub-message-type": "webhook_callback_verification" };
    const questions: readonly (readonly [
      Scheme,
      string,
      SecretInput,
      SecretInput,
      Record<string, string>,
    ])[] = [
      [schemes.slack, '{"type":"url_verification","challenge":"c4ll"}', secret, secret, {}],
      [
        schemes.zoom,
        '{"event":"endpoint.url_validation","payload":{"plainToken":"c4ll"}}',
        secret,
        secret,
        {},
      ],
      [schemes.twitch, '{"challenge":"c4ll"}', secret, secret, twitch],
      [schemes.discord, '{"type":1}', priv, pub, {}],
    ];
    for (const [scheme, body, signWith, verifyWith, more] of questions) {
      const made = await signed(scheme, { body }, signWith);
      const request = { ...made, headers: { ...made.headers, ...more } };
      const ask = (given: InboundRequest): ReturnType<typeof answerHandshake> =>
        answerHandshake(scheme, given, verifyWith, { nowSeconds });
      expect(await ask(request)).toMatchObject({ kind: "handshake", response: { status: 200 } });
      const forged = await ask({ ...request, body: `${body} ` });
      expect(forged).toMatchObject({ kind: "refused" });
      expect([401, 403]).toContain(forged?.response.status);
      expect(forged?.response.body).not.toContain("c4ll");
    }
  });

  test.each(["GET", "HEAD", "OPTIONS", "PUT"])(
    "%s never reaches what verifies a POST",
    async (method) => {
      const { receiver, seen } = receiverOf({ scheme: schemes.github });
      const request = await signed(schemes.github);
      expect(await receiver.handle({ ...request, method })).toMatchObject({
        status: 405,
        headers: { allow: "POST" },
      });
      expect(seen).toEqual([]);
    },
  );

  test("Okta asks with GET, Mandrill and Trello look with HEAD, CloudEvents asks with OPTIONS", async () => {
    const asked = async (
      scheme: Scheme,
      method: string,
      headers = {},
    ): Promise<number | undefined> =>
      (await answerHandshake(scheme, { method, url, headers, body: "" }, secret))?.response.status;
    expect(await asked(schemes.okta, "GET", { "x-okta-verification-challenge": "x" })).toBe(200);
    expect(await asked(schemes.mandrill, "HEAD")).toBe(200);
    expect(await asked(schemes.trello, "HEAD")).toBe(200);
    // By an origin that nobody allowed.
    expect(await asked(schemes.cloudevents, "OPTIONS", { "webhook-request-origin": "x" })).toBe(
      403,
    );
    expect(await asked(schemes.github, "GET")).toBeUndefined();
  });
});

test("what is said of retries is the vendors' word, not the tables' that contradict them", () => {
  expect(schemes.github.retries).toMatch(/^None/);
  expect(schemes.shopify.retries).toMatch(/8 times in 4 hours/);
});

const clock = { nowSeconds };

function receiverOf(options: Partial<ReceiverOptions> & Pick<ReceiverOptions, "scheme">): {
  readonly receiver: Receiver;
  readonly seen: Notice[];
} {
  const seen: Notice[] = [];
  const { config } = options.verification ?? {};
  const receiver = createReceiver({
    secrets: secret,
    inbox: memoryInbox(),
    background: false,
    onNotice: (notice) => void seen.push(notice),
    on: { "*": () => undefined },
    ...options,
    verification: {
      config,
      get nowSeconds() {
        return clock.nowSeconds;
      },
    },
  });
  return { receiver, seen };
}

function kinds(seen: readonly Notice[]): readonly string[] {
  return seen.map(({ kind }) => kind);
}

/** Over a socket, without a length: what the limit is for. */
async function postInChunks(receiver: Receiver, { headers, body }: SignedRequest): Promise<number> {
  const door = toNode(receiver);
  const server = createServer((incoming, response) => void door(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    return await new Promise((resolve, reject) => {
      const request = httpRequest(
        { port, host: "127.0.0.1", method: "POST", headers },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on("error", reject);
      for (let at = 0; at < body.length; at += 65_536)
        request.write(body.subarray(at, at + 65_536));
      request.end();
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Those that `signed` can sign for with a shared secret, and whose signature stands in a header. */
function isHmacScheme(scheme: Scheme): boolean {
  const { kind } = scheme.check;
  const ofTheirOwn = [
    "adyen",
    "twilio",
    "mandrill",
    "plivo",
    "braintree",
    "mailgun",
    "cloudevents",
  ];
  return (
    ["hmac", "digest", "standard-webhooks"].includes(kind) && !ofTheirOwn.includes(scheme.name)
  );
}

function signatureHeader({ headers }: SignedRequest): string {
  const names = Object.keys(headers);
  const found = names.find(
    (name) =>
      /signature|hmac|mac|sig|webhook$/.test(name) && !/timestamp|signed-headers/.test(name),
  );
  if (found === undefined) throw new Error(`no signature among ${names.join(", ")}`);
  return found;
}

/** Base64 of 32 bytes leaves two bits of its last digit unused. */
function anotherSpelling(text: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return `${text.slice(0, -2)}${digits[digits.indexOf(text.at(-2) ?? "") + 1]}=`;
}

function timedScheme(unit: "seconds" | "milliseconds") {
  return {
    check: {
      kind: "hmac",
      hash: "SHA-256",
      content: "{timestamp}.{body}",
      signature: { header: "x-sig", encoding: "hex" },
      timestamp: { header: "x-time", unit },
    },
    toleranceSeconds: Number.POSITIVE_INFINITY,
  } as const;
}

type KeyObject = ReturnType<typeof generateKeyPairSync>["publicKey"];

function pkcs8(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

function spki(key: KeyObject): string {
  return key.export({ format: "pem", type: "spki" }).toString();
}

function ecKeys(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey: pkcs8(privateKey), publicKey: spki(publicKey) };
}
