import { describe, expect, test } from "vitest";
import { standardWebhooks } from "../src/schemes/standard-webhooks.ts";
import { sign } from "../src/sign.ts";
import { verify } from "../src/verify.ts";
import { webCrypto } from "../src/web-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { publishedPrivateKey } from "./samples.ts";
import { askedOf, bodyOf, fairReadings, reading, secretsOf } from "./vector-cases.ts";
import type { VectorCase } from "./vector-cases.ts";
import { readVectorFiles, schemeNamed } from "./vector-files.ts";

const providers = [
  ["the platform's default", {}],
  ["WebCrypto", { crypto: webCrypto }],
  ["node:crypto", { crypto: nodeCrypto }],
] as const;

const files = readVectorFiles().flatMap(({ provider, cases }) => {
  const scheme = schemeNamed(provider);
  return scheme === undefined ? [] : [{ provider, scheme, cases }];
});

test("every vector file has a scheme", () => {
  const all = readVectorFiles();
  expect(all).toHaveLength(84);
  expect(all.flatMap(({ cases }) => cases)).toHaveLength(1399);
  expect(all.filter(({ provider }) => schemeNamed(provider) === undefined)).toEqual([]);
});

describe.each(files)("the vectors of $provider", ({ scheme, cases }) => {
  const runs = providers.flatMap(([name, options]) =>
    cases.map((vector) => ({ name, options, vector, id: vector.id, note: vector.note })),
  );

  test.each(runs)("$id with $name: $note", async ({ vector, options }) => {
    const { request, secrets, options: asked } = askedOf(vector);
    const all = { ...options, ...asked };
    const verdict = await verify(scheme, request, secrets, all);
    const fair = fairReadings(vector);
    if (vector.advisory === true && !fair.includes(reading(verdict, vector))) {
      console.log(
        `advisory ${vector.id} (${vector.note}): ${reading(verdict, vector)}, not ${fair.join(" or ")}`,
      );
    } else {
      expect(fair).toContain(reading(verdict, vector));
    }
    const pairs = request.headers.map(([name, value]): [string, string] => [name, value]);
    const joined = { ...request, headers: new Headers(pairs) };
    expect((await verify(scheme, joined, secrets, all)).kind).toBe(verdict.kind);
  });
});

function caseOf(id: string): VectorCase {
  const cases = readVectorFiles().flatMap(({ cases }) => cases);
  const found = cases.find((vector) => vector.id === id);
  if (found === undefined) throw new Error(`expected a case ${id}`);
  return found;
}

test.each([
  "standard-webhooks/p001",
  "standard-webhooks/p002",
  "standard-webhooks/p025",
  "standard-webhooks-ed25519/p001",
  "standard-webhooks-ed25519/p003",
])("signing repeats the published signature of %s", async (id) => {
  const vector = caseOf(id);
  const header = (name: string): string =>
    new Headers(vector.request.headers.map(([n, v]) => [n, v])).get(name) ?? "";
  const secrets = vector.publicKey === undefined ? secretsOf(vector) : [publishedPrivateKey];
  const message = {
    id: header("webhook-id"),
    timestampSeconds: Number(header("webhook-timestamp")),
    body: bodyOf(vector.request),
  };
  const signed = await sign(standardWebhooks, message, secrets);
  expect(signed.headers["webhook-signature"]).toBe(header("webhook-signature"));
});
