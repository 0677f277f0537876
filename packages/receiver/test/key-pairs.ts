import { generateKeyPairSync } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import type { Scheme } from "../src/scheme.ts";
import { sharedSecret } from "./samples.ts";

export interface KeyPair {
  readonly signWith: string;
  readonly verifyWith: string;
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");

function same(secret: string): KeyPair {
  return { signWith: secret, verifyWith: secret };
}

function pair({ publicKey, privateKey }: KeyPairKeyObjectResult): KeyPair {
  return {
    signWith: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    verifyWith: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
}

/** The kinds of keys that are no plain text. */
const keys: Readonly<Record<string, KeyPair>> = {
  airtable: same(btoa("x".repeat(32))),
  adyen: same("ab".repeat(32)),
  postmark: same("user:password"),
  chargebee: same("user:password"),
  sendgrid: pair(ec),
  plaid: pair(ec),
  wise: pair(rsa),
  paypal: pair(rsa),
  "aws-sns": pair(rsa),
  discord: pair(ed25519),
  telnyx: pair(ed25519),
  "standard-webhooks-ed25519": same(`whsk_${btoa("k".repeat(32))}`),
};

/** Keys of the scheme's kind; `text` where any text is one. */
export function keysOf({ check, name }: Scheme, text: string): KeyPair {
  return keys[name] ?? same(check.kind === "standard-webhooks" ? sharedSecret(7) : text);
}
