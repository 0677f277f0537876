import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sign } from "../../src/sign.ts";
import type { SignedRequest } from "../../src/sign.ts";
import { verify } from "../../src/verify.ts";
import { npmFolder } from "../kit/npm-folder.ts";
import { sharedSecret } from "../samples.ts";
import { schemeNamed } from "../vector-files.ts";

/** The providers' own libraries, of package.json in this folder: what we sign they take, what they sign we take. */
interface Case {
  readonly scheme: string;
  readonly secret: string;
  readonly signWith: string;
  readonly config: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url: string;
  /** When it is signed: the library is asked later, after all have been loaded. */
  readonly aheadSeconds?: number;
  /** Their library takes other bodies, too: it checks less than the scheme. */
  readonly checksToken?: true;
}

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");
const pkcs8 = { format: "pem", type: "pkcs8" } as const;
const plain = { secret: "s3cret-Žofie-of-forty-characters-and-more", config: {} };
const common = {
  ...plain,
  body: '{"id":"evt_1","type":"invoice.paid","name":"Žofie 🦊"}',
  url: "https://hooks.example.com/in?a=1",
};

const own: Readonly<Record<string, Partial<Case>>> = {
  adyen: {
    secret: "ab".repeat(32),
    body: JSON.stringify({
      notificationItems: [
        {
          NotificationRequestItem: {
            pspReference: "p",
            originalReference: "",
            merchantAccountCode: "m",
            merchantReference: "r",
            amount: { value: 1130, currency: "EUR" },
            eventCode: "AUTHORISATION",
            success: "true",
          },
        },
      ],
    }),
  },
  braintree: {
    secret: "private",
    config: { publicKeyId: "public" },
    body: "<notification><kind>check</kind><subject><check>true</check></subject></notification>",
  },
  "coinbase-commerce": { body: '{"event":{"id":"e"}}' },
  discord: {
    signWith: ed25519.privateKey.export(pkcs8).toString(),
    secret: ed25519.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
  },
  linear: { body: `{"webhookTimestamp":${Date.now()}}` },
  livekit: { config: { apiKey: "APIkey" }, body: '{"event":"room_started","id":"EV_1"}' },
  // Its library encodes a token's letters beyond ASCII twice.
  plivo: { secret: "ascii", body: "From=1&Text=%C5%BDofie+b&To=2" },
  // It gives 5 s, and takes any time to come.
  paddle: { aheadSeconds: 60 },
  pusher: { config: { appKey: "key" }, secret: "ascii", body: '{"time_ms":1,"events":[]}' },
  sendgrid: {
    body: '[{"email":"a@example.com","sg_event_id":"1","event":"open"}]\r\n',
    signWith: ec.privateKey.export(pkcs8).toString(),
    secret: ec.publicKey.export({ format: "pem", type: "spki" }).toString(),
  },
  twilio: { body: "Body=%C5%BDofie+b&From=%2B1&MessageSid=SM1" },
  vonage: { checksToken: true },
  ...Object.fromEntries(
    ["lithic", "openai", "replicate", "resend"].map((name) => [name, { secret: sharedSecret(7) }]),
  ),
};

const names = [
  "adyen",
  "braintree",
  "cloudinary",
  "coinbase-commerce",
  "discord",
  "gocardless",
  "hook0",
  "hubspot",
  "line",
  "linear",
  "lithic",
  "livekit",
  "messagebird",
  "modern-treasury",
  "mux",
  "notion",
  "openai",
  "paddle",
  "plivo",
  "pusher",
  "razorpay",
  "replicate",
  "resend",
  "sanity",
  "sendgrid",
  "shopify",
  "slack",
  "square",
  "twilio",
  "vonage",
  "workos",
];
const signing = [
  "adyen",
  "braintree",
  "cloudinary",
  "coinbase-commerce",
  "hubspot",
  "livekit",
  "notion",
  "sanity",
  "twilio",
  "workos",
];

const cases = names.map((scheme): Case => {
  const its = { ...common, ...own[scheme] };
  return { scheme, signWith: its.secret, ...its };
});

