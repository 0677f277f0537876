import type { Scheme } from "@posthorn/receiver";
import { expect, test } from "vitest";
import { nodeCrypto } from "../../src/adapters/crypto/node-crypto.ts";
import { createVault } from "../../src/adapters/crypto/vault.ts";
import { toId } from "../../src/domain/ids.ts";
import type { Source } from "../../src/domain/source.ts";
import { createResign } from "../../src/dispatch/resign.ts";

const vault = createVault(new Uint8Array(32));
const id = toId("source", 1);
const source: Source = {
  id,
  application: toId("application", 1),
  partition: 0,
  config: {
    name: "s",
    scheme: "token",
    schemeConfig: {},
    paused: false,
    throttleRate: null,
    maxBodyBytes: null,
    toleranceSeconds: null,
    dedupe: { kind: "none" },
    forwarding: "as-received",
    metadata: {},
  },
  secrets: [{ sealed: vault.seal("the token"), createdAt: 0, expiresAt: null }],
  tokens: [],
  createdAt: 0,
  updatedAt: 0,
};
const request = { url: "https://a.example/", headers: { "x-a": "1" }, body: new Uint8Array(2) };

function schemeOf(coversBody: boolean, sign: Scheme["check"]["sign"]): Scheme {
  const verify = () => ({ kind: "checked", secretIndex: 0, timestampMs: undefined }) as const;
  return {
    name: "token",
    title: "Token",
    docs: "https://a.example/docs",
    check: { kind: "token", coversBody, verify, sign },
    event: {},
    defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  };
}

function resignWith(scheme: Scheme, of: Source) {
  const schemes = { byName: new Map([[scheme.name, scheme]]), crypto: nodeCrypto };
  const sources = { findSource: async () => of };
  return createResign({ sources, vault, schemes, now: () => 5 });
}

const tokenHeader: Scheme["check"]["sign"] = ({ secrets: [secret] }) => ({
  headers: { "x-token": typeof secret === "string" ? secret : "" },
});

test("a token that is merely repeated is put in again, also where nothing is signed anew", async () => {
  const resign = resignWith(schemeOf(false, tokenHeader), source);
  for (let n = 0; n < 2; n += 1) {
    expect(await resign(id, request, 7)).toMatchObject({
      headers: { "x-a": "1", "x-token": "the token" },
    });
  }
});

test("what is signed goes on as it came, unless the source says otherwise", async () => {
  const scheme = schemeOf(true, tokenHeader);
  expect(await resignWith(scheme, source)(id, request, 7)).toBe(request);
  const config = { ...source.config, forwarding: "resign" as const };
  const anew = await resignWith(scheme, { ...source, config })(id, request, 7);
  expect(anew.headers).toHaveProperty("x-token");
});

test("a key that only verifies leaves the provider's own signature", async () => {
  const scheme = schemeOf(true, () => {
    throw new TypeError("a public key cannot sign");
  });
  const config = { ...source.config, forwarding: "resign" as const };
  expect(await resignWith(scheme, { ...source, config })(id, request, 7)).toBe(request);
});
