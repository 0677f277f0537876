import type { ApiKeyId, ApplicationId } from "./ids.ts";

/** `admin` may do everything; `application` what is below one application. */
export type Scope =
  | { readonly kind: "admin" }
  | { readonly kind: "application"; readonly application: ApplicationId };

/** A key as it is kept: only the SHA-256 of its token. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly tokenHash: string;
  readonly scope: Scope;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}