interface Answer {
  readonly accepted?: boolean;
  readonly said?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const folder = mkdtempSync(join(tmpdir(), "posthorn-interop-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const answers = new Map<string, Answer>();
let canVerify: readonly string[] = [];
let canSign: readonly string[] = [];

function schemeOf(name: string) {
  const scheme = schemeNamed(name);
  if (scheme === undefined) throw new Error(`no scheme ${name}`);
  return scheme;
}

/** Another body that the library can still read: the signature is what must stop it. */
function tampered({ body, ...request }: SignedRequest): SignedRequest {
  const text = new TextDecoder().decode(body);
  const changed = text.replace(
    /evt_1|AUTHORISATION|check>|"e"|webhookTimestamp|EV_1|%C5|time_ms|sg_event/,
    (found) => (found.startsWith("%") ? "%C4" : `${found}x`),
  );
  // A form's signature is in it: another letter of its payload.
  const bytes = changed === text ? text.replace(/bt_payload=(.)/, "bt_payload=A$1") : changed;
  return { ...request, body: new TextEncoder().encode(bytes) };
}

beforeAll(async () => {
  const questions: { readonly key: string; readonly question: unknown }[] = [];
  for (const { scheme, secret, signWith, config, body, url, aheadSeconds = 0 } of cases) {
    const timestampSeconds = Math.floor(Date.now() / 1000) + aheadSeconds;
    const message = { id: "msg_1", body, url, timestampSeconds };
    const request = await sign(schemeOf(scheme), message, signWith, { config });
    const put = (
      ask: string,
      key: string,
      given: Omit<SignedRequest, "url"> & { url: string | undefined },
    ): void => {
      const bodyBase64 = Buffer.from(given.body).toString("base64");
      const { method, headers } = given;
      const told = { method, headers, url: given.url ?? url, bodyBase64 };
      questions.push({ key, question: { ask, scheme, secret, config, request: told } });
    };
    put("verify", `${scheme} genuine`, request);
    put("verify", `${scheme} tampered`, tampered(request));
    const asIs = { method: "POST", headers: {}, url, body: new TextEncoder().encode(body) };
    if (signing.includes(scheme)) put("sign", `${scheme} signed`, asIs);
  }
  const libraries = npmFolder("official-libraries", new URL("./", import.meta.url));
  const [asked, said] = [join(folder, "questions.json"), join(folder, "answers.json")];
  writeFileSync(asked, JSON.stringify(questions.map(({ question }) => question)));
  const program = fileURLToPath(new URL("oracles.mjs", import.meta.url));
  execFileSync(process.execPath, [program, libraries, asked, said], { stdio: "pipe" });
  const result: { canVerify: string[]; canSign: string[]; answers: Answer[] } = JSON.parse(
    readFileSync(said, "utf8"),
  );
  ({ canVerify, canSign } = result);
  for (const [index, { key }] of questions.entries()) answers.set(key, result.answers[index] ?? {});
}, 600_000);

test("every library is asked all that it can", () => {
  expect(canVerify.toSorted()).toEqual(names.toSorted());
  expect(canSign.toSorted()).toEqual(signing.toSorted());
});

test.each(cases)("what we sign as $scheme, its library takes", ({ scheme }) => {
  expect(answers.get(`${scheme} genuine`)).toEqual({ accepted: true });
});

test.each(cases)(
  "what was changed on the way, $scheme's library refuses",
  ({ scheme, checksToken }) => {
    expect(answers.get(`${scheme} tampered`)?.accepted).toBe(checksToken === true);
  },
);

test.each(cases.filter(({ scheme }) => signing.includes(scheme)))(
  "what $scheme's library signs, we take",
  async ({ scheme, secret, config, body, url }) => {
    const made = answers.get(`${scheme} signed`);
    const request = { url, headers: made?.headers ?? {}, body: made?.body ?? body };
    const verdict = await verify(schemeOf(scheme), request, secret, { config });
    expect(verdict).toMatchObject({ kind: "verified" });
    const other = await verify(schemeOf(scheme), request, `${secret.slice(0, -2)}cd`, { config });
    expect(other).toMatchObject({ kind: "rejected", reason: "signature" });
  },
);
