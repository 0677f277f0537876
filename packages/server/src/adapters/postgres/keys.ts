import type { ApiKey } from "../../domain/api-key.ts";
import type { ApiKeyId } from "../../domain/ids.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import { hashToBytes, parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { statement, type Sql } from "./database.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { every, readPage } from "./paging.ts";
import type { Transaction } from "./transaction.ts";

interface Row {
  readonly doc: JsonText<Omit<ApiKey, "revokedAt">>;
  readonly id: ApiKeyId;
  readonly revoked_at: number | null;
}

const insert = statement(
  "keys-insert",
  `INSERT INTO api_keys (id, token_hash, application, doc, revoked_at)
   VALUES ($1, $2, $3, $4, $5)`,
);
const byHash = statement<Row>(
  "keys-by-hash",
  "SELECT id, doc, revoked_at FROM api_keys WHERE token_hash = $1",
);
const ascending = statement<Row>(
  "keys-ascending",
  "SELECT id, doc, revoked_at FROM api_keys WHERE id > $1 ORDER BY id LIMIT $2",
);
const descending = statement<Row>(
  "keys-descending",
  "SELECT id, doc, revoked_at FROM api_keys WHERE id < $1 ORDER BY id DESC LIMIT $2",
);
const revoke = statement(
  "keys-revoke",
  "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
);
const count = statement<{ keys: number }>(
  "keys-count",
  "SELECT count(*) AS keys FROM api_keys WHERE revoked_at IS NULL",
);

export async function createKey(tx: Transaction, key: ApiKey, remember?: Remember) {
  const answered = await repeated(tx, remember, key.createdAt);
  if (answered !== undefined) return answered;
  const tokenHash = hashToBytes(key.tokenHash);
  if ((await tx.get(byHash, tokenHash)) !== undefined) return { kind: "token-taken" } as const;
  const application = key.scope.kind === "application" ? key.scope.application : null;
  const { revokedAt, ...doc } = key;
  await tx.run(insert, key.id, tokenHash, application, JSON.stringify(doc), revokedAt);
  await keep(tx, remember, key.createdAt);
  changed(tx);
  return { kind: "created" } as const;
}

export async function findKeyByHash(sql: Sql, tokenHash: string): Promise<ApiKey | undefined> {
  const row = await sql.get(byHash, hashToBytes(tokenHash));
  return row === undefined || row.revoked_at !== null ? undefined : toKey(row);
}

export function listKeys(sql: Sql, page: Page<ApiKeyId>) {
  const rows = (downwards: boolean, bound: ApiKeyId | undefined, limit: number) =>
    downwards
      ? sql.all(descending, bound ?? lastId, limit)
      : sql.all(ascending, bound ?? firstId, limit);
  return readPage(page, { rows, keyOf: (row) => row.id }, every(toKey));
}

export async function revokeKey(
  tx: Transaction,
  id: ApiKeyId,
  at: number,
): Promise<"revoked" | "not-found"> {
  if ((await tx.run(revoke, id, at)) === 0) return "not-found";
  changed(tx);
  return "revoked";
}

/** Those that are not revoked. */
export async function countKeys(sql: Sql): Promise<number> {
  return (await sql.get(count))?.keys ?? 0;
}

function changed(tx: Transaction): void {
  tx.effects.add({ kind: "change", change: { kind: "keys" } });
}

function toKey(row: Row): ApiKey {
  return { ...parseJson(row.doc), revokedAt: row.revoked_at };
}
