import type { CryptoProvider, Scheme } from "@posthorn/receiver";

/** The providers' verification schemes, and the cryptography that they run on here. */
export interface WebhookSchemes {
  readonly byName: ReadonlyMap<string, Scheme>;
  readonly crypto: CryptoProvider;
}
