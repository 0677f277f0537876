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
  /** The body was parsed and serialised again on the way: same JSON, other bytes. */
  | { readonly kind: "body-reserialized" }
  /** A line end or a byte order mark was added to the body, removed from it or changed in it. */
  | { readonly kind: "body-edges" }
  /** The body was inflated on the way, or should have been. */
  | { readonly kind: "body-compression" }
  /** The secret carries white space or a line break at an end. */
  | { readonly kind: "secret-whitespace" }
  /** The secret is used in the wrong form: as text where it is encoded, or decoded where it is text. */
  | { readonly kind: "secret-encoding" }
  /** The secret lacks its prefix, or carries one that the scheme has not. */
  | { readonly kind: "secret-prefix" }
  /** It was signed with another secret that you know, by its label. */
  | { readonly kind: "other-secret"; readonly label: string }
  /** The delivery says that it is of this mode: is the secret of the other one? */
  | { readonly kind: "test-live-twin"; readonly sent: "test" | "live" }
  /** The signed time is this far behind the clock (positive) or ahead of it (negative). */
  | { readonly kind: "clock"; readonly offsetSeconds: number };

export type TextEncoding = "hex" | "base64" | "base64url";
