/** What most likely went wrong with a refused webhook. Holds no secret, no signature and nothing of the body. */
export type Diagnosis =
  /** The header is there twice, or was joined with another. */
  | { readonly kind: "duplicate-header"; readonly header: string }
  /** The signature is shorter than its hash makes it: the header was cut off. */
  | { readonly kind: "truncated-signature"; readonly header: string }
  /** The signature is in another encoding than the scheme's. */
  | { readonly kind: "signature-encoding"; readonly header: string; readonly found: TextEncoding }
  /** The signature lacks what stands before it, such as `sha256=`. */
  | { readonly kind: "signature-prefix"; readonly header: string }
  /** The signed time is this far behind the clock (positive) or ahead of it (negative). */
  | { readonly kind: "clock"; readonly offsetSeconds: number };

export type TextEncoding = "hex" | "base64" | "base64url";
