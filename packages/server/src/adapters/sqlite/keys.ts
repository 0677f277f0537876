import type { ApiKey } from "../../domain/api-key.ts";
import type { ApiKeyId, ApplicationId } from "../../domain/ids.ts";
import type { KeyStore } from "../../ports/key-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import { hashToBytes } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { readPage } from "./paging.ts";
import type { Handlers, Shared } from "./shared.ts";

interface Row {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly token_hash: Uint8Array;
  readonly application: ApplicationId | null;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

const columns = "id, name, token_hash, application, created_at, revoked_at";

export class Keys implements Handlers<KeyStore> {
  readonly #shared: Shared;
  readonly #insert;
  readonly #byHash;
  readonly #ascending;
  readonly #descending;
  readonly #revoke;
  readonly #count;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#insert = database.prepare(`INSERT INTO api_keys (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
    this.#byHash = database.prepare<Row>(`SELECT ${columns} FROM api_keys WHERE token_hash = ?`);
    this.#ascending = database.prepare<Row>(
      `SELECT ${columns} FROM api_keys WHERE id > ? ORDER BY id LIMIT ?`,
    );
    this.#descending = database.prepare<Row>(
      `SELECT ${columns} FROM api_keys WHERE id < ? ORDER BY id DESC LIMIT ?`,
    );
    this.#revoke = database.prepare(
      "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
    );
    this.#count = database.prepare<{ keys: number }>(
      "SELECT count(*) AS keys FROM api_keys WHERE revoked_at IS NULL",
    );
  }

  createKey(key: ApiKey, remember?: Remember) {
    const repeated = this.#shared.idempotency.repeated(remember, key.createdAt);
    if (repeated !== undefined) return repeated;
    const tokenHash = hashToBytes(key.tokenHash);
    if (this.#byHash.get(tokenHash) !== undefined) return { kind: "token-taken" } as const;
    const application = key.scope.kind === "application" ? key.scope.application : null;
    this.#insert.run(key.id, key.name, tokenHash, application, key.createdAt, key.revokedAt);
    this.#shared.idempotency.remember(remember);
    this.#shared.installation.saw(key.id);
    this.#changed();
    return { kind: "created" } as const;
  }

  findKeyByHash(tokenHash: string): ApiKey | undefined {
    const row = this.#byHash.get(hashToBytes(tokenHash));
    return row === undefined || row.revoked_at !== null ? undefined : toKey(row);
  }

  listKeys(page: Page<ApiKeyId>) {
    const rows = (descending: boolean, bound: ApiKeyId | undefined, limit: number) =>
      descending
        ? this.#descending.all(bound ?? lastId, limit)
        : this.#ascending.all(bound ?? firstId, limit);
    return readPage(page, { rows, keyOf: (row) => row.id }, false, toKey);
  }

  revokeKey(id: ApiKeyId, at: number) {
    if (this.#revoke.run(at, id).changes === 0) return "not-found";
    this.#changed();
    return "revoked";
  }

  /** Those that are not revoked. */
  countKeys(): number {
    return this.#count.get()?.keys ?? 0;
  }

  #changed(): void {
    this.#shared.effects.add({ kind: "change", change: { kind: "keys" } });
  }
}

function toKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    tokenHash: Buffer.from(row.token_hash).toString(row.token_hash.length === 32 ? "hex" : "utf8"),
    scope:
      row.application === null
        ? { kind: "admin" }
        : { kind: "application", application: row.application },
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
