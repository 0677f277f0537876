import { constantTimeEqual, decodeBase64Url, encodeBase64Url, utf8, utf8Text } from "../bytes.ts";
import type { HashName } from "../crypto-provider.ts";
import { parseJson } from "../event-places.ts";
import { isRecord } from "../json-body.ts";
import { readPrivateKey, readSeed } from "../keys/private-key.ts";
import { curveBytes, isPublicKey, readPublicKeys } from "../keys/public-key.ts";
import type { Curve, PublicKey } from "../keys/public-key.ts";
import type { Check, CheckInput, Checked, SignInput, SignOutput } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { headerOnce } from "./header-once.ts";
import { keyBytes } from "./key-form.ts";
import { mismatch } from "./mismatch.ts";

export type JwtClaims = Readonly<Record<string, unknown>>;

/** A signed token (RFC 7519) that stands for the request. */
export interface JwtPlan {
  readonly header: string;
  /** `bearer`: the header is `Bearer …`. */
  readonly bearer?: true;
  /** The only ones that are taken: whoever calls may not choose. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** Clocks may differ by this much. @default 0 */
  readonly leewaySeconds?: number;
  /** The token's `iat` is the delivery's time. */
  readonly issuedAt?: true;
  /** Compares the claims with the request. */
  readonly matches: (claims: JwtClaims, input: CheckInput) => Promise<Rejected | undefined>;
  /** The claims that `matches` takes, beside the times. */
  readonly claims: (input: SignInput) => Promise<JwtClaims>;
  /** The claim of the signed id. */
  readonly id?: string;
}

const hashes = { "256": "SHA-256", "384": "SHA-384", "512": "SHA-512" } as const;
const curves: Readonly<Record<keyof typeof hashes, Curve>> = {
  "256": "P-256",
  "384": "P-384",
  "512": "P-521",
};
type Family = "HS" | "RS" | "ES";
export type JwtAlgorithm = `${Family}${keyof typeof hashes}` | "EdDSA";

// A token holds a few hundred characters.
const maxTokenChars = 16_384;

export function jwt(plan: JwtPlan): Check & { readonly plan: JwtPlan } {
  return {
    kind: "jwt",
    plan,
    coversBody: true,
    verify: (input) => verifyJwt(plan, input),
    sign: (input) => signJwt(plan, input),
  };
}

interface Token {
  readonly kind: "token";
  readonly algorithm: JwtAlgorithm;
  readonly keyId: string | undefined;
  readonly claims: JwtClaims;
  readonly signedText: Uint8Array;
  readonly signature: Uint8Array;
}

async function verifyJwt(plan: JwtPlan, input: CheckInput): Promise<Checked | Rejected> {
  const token = readToken(plan, input);
  if (token.kind === "rejected") return token;
  const secretIndex = await matchingKey(token, input);
  if (typeof secretIndex === "object") return secretIndex;
  const untimely = judgeTimes(token.claims, plan.leewaySeconds ?? 0, input.nowMs / 1000);
  const wrong = (await plan.matches(token.claims, input)) ?? untimely;
  if (wrong !== undefined) return wrong;
  const issuedAt = token.claims["iat"];
  if (plan.issuedAt === true && typeof issuedAt !== "number") return noTime;
  const timestampMs = typeof issuedAt === "number" ? issuedAt * 1000 : undefined;
  const eventId = plan.id === undefined ? undefined : token.claims[plan.id];
  const checked = { kind: "checked", secretIndex, timestampMs } as const;
  return typeof eventId === "string" ? { ...checked, eventId } : checked;
}

function readToken(plan: JwtPlan, { request }: CheckInput): Token | Rejected {
  const value = headerOnce(plan.header, request.headers);
  if (typeof value !== "string") return value;
  const text = plan.bearer === true ? /^bearer (\S+)$/i.exec(value)?.[1] : value;
  if (text === undefined) return notToken(`${plan.header} is not Bearer with a token`);
  if (text.length > maxTokenChars) return notToken(`${plan.header} is longer than any token`);
  const [head = "", payload = "", signatureText = "", ...rest] = text.split(".");
  const header = readPart(head);
  const claims = readPart(payload);
  const signature = decodeBase64Url(signatureText);
  if (rest.length > 0 || header === undefined || claims === undefined || signature === undefined) {
    return notToken(`${plan.header} is no signed token of three parts`);
  }
  const algorithm = plan.algorithms.find((name) => name === header["alg"]);
  // `crit` names what a reader must understand, and this one understands nothing more.
  if (algorithm === undefined || header["crit"] !== undefined) {
    return rejected("signature", `The token's algorithm is not ${plan.algorithms.join(" or ")}.`);
  }
  const { kid } = header;
  const keyId = typeof kid === "string" ? kid : undefined;
  const signedText = utf8(`${head}.${payload}`);
  return { kind: "token", algorithm, keyId, claims, signedText, signature };
}

function readPart(text: string): JwtClaims | undefined {
  const bytes = decodeBase64Url(text);
  const value = bytes === undefined ? undefined : parseJson(utf8Text(bytes) ?? "");
  return isRecord(value) ? value : undefined;
}

function notToken(what: string): Rejected {
  return rejected("malformed", `The header ${what}.`);
}

