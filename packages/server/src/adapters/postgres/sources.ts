import type { ApplicationId, SourceId } from "../../domain/ids.ts";
import { rotated, secretsInForce } from "../../domain/source.ts";
import type { Source, SourceConfig, SourceSecret } from "../../domain/source.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { SourceRotation } from "../../ports/source-store.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { statement, type Sql } from "./database.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { every, readPage } from "./paging.ts";
import type { Transaction } from "./transaction.ts";

type Doc = Pick<Source, "config" | "secrets" | "tokens">;

interface Row {
  readonly id: SourceId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly doc: JsonText<{
    readonly config: SourceConfig;
    readonly secrets: readonly SourceSecret[];
    readonly tokens: readonly SourceSecret[];
  }>;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = "id, application, partition, doc, created_at, updated_at";
/** What belongs to a deleted application is found nowhere (`OFFSET 0`: looked up for each, by its key). */
const lives = `deleted_at IS NULL AND EXISTS (
  SELECT FROM applications a WHERE a.id = s.application AND a.deleted_at IS NULL OFFSET 0)`;

const insert = statement(
  "sources-insert",
  `INSERT INTO sources (${columns}) SELECT $1::int8, $2::int8, $3::int4, $4, $5::int8, $6::int8
   WHERE EXISTS (SELECT FROM applications WHERE id = $2 AND deleted_at IS NULL)`,
);
const byId = statement<Row>(
  "sources-by-id",
  `SELECT ${columns} FROM sources s WHERE id = $1 AND ${lives}`,
);
const lock = statement<Row>(
  "sources-lock",
  `SELECT ${columns} FROM sources s WHERE id = $1 AND ${lives} FOR UPDATE OF s`,
);
const lists = {
  ascending: list("ascending", "id > $1"),
  descending: list("descending", "id < $1"),
};
const listsOf = {
  ascending: list("ascending-of", "application = $3 AND id > $1"),
  descending: list("descending-of", "application = $3 AND id < $1"),
};
const update = statement(
  "sources-update",
  "UPDATE sources SET doc = $2, updated_at = $3 WHERE id = $1",
);
const remove = statement(
  "sources-delete",
  `UPDATE sources SET deleted_at = $2, doc = '{"secrets":[],"tokens":[]}'
   WHERE id = $1 AND deleted_at IS NULL`,
);

function list(name: string, where: string) {
  const order = name.startsWith("descending") ? "DESC" : "ASC";
  return statement<Row>(
    `sources-${name}`,
    `SELECT ${columns} FROM sources s WHERE ${where} AND ${lives} ORDER BY id ${order} LIMIT $2`,
  );
}

export async function createSource(tx: Transaction, source: Source, remember?: Remember) {
  const answered = await repeated(tx, remember, source.createdAt);
  if (answered !== undefined) return answered;
  const { application, createdAt, id, partition, updatedAt } = source;
  const made = await tx.run(
    insert,
    id,
    application,
    partition,
    toDoc(source),
    createdAt,
    updatedAt,
  );
  if (made === 0) return { kind: "application-not-found" } as const;
  await keep(tx, remember, createdAt);
  changed(tx, id);
  return { kind: "created" } as const;
}

export async function findSource(sql: Sql, id: SourceId): Promise<Source | undefined> {
  const row = await sql.get(byId, id);
  return row === undefined ? undefined : toSource(row);
}

export function listSources(
  sql: Sql,
  page: Page<SourceId>,
  filter: { readonly application?: ApplicationId },
) {
  const { application } = filter;
  const rows = (downwards: boolean, bound: SourceId | undefined, limit: number) => {
    const from = bound ?? (downwards ? lastId : firstId);
    const order = downwards ? "descending" : "ascending";
    return application === undefined
      ? sql.all(lists[order], from, limit)
      : sql.all(listsOf[order], from, limit, application);
  };
  return readPage(page, { rows, keyOf: (row) => row.id }, every(toSource));
}

export async function updateSource(
  tx: Transaction,
  id: SourceId,
  change: { readonly config: Partial<SourceConfig>; readonly at: number },
  remember?: Remember,
) {
  const answered = await repeated(tx, remember, change.at);
  if (answered !== undefined) return answered;
  const row = await tx.get(lock, id);
  if (row === undefined) return { kind: "not-found" } as const;
  const found = toSource(row);
  const config = { ...found.config, ...change.config };
  const source = { ...found, config, updatedAt: change.at };
  await write(tx, source);
  await keep(tx, remember, change.at);
  return { kind: "updated", source } as const;
}

export async function rotateSource(
  tx: Transaction,
  id: SourceId,
  rotation: SourceRotation,
  remember?: Remember,
) {
  const { next, oldExpireAt, onlyFirst, what } = rotation;
  const answered = await repeated(tx, remember, next.createdAt);
  if (answered !== undefined) return answered;
  const row = await tx.get(lock, id);
  if (row === undefined) return { kind: "not-found" } as const;
  const found = toSource(row);
  const hasSome = secretsInForce(found[what], next.createdAt).length > 0;
  if (onlyFirst === true && hasSome) return { kind: "rotated", source: found } as const;
  const changes = { [what]: rotated(found[what], next, oldExpireAt), updatedAt: next.createdAt };
  const source = { ...found, ...changes };
  await write(tx, source);
  await keep(tx, remember, next.createdAt);
  return { kind: "rotated", source } as const;
}

export async function deleteSource(tx: Transaction, id: SourceId, at: number) {
  if ((await tx.run(remove, id, at)) === 0) return "not-found";
  changed(tx, id);
  return "deleted";
}

async function write(tx: Transaction, source: Source): Promise<void> {
  await tx.run(update, source.id, toDoc(source), source.updatedAt);
  changed(tx, source.id);
}

function toDoc({ config, secrets, tokens }: Source): string {
  const doc: Doc = { config, secrets, tokens };
  return JSON.stringify(doc);
}

function toSource(row: Row): Source {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...parseJson(row.doc),
  };
}

function changed(tx: Transaction, source: SourceId): void {
  tx.effects.add({ kind: "change", change: { kind: "source", source } });
}
