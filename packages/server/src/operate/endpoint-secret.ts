import {
  derivePublicKey,
  formatSecret,
  generateSecret,
  generateSigningKey,
  parseSecret,
  type RandomBytes,
} from "@posthorn/receiver";

export type SecretChoice =
  | { readonly kind: "secret"; readonly text: string }
  | { readonly kind: "refused"; readonly why: string };

/** Reads a secret that a person chose; what is kept is its one canonical spelling. */
export async function parseEndpointSecret(text: string): Promise<SecretChoice> {
  const parsed = parseSecret(text);
  if (parsed.kind === "malformed") return { kind: "refused", why: parsed.detail };
  const { secret } = parsed;
  switch (secret.kind) {
    case "ed25519-public":
      return { kind: "refused", why: "A whpk_ key cannot sign: give the whsk_ key of the pair." };
    case "hmac":
      return { kind: "secret", text: formatSecret(secret) };
    case "ed25519-private":
      try {
        const { publicKey } = await derivePublicKey(secret);
        return { kind: "secret", text: formatSecret({ ...secret, publicKey }) };
      } catch {
        // The one thing that it throws for: the two halves are not of one pair.
        return { kind: "refused", why: "The two halves of the whsk_ key do not belong together." };
      }
  }
}

/** Makes a secret of the kind that `like` is of; a shared secret when there is none yet. */
export async function makeEndpointSecret(random: RandomBytes, like?: string): Promise<string> {
  if (like?.startsWith("whsk_") !== true) return generateSecret(random);
  return (await generateSigningKey(random)).privateKey;
}
