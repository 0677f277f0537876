import type { SealedText } from "../domain/endpoint.ts";

/** Encrypts what must not lie in the store in clear (AES-256-GCM under the master key). */
export interface Vault {
  seal(text: string): SealedText;
  /** Throws an `Error` when the text was sealed under another key or was changed. */
  open(sealed: SealedText): string;
}
