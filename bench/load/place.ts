/** Where a store of the bench lies. */
export type Place =
  | { readonly kind: "sqlite"; readonly folder: string }
  /** `folder` has the files that are not the store's: keys. */
  | { readonly kind: "postgres"; readonly folder: string; readonly url: string };

export type StoreKind = Place["kind"];

export const storeKinds: readonly StoreKind[] = ["sqlite", "postgres"];

export const storeNames: Readonly<Record<StoreKind, string>> = {
  sqlite: "SQLite",
  postgres: "Postgres",
};
