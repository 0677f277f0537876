import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { github } from "../src/schemes/github.ts";
import { stripe } from "../src/schemes/stripe.ts";
import { standardWebhooks } from "../src/schemes/standard-webhooks.ts";
import { zendesk } from "../src/schemes/zendesk.ts";
import type { InboundRequest } from "../src/request.ts";
import type { Scheme } from "../src/scheme.ts";
import type { SecretInput } from "../src/secret-input.ts";
import { sign } from "../src/sign.ts";
import type { VerifyOptions } from "../src/verify.ts";
import { verify } from "../src/verify.ts";
import { sharedSecret, utf8 } from "./samples.ts";

const secret = "a-secret-that-nobody-knows";
const body = '{"n": 1,"name":"Zoë","livemode":false}';
const signed = await sign(github, { body }, secret);

interface Slip {
  readonly scheme?: Scheme;
  readonly request: InboundRequest;
  readonly secret?: SecretInput;
  readonly options?: VerifyOptions;
}

const base64Secret = btoa("0123456789abcdef");
const compact = await sign(github, { body: JSON.stringify(JSON.parse(body)) }, secret);
const slips: readonly (readonly [string, Slip])[] = [
  ["body-reserialized", { request: { ...compact, body } }],
  [
    "body-reserialized",
    {
      request: {
        ...(await sign(
          github,
          { body: JSON.stringify({ a: "ë" }).replace("ë", "\\u00eb") },
          secret,
        )),
        body: '{"a":"ë"}',
      },
    },
  ],
  ["body-edges", { request: { ...signed, body: `${body}\n` } }],
  ["body-edges", { request: { ...(await sign(github, { body: `${body}\r\n` }, secret)), body } }],
  ["body-edges", { request: { ...(await sign(github, { body: `\uFEFF${body}` }, secret)), body } }],
  ["body-compression", { request: { ...signed, body: gzipSync(body) } }],
  [
    "body-compression",
    {
      request: {
        ...signed,
        body: "{}",
        headers: { ...signed.headers, "content-encoding": "gzip" },
      },
    },
  ],
  ["secret-whitespace", { request: signed, secret: `${secret}\n` }],
  [
    "other-secret",
    { request: signed, secret: "wrong", options: { knownSecrets: { "staging key": secret } } },
  ],
  [
    "test-live-twin",
    {
      scheme: stripe,
      request: await sign(stripe, { body: '{"livemode":false}' }, "whsec_test"),
      secret: "whsec_live",
    },
  ],
  [
    "secret-prefix",
    { scheme: stripe, request: await sign(stripe, { body }, "whsec_abc"), secret: "abc" },
  ],
  [
    "secret-encoding",
    {
      scheme: zendesk,
      request: await sign(zendesk, { body }, utf8("0123456789abcdef")),
      secret: base64Secret,
    },
  ],
  [
    "secret-encoding",
    {
      scheme: standardWebhooks,
      request: await sign(standardWebhooks, { body }, utf8(sharedSecret(7))),
      secret: sharedSecret(7),
    },
  ],
  ["truncated-signature", { request: withSignature((text) => text.slice(0, -4)) }],
  ["signature-prefix", { request: withSignature((text) => text.slice("sha256=".length)) }],
  [
    "signature-encoding",
    {
      request: withSignature(
        (text) => `sha256=${Buffer.from(text.slice(7), "hex").toString("base64")}`,
      ),
    },
  ],
  ["duplicate-header", { request: withSignature((text) => `${text}, ${text}`) }],
];

function withSignature(change: (text: string) => string): InboundRequest {
  const text = signed.headers["x-hub-signature-256"] ?? "";
  return { ...signed, headers: { ...signed.headers, "x-hub-signature-256": change(text) } };
}

test.each(slips)("%s is told (%#), and nothing is given away", async (kind, slip) => {
  const { scheme = github, request, secret: given = secret, options = {} } = slip;
  const verdict = await verify(scheme, request, given, options);
  expect(verdict).toMatchObject({ kind: "rejected", diagnosis: { kind } });
  const text = JSON.stringify(verdict);
  for (const hidden of [
    secret,
    "Zoë",
    (signed.headers["x-hub-signature-256"] ?? "").slice(7, 30),
  ]) {
    expect(text).not.toContain(hidden);
  }
});

test("a plain forgery has no diagnosis, and none is sought when it is switched off", async () => {
  const forged = { ...signed, body: '{"n":2}' };
  expect(await verify(github, forged, secret)).toMatchObject({
    reason: "signature",
    diagnosis: undefined,
  });
  const spaced = await verify(github, signed, `${secret}\n`, { diagnose: false });
  expect(spaced).toMatchObject({ reason: "signature", diagnosis: undefined });
});