async function matchingKey(token: Token, input: CheckInput): Promise<number | Rejected> {
  const secrets = [...input.secrets];
  if (token.keyId !== undefined && input.resolveKey !== undefined) {
    try {
      const found = await input.resolveKey({ kind: "key-id", keyId: token.keyId });
      if (found !== undefined) secrets.push(found);
    } catch {
      // The caller's own: it logs what went wrong.
      return rejected("key-unavailable", "The sender's key could not be fetched now.");
    }
  }
  for (const [secretIndex, secret] of secrets.entries()) {
    const matched = await verifyToken(token, secret, input);
    if (typeof matched === "object") return matched;
    if (matched) return secretIndex;
  }
  return mismatch;
}

async function verifyToken(
  { algorithm, keyId, signedText: data, signature }: Token,
  secret: SecretInput,
  { crypto }: CheckInput,
): Promise<boolean | Rejected> {
  // The token names the algorithm, and its sender is not known yet: the key decides which kind it is for.
  if (isHmac(algorithm) === isPublicKey(secret)) return false;
  if (isHmac(algorithm)) {
    const key = await keyBytes("text", secret, crypto);
    if ("kind" in key) return key;
    return constantTimeEqual(signature, await crypto.hmac(hashOf(algorithm), key, [data]));
  }
  const keys = readPublicKeys(secret).filter(
    (key) => keyId === undefined || (key.keyId ?? keyId) === keyId,
  );
  for (const key of keys)
    if (await verifyWith(algorithm, key, { signature, data }, crypto)) return true;
  return false;
}

async function verifyWith(
  algorithm: JwtAlgorithm,
  key: PublicKey,
  signed: { readonly signature: Uint8Array; readonly data: Uint8Array },
  crypto: CheckInput["crypto"],
): Promise<boolean> {
  try {
    if (algorithm === "EdDSA") {
      return (
        key.kind === "ed25519" &&
        (await crypto.verifyEd25519(key.raw, signed.signature, signed.data))
      );
    }
    const hash = hashOf(algorithm);
    if (key.kind === "rsa" && algorithm.startsWith("RS")) {
      return await crypto.verifyWith({ kind: "rsa", hash }, key.spki, signed);
    }
    const curve = curveOf(algorithm);
    const fits = key.kind === "ec" && algorithm.startsWith("ES") && key.curve === curve;
    if (!fits || signed.signature.length !== 2 * curveBytes[curve]) return false;
    return await crypto.verifyWith({ kind: "ecdsa", curve, hash }, key.spki, signed);
  } catch {
    // The provider refuses the key's bytes.
    return false;
  }
}

function isHmac(algorithm: JwtAlgorithm): boolean {
  return algorithm.startsWith("HS");
}

function bitsOf(algorithm: JwtAlgorithm): keyof typeof hashes {
  const bits = algorithm.slice(2);
  return bits === "384" || bits === "512" ? bits : "256";
}

function hashOf(algorithm: JwtAlgorithm): HashName {
  return hashes[bitsOf(algorithm)];
}

function curveOf(algorithm: JwtAlgorithm): Curve {
  return curves[bitsOf(algorithm)];
}

function judgeTimes(claims: JwtClaims, leeway: number, now: number): Rejected | undefined {
  const { exp, nbf } = claims;
  const isTime = (value: unknown): boolean => value === undefined || Number.isFinite(value);
  if (!isTime(exp) || !isTime(nbf))
    return rejected("malformed", "The token's times are no numbers.");
  if (typeof exp === "number" && now >= exp + leeway) {
    return rejected("timestamp", "The token is genuine, and its time is over.", {
      kind: "clock",
      offsetSeconds: now - exp,
    });
  }
  if (typeof nbf === "number" && now < nbf - leeway) {
    return rejected("timestamp", "The token is genuine, and its time has not begun.", {
      kind: "clock",
      offsetSeconds: now - nbf,
    });
  }
  return undefined;
}

async function signJwt(plan: JwtPlan, input: SignInput): Promise<SignOutput> {
  const [secret, ...more] = input.secrets;
  const [algorithm] = plan.algorithms;
  if (secret === undefined || algorithm === undefined || more.length > 0) {
    throw new TypeError("This scheme carries one token: give one secret to sign with.");
  }
  const iat = Math.floor(input.timestampMs / 1000);
  const claims = {
    iat,
    ...(plan.id === undefined ? {} : { [plan.id]: input.id }),
    ...(await plan.claims(input)),
  };
  const part = (value: unknown): string => encodeBase64Url(utf8(JSON.stringify(value)));
  const text = `${part({ alg: algorithm, typ: "JWT" })}.${part(claims)}`;
  const signature = await signText(algorithm, secret, utf8(text), input);
  const token = `${text}.${encodeBase64Url(signature)}`;
  return { headers: { [plan.header]: plan.bearer === true ? `Bearer ${token}` : token } };
}

async function signText(
  algorithm: JwtAlgorithm,
  secret: SecretInput,
  data: Uint8Array,
  { crypto }: SignInput,
): Promise<Uint8Array> {
  if (algorithm === "EdDSA") return crypto.signEd25519(readSeed(secret), data);
  const hash = hashOf(algorithm);
  if (isHmac(algorithm)) {
    const key = await keyBytes("text", secret, crypto);
    if ("kind" in key) throw new TypeError(key.detail);
    return crypto.hmac(hash, key, [data]);
  }
  const used = algorithm.startsWith("RS")
    ? ({ kind: "rsa", hash } as const)
    : ({ kind: "ecdsa", curve: curveOf(algorithm), hash } as const);
  return crypto.signWith(used, readPrivateKey(secret), data);
}

const noTime = rejected("malformed", "The token does not say when it was issued (iat).");
