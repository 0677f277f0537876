import { constantTimeEqual, decodeBase64, decodeBase64Url, decodeHex } from "../bytes.ts";
import { isParsedSecret } from "../secret-input.ts";
import type { Jwk, SecretInput } from "../secret-input.ts";
import { readDer, writeDer, writeDerInteger } from "./der.ts";
import type { DerElement } from "./der.ts";

export type Curve = "P-256" | "P-384" | "P-521";

/** A public key, the way that the crypto provider takes it. */
export type PublicKey =
  | { readonly kind: "ed25519"; readonly raw: Uint8Array; readonly keyId: string | undefined }
  | { readonly kind: "rsa"; readonly spki: Uint8Array; readonly keyId: string | undefined }
  | {
      readonly kind: "ec";
      readonly curve: Curve;
      readonly spki: Uint8Array;
      readonly keyId: string | undefined;
    };

// Object identifiers in DER (RFC 3279, 5480, 8410).
const rsaOid = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);
const ecOid = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
const ed25519Oid = Uint8Array.of(0x2b, 0x65, 0x70);
const curveOids: Readonly<Record<Curve, Uint8Array>> = {
  "P-256": Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
  "P-384": Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x22),
  "P-521": Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x23),
};

/** How many bytes a number of the curve has. */
export const curveBytes: Readonly<Record<Curve, number>> = {
  "P-256": 32,
  "P-384": 48,
  "P-521": 66,
};

/**
 * Reads the public keys of a PEM (public key or certificate), a base64 SubjectPublicKeyInfo, 32 Ed25519 bytes in hex
 * or base64, a JWK or a key set. None when it is nothing of that.
 */
export function readPublicKeys(input: SecretInput): readonly PublicKey[] {
  if (input === undefined || input === null) return [];
  if (typeof input === "string") return readText(input);
  if (input instanceof Uint8Array) return ofBytes(input);
  if (isParsedSecret(input)) {
    return input.kind === "ed25519-public"
      ? [{ kind: "ed25519", raw: input.publicKey, keyId: undefined }]
      : [];
  }
  return "keys" in input ? input.keys.flatMap(ofJwk) : ofJwk(input);
}

/**
 * Whether what was given can only be a public key. Bare 32 bytes may as well be a shared secret, and count as one:
 * whoever takes a public key for a shared secret takes signatures that anybody can make.
 */
export function isPublicKey(input: SecretInput): boolean {
  if (input === undefined || input === null) return false;
  if (typeof input === "string" && /^\s*(?:-----BEGIN |\{|whpk_)/.test(input)) return true;
  if (typeof input === "object" && !(input instanceof Uint8Array)) {
    return !isParsedSecret(input) || input.kind !== "hmac";
  }
  return readPublicKeys(input).some(({ kind }) => kind !== "ed25519");
}

function readText(text: string): readonly PublicKey[] {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      const parsed: Jwk = JSON.parse(trimmed);
      return readPublicKeys(parsed);
    } catch {
      // No JSON.
      return [];
    }
  }
  const pem = /-----BEGIN (CERTIFICATE|PUBLIC KEY)-----([A-Za-z0-9+/=\s]*)-----END \1-----/.exec(
    trimmed,
  );
  if (pem !== null) {
    const der = decodeBase64((pem[2] ?? "").replaceAll(/\s/g, ""));
    if (der === undefined) return [];
    return pem[1] === "CERTIFICATE" ? ofCertificate(der) : ofSpki(der, undefined);
  }
  const hex = /^[0-9a-fA-F]{64}$/.test(trimmed) ? decodeHex(trimmed.toLowerCase()) : undefined;
  const bytes = hex ?? decodeBase64(trimmed.replace(/^whpk_/, ""));
  return bytes === undefined ? [] : ofBytes(bytes);
}

function ofBytes(bytes: Uint8Array): readonly PublicKey[] {
  return bytes.length === 32
    ? [{ kind: "ed25519", raw: bytes, keyId: undefined }]
    : ofSpki(bytes, undefined);
}

function ofSpki(spki: Uint8Array, keyId: string | undefined): readonly PublicKey[] {
  const [sequence] = readDer(spki) ?? [];
  const [algorithm, key] = inside(sequence);
  const [oid, parameters] = inside(algorithm);
  if (sequence === undefined || oid === undefined || key?.tag !== 0x03) return [];
  const { whole } = sequence;
  if (constantTimeEqual(oid.content, rsaOid)) return [{ kind: "rsa", spki: whole, keyId }];
  if (constantTimeEqual(oid.content, ed25519Oid)) {
    const raw = key.content.subarray(1);
    return raw.length === 32 ? [{ kind: "ed25519", raw, keyId }] : [];
  }
  if (!constantTimeEqual(oid.content, ecOid) || parameters === undefined) return [];
  const curve = curves.find((name) => constantTimeEqual(curveOids[name], parameters.content));
  return curve === undefined ? [] : [{ kind: "ec", curve, spki: whole, keyId }];
}

const curves = ["P-256", "P-384", "P-521"] as const;

/** RFC 5280: the seventh field of what is certified is the key; its first, the version, may be absent. */
function ofCertificate(der: Uint8Array): readonly PublicKey[] {
  const [certificate] = readDer(der) ?? [];
  const [certified] = inside(certificate);
  const fields = inside(certified);
  const key = fields[fields[0]?.tag === 0xa0 ? 6 : 5];
  return key === undefined ? [] : ofSpki(key.whole, undefined);
}

function inside(element: DerElement | undefined): readonly DerElement[] {
  return element?.tag === 0x30 ? (readDer(element.content) ?? []) : [];
}

function ofJwk(jwk: Jwk): readonly PublicKey[] {
  if (typeof jwk !== "object" || jwk === null) return [];
  const { kty, crv, kid: keyId } = jwk;
  const [x, y, n, e] = [jwk.x, jwk.y, jwk.n, jwk.e].map((text) => decodeBase64Url(text ?? ""));
  if (kty === "OKP" && crv === "Ed25519" && x?.length === 32) {
    return [{ kind: "ed25519", raw: x, keyId }];
  }
  const curve = curves.find((name) => name === crv);
  if (kty === "EC" && curve !== undefined && x !== undefined && y !== undefined) {
    const size = curveBytes[curve];
    if (x.length !== size || y.length !== size) return [];
    const point = Uint8Array.from([0, 4, ...x, ...y]);
    const algorithm = writeDer(0x30, writeDer(0x06, ecOid), writeDer(0x06, curveOids[curve]));
    return [{ kind: "ec", curve, spki: writeDer(0x30, algorithm, writeDer(0x03, point)), keyId }];
  }
  if (kty !== "RSA" || n === undefined || e === undefined || n.length < 128) return [];
  const numbers = writeDer(0x30, writeDerInteger(n), writeDerInteger(e));
  const algorithm = writeDer(0x30, writeDer(0x06, rsaOid), writeDer(0x05));
  const bits = writeDer(0x03, Uint8Array.of(0), numbers);
  return [{ kind: "rsa", spki: writeDer(0x30, algorithm, bits), keyId }];
}
