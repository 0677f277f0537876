import { createPrivateKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { parseSecret, signedPrefix } from "@posthorn/receiver";
import { createLru } from "../../domain/lru.ts";
import type { Signer } from "../../ports/signer.ts";
import { createHmacSha256, type HmacSha256 } from "./hmac-sha256.ts";

type SigningKey =
  | { readonly kind: "hmac"; readonly hmac: HmacSha256 }
  | { readonly kind: "ed25519"; readonly key: KeyObject };

// RFC 8410: the PKCS #8 frame of an Ed25519 seed.
const ed25519Frame = Buffer.from("302e020100300506032b657004220420", "hex");

/** Signs with node:crypto, and keeps the keys of the `maxKeys` secrets last used. */
export function createSigner(maxKeys = 10_000): Signer {
  const keys = createLru<string, SigningKey>(maxKeys);

  function keyOf(secret: string): SigningKey {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    const key = readKey(secret);
    keys.set(secret, key);
    return key;
  }

  return {
    sign(secrets, input) {
      if (secrets.length === 0) throw new Error("no secret to sign with");
      const prefix = signedPrefix(input.id, input.timestampSeconds);
      return secrets.map((secret) => signOne(keyOf(secret), prefix, input.body)).join(" ");
    },
  };
}

function signOne(signing: SigningKey, prefix: string, body: Uint8Array): string {
  switch (signing.kind) {
    case "hmac":
      return `v1,${signing.hmac(prefix, body)}`;
    case "ed25519": {
      const data = Buffer.concat([Buffer.from(prefix), body]);
      return `v1a,${sign(null, data, signing.key).toString("base64")}`;
    }
  }
}

function readKey(text: string): SigningKey {
  const parsed = parseSecret(text);
  if (parsed.kind === "malformed")
    throw new Error(`a signing secret is unusable: ${parsed.detail}`);
  const { secret } = parsed;
  switch (secret.kind) {
    case "hmac":
      return { kind: "hmac", hmac: createHmacSha256(secret.key) };
    case "ed25519-private": {
      const der = Buffer.concat([ed25519Frame, secret.seed]);
      return { kind: "ed25519", key: createPrivateKey({ key: der, format: "der", type: "pkcs8" }) };
    }
    case "ed25519-public":
      throw new Error("a signing secret is unusable: a whpk_ key only verifies");
  }
}
