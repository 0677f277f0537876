import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sign } from "../src/sign.ts";
import type { RejectionReason, Verdict } from "../src/verdict.ts";
import { verify } from "../src/verify.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { publishedPrivateKey } from "./samples.ts";

interface VectorCase {
  readonly id: string;
  readonly note: string;
  readonly secretBase64?: string;
  readonly additionalSecretsBase64?: readonly string[];
  readonly publicKey?: string;
  readonly toleranceSeconds: number;
  readonly now: number;
  readonly advisory?: boolean;
  readonly request: {
    readonly headers: readonly (readonly [string, string])[];
    readonly bodyBase64: string;
  };
  readonly expect: {
    readonly valid: boolean;
    readonly reason?: string;
    readonly reasonAny?: readonly string[];
    readonly eventId?: string;
  };
}

/** The reasons of this package in the vectors' four words, and two that no vector has. */
const vectorReason: Readonly<Record<RejectionReason, string>> = {
  "missing-header": "missing-header",
  "malformed-id": "malformed",
  "malformed-timestamp": "malformed",
  "malformed-signature-header": "malformed",
  "no-known-version": "signature",
  "signature-mismatch": "signature",
  "timestamp-too-old": "timestamp",
  "timestamp-too-new": "timestamp",
  "bad-secret": "bad-secret",
  "body-already-parsed": "body-already-parsed",
};

/** The one advisory case decided otherwise: 8 bytes are no secret here, whatever other libraries take. */
const refusedSecrets: ReadonlySet<string> = new Set(["standard-webhooks/p057"]);

function readCases(file: string): readonly VectorCase[] {
  const text = readFileSync(new URL(`vectors/${file}.json`, import.meta.url), "utf8");
  const parsed: { readonly cases: readonly VectorCase[] } = JSON.parse(text);
  return parsed.cases;
}

function secretsOf(vector: VectorCase): readonly string[] {
  const encoded = [vector.secretBase64 ?? [], vector.additionalSecretsBase64 ?? []].flat();
  const shared = encoded.map((base64) => Buffer.from(base64, "base64").toString("utf8"));
  return vector.publicKey === undefined ? shared : [...shared, vector.publicKey];
}

function bodyOf(vector: VectorCase): Uint8Array {
  return Uint8Array.from(Buffer.from(vector.request.bodyBase64, "base64"));
}

const files = [
  ["standard-webhooks", 59],
  ["standard-webhooks-ed25519", 12],
  ["svix", 35],
] as const;

/** What a verdict says in the vectors' words: the id of what was verified, or the reason. */
function reading(verdict: Verdict): string {
  if (verdict.kind === "verified") return `verified ${verdict.id}`;
  return `rejected for ${vectorReason[verdict.reason]}`;
}

function fairReadings(vector: VectorCase): readonly string[] {
  const { expect: expected } = vector;
  if (refusedSecrets.has(vector.id)) return ["rejected for bad-secret"];
  if (expected.valid) return [`verified ${expected.eventId ?? idOf(vector)}`];
  return (expected.reasonAny ?? [expected.reason]).map((reason) => `rejected for ${reason}`);
}

function idOf(vector: VectorCase): string | undefined {
  return vector.request.headers.find(([name]) => /^(svix|webhook)-id$/i.test(name))?.[1];
}

describe.each(files)("the %s vectors", (file, count) => {
  const cases = readCases(file);

  test("are all there", () => {
    expect(cases).toHaveLength(count);
  });

  const providers = [
    ["WebCrypto", {}],
    ["node:crypto", { crypto: nodeCrypto }],
  ] as const;
  const runs = providers.flatMap(([name, provider]) =>
    cases.map((vector) => ({ name, provider, vector, id: vector.id, note: vector.note })),
  );

  test.each(runs)("$id with $name: $note", async ({ vector, provider }) => {
    const { headers } = vector.request;
    const secrets = secretsOf(vector);
    const options = {
      ...provider,
      toleranceSeconds: vector.toleranceSeconds,
      nowSeconds: vector.now,
    };
    const body = bodyOf(vector);
    const verdict = await verify(headers, body, secrets, options);
    const joined = await verify(
      new Headers(headers.map(([n, v]) => [n, v])),
      body,
      secrets,
      options,
    );
    expect(joined.kind).toBe(verdict.kind);

    expect(fairReadings(vector)).toContain(reading(verdict));
  });
});

test.each([
  ["standard-webhooks", "standard-webhooks/p001"],
  ["standard-webhooks", "standard-webhooks/p002"],
  ["standard-webhooks", "standard-webhooks/p025"],
  ["standard-webhooks-ed25519", "standard-webhooks-ed25519/p001"],
  ["standard-webhooks-ed25519", "standard-webhooks-ed25519/p003"],
])("signing repeats the published signature of %s %s", async (file, id) => {
  const vector = readCases(file).find((candidate) => candidate.id === id);
  if (vector === undefined) throw new Error(`expected a case ${id}`);
  const header = (name: string): string =>
    new Headers(vector.request.headers.map(([n, v]) => [n, v])).get(name) ?? "";
  const secrets = vector.publicKey === undefined ? secretsOf(vector) : [publishedPrivateKey];
  const signed = await sign(
    {
      id: header("webhook-id"),
      timestampSeconds: Number(header("webhook-timestamp")),
      body: bodyOf(vector),
    },
    secrets,
  );
  expect(signed["webhook-signature"]).toBe(header("webhook-signature"));
});
