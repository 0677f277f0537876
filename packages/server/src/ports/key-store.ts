import type { ApiKey } from "../domain/api-key.ts";
import type { ApiKeyId } from "../domain/ids.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export interface KeyStore {
  createKey(
    key: ApiKey,
    remember?: Remember,
  ): Promise<{ readonly kind: "created" } | { readonly kind: "token-taken" } | Repeated>;
  /** Revoked keys are not found; nor are keys of a deleted application. */
  findKeyByHash(tokenHash: string): Promise<ApiKey | undefined>;
  listKeys(page: Page<ApiKeyId>): Promise<Listed<ApiKey>>;
  revokeKey(id: ApiKeyId, at: number): Promise<"revoked" | "not-found">;
  countKeys(): Promise<number>;
}
