import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { generateSecret, generateSigningKey } from "../generate.ts";
import type { Scheme } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";

/** What the provider signs with, and what a receiver checks it with. */
export interface Keys {
  readonly signWith: string;
  readonly verifyWith: SecretInput;
}

/** A shared secret is both; of a private key the public one is made. Throws for a PEM that is no private key. */
export function keysOf(secret: string): Keys {
  if (!isPem(secret)) return { signWith: secret, verifyWith: secret };
  // Whatever the file's form (PKCS #1, SEC 1), the schemes sign with PKCS #8.
  const key = createPrivateKey(secret);
  return pemKeys(key);
}

function pemKeys(key: KeyObject): Keys {
  return {
    signWith: key.export({ format: "pem", type: "pkcs8" }).toString(),
    verifyWith: createPublicKey(key).export({ format: "pem", type: "spki" }).toString(),
  };
}

function isPem(secret: string): boolean {
  return secret.trimStart().startsWith("-----BEGIN ");
}

/** A key of the same form that is another one. */
export async function otherKeys(keys: Keys): Promise<Keys> {
  const { signWith } = keys;
  if (isPem(signWith)) return pemKeys(newKey(createPrivateKey(signWith).asymmetricKeyType));
  if (signWith.startsWith("whsk_")) return keysOf((await generateSigningKey()).privateKey);
  return keysOf(otherText(signWith));
}

function newKey(type: string | undefined): KeyObject {
  switch (type) {
    case "rsa":
      return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    case "ec":
      return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    default:
      return generateKeyPairSync("ed25519").privateKey;
  }
}

/** Turns letters and digits into their neighbours, so that hexadecimal stays hexadecimal and base64 base64. */
function otherText(secret: string): string {
  const prefix = /^[a-z]+_/i.exec(secret)?.[0] ?? "";
  const rest = secret.slice(prefix.length);
  const turned = Array.from(rest).map((char, at) =>
    at < Math.max(1, rest.length / 2) ? turn(char) : char,
  );
  return prefix + turned.join("");
}

function turn(char: string): string {
  for (const ring of [
    "0123456789",
    "abcdef",
    "ABCDEF",
    "ghijklmnopqrstuvwxyz",
    "GHIJKLMNOPQRSTUVWXYZ",
  ]) {
    const at = ring.indexOf(char);
    if (at >= 0) return ring[(at + 1) % ring.length] ?? char;
  }
  return char;
}

/**
 * A key that nobody trusts, for schemes that sign with a private key: enough to see whether forgeries are refused.
 * Undefined for a scheme with a shared secret. `works` says whether a receiver with that key would take it.
 */
export async function strangerKeys(
  scheme: Scheme,
  works: (keys: Keys) => Promise<boolean>,
): Promise<Keys | undefined> {
  const candidates = ["ed25519", "ec", "rsa"].map((type) => pemKeys(newKey(type)));
  if (scheme.check.kind === "standard-webhooks") {
    if (await works(keysOf(generateSecret()))) return undefined;
    const { privateKey, publicKey } = await generateSigningKey();
    candidates.unshift({ signWith: privateKey, verifyWith: publicKey });
  }
  for (const keys of candidates) if (await works(keys)) return keys;
  return undefined;
}
