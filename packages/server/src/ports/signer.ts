export interface SigningInput {
  /** `webhook-id`: the message's id. */
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: Uint8Array;
}

/** Signs as Standard Webhooks 1.0.0 says. */
export interface Signer {
  /**
   * The value of `webhook-signature`: one signature for each secret (`whsec_` gives `v1`, `whsk_`
   * gives `v1a`), the newest first.
   */
  sign(secrets: readonly string[], input: SigningInput): string;
}
