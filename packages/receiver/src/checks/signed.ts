import { joinBytes } from "../bytes.ts";
import type { SignatureAlgorithm } from "../crypto-provider.ts";
import { ecdsaFromDer, ecdsaToDer } from "../keys/der.ts";
import { readPrivateKey, readSeed } from "../keys/private-key.ts";
import { curveBytes, readPublicKeys } from "../keys/public-key.ts";
import type { PublicKey } from "../keys/public-key.ts";
import type { Check, CheckInput, Checked, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { contentChunks, parseContent } from "./content.ts";
import type { Content } from "./content.ts";
import { readEnvelope, writeEnvelope } from "./envelope.ts";
import type { EnvelopePlan } from "./envelope.ts";
import { mismatch } from "./mismatch.ts";

/** A signature of the sender's private key over the request. */
export interface SignedPlan extends EnvelopePlan {
  readonly algorithm: SignedAlgorithm;
}

/** `ecdsa`: P-256 with SHA-256, the signature as DER. `rsa`: PKCS #1 v1.5. */
export type SignedAlgorithm =
  | { readonly kind: "ed25519" }
  | { readonly kind: "ecdsa" }
  | { readonly kind: "rsa"; readonly hash: "SHA-1" | "SHA-256" };

const p256: SignatureAlgorithm = { kind: "ecdsa", curve: "P-256", hash: "SHA-256" };

export function signed(plan: SignedPlan): Check & { readonly plan: SignedPlan } {
  const content = parseContent(plan.content ?? "{body}");
  return {
    kind: plan.algorithm.kind,
    plan,
    coversBody: content.needs.has("body"),
    verify: (input) => verifySigned(plan, content, input),
    sign: (input) => signSigned(plan, content, input),
  };
}

async function verifySigned(
  plan: SignedPlan,
  content: Content,
  input: CheckInput,
): Promise<Checked | Rejected> {
  const bytes = plan.algorithm.kind === "ed25519" ? 64 : undefined;
  const envelope = readEnvelope(plan, content, input, bytes);
  if (envelope.kind === "rejected") return envelope;
  const data = joinBytes(contentChunks(content, envelope.fields));
  for (const [secretIndex, secret] of input.secrets.entries()) {
    const keys = readPublicKeys(secret).filter((key) => fits(key, plan.algorithm));
    if (keys.length === 0) return noKey(plan.algorithm);
    const pairs = keys.flatMap((key) =>
      envelope.signatures.map((signature) => ({ key, signature })),
    );
    for (const { key, signature } of pairs) {
      if (await verifyWithKey(plan.algorithm, key, { signature, data }, input.crypto)) {
        return { kind: "checked", secretIndex, timestampMs: envelope.timestampMs };
      }
    }
  }
  return mismatch;
}

interface SignedData {
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
}

/** False also for a key that the crypto provider cannot use. */
async function verifyWithKey(
  algorithm: SignedAlgorithm,
  key: PublicKey,
  { signature, data }: SignedData,
  crypto: CheckInput["crypto"],
): Promise<boolean> {
  try {
    switch (algorithm.kind) {
      case "ed25519":
        return key.kind === "ed25519" && (await crypto.verifyEd25519(key.raw, signature, data));
      case "rsa":
        return (
          key.kind === "rsa" && (await crypto.verifyWith(algorithm, key.spki, { signature, data }))
        );
      case "ecdsa": {
        const joined = ecdsaFromDer(signature, curveBytes["P-256"]);
        if (key.kind !== "ec" || joined === undefined) return false;
        return await crypto.verifyWith(p256, key.spki, { signature: joined, data });
      }
    }
  } catch {
    // The provider refuses the key's bytes.
    return false;
  }
}

function fits(key: PublicKey, algorithm: SignedAlgorithm): boolean {
  switch (algorithm.kind) {
    case "ed25519":
      return key.kind === "ed25519";
    case "rsa":
      return key.kind === "rsa";
    case "ecdsa":
      return key.kind === "ec" && key.curve === "P-256";
  }
}

function noKey({ kind }: SignedAlgorithm): Rejected {
  const forms = {
    ed25519: "32 bytes in hex or base64, a PEM or a JWK",
    rsa: "a PEM (public key or certificate) or a JWK",
    ecdsa: "a PEM, base64 (SubjectPublicKeyInfo) or a JWK on P-256",
  };
  return rejected("bad-secret", `The key is no ${kind} public key: give ${forms[kind]}.`);
}

async function signSigned(
  plan: SignedPlan,
  content: Content,
  input: SignInput,
): Promise<SignOutput> {
  const envelope = writeEnvelope(plan, content, input);
  const data = joinBytes(contentChunks(content, envelope.fields));
  const signatures = input.secrets.map(async (secret) => {
    switch (plan.algorithm.kind) {
      case "ed25519":
        return input.crypto.signEd25519(readSeed(secret), data);
      case "rsa":
        return input.crypto.signWith(plan.algorithm, readPrivateKey(secret), data);
      case "ecdsa":
        return ecdsaToDer(await input.crypto.signWith(p256, readPrivateKey(secret), data));
    }
  });
  return { headers: envelope.headers(await Promise.all(signatures)) };
}
