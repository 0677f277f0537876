import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";
import type { SealedText } from "../../domain/endpoint.ts";
import type { Vault } from "../../ports/vault.ts";

const cipher = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
// Names the format, so that another one can stand beside it in the same store.
const format = "a1.";

/** Seals as `a1.` and the base64url of nonce, ciphertext and tag; the format is authenticated too. */
export function createVault(masterKey: Uint8Array): Vault {
  if (masterKey.length !== keyBytes) {
    throw new RangeError(`the master key has ${masterKey.length} bytes and needs ${keyBytes}`);
  }
  const key = createSecretKey(masterKey);
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(format));
      const parts = [nonce, sealing.update(text, "utf8"), sealing.final(), sealing.getAuthTag()];
      return asSealed(format + Buffer.concat(parts).toString("base64url"));
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(format.length), "base64url");
      if (!sealed.startsWith(format) || bytes.length < nonceBytes + tagBytes) {
        throw new Error("not a sealed text of a known format");
      }
      const nonce = bytes.subarray(0, nonceBytes);
      const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(format))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        const text = opening.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([text, opening.final()]).toString("utf8");
      } catch (cause) {
        throw new Error("sealed under another master key, or changed since", { cause });
      }
    },
  };
}

/** The one place where a text becomes a sealed one. */
function asSealed(text: string): SealedText {
  return text as SealedText;
}
