import type { Application, Metadata } from "../../domain/application.ts";
import type { Actor } from "../../domain/endpoint.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type { ApplicationPatch, ApplicationRef } from "../../ports/application-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { statement, type Sql } from "./database.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { every, readPage } from "./paging.ts";
import type { Transaction } from "./transaction.ts";

interface Row {
  readonly id: ApplicationId;
  readonly partition: number;
  readonly uid: string | null;
  readonly throttle_rate: number | null;
  readonly doc: JsonText<{ readonly name: string; readonly metadata: Metadata }>;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = "id, partition, uid, throttle_rate, doc, created_at, updated_at";

const insert = statement(
  "applications-insert",
  `INSERT INTO applications (${columns}, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
);
const byId = statement<Row>(
  "applications-by-id",
  `SELECT ${columns} FROM applications WHERE id = $1 AND deleted_at IS NULL`,
);
const lock = statement<Row>(
  "applications-lock",
  `SELECT ${columns} FROM applications WHERE id = $1 AND deleted_at IS NULL FOR UPDATE`,
);
const byUid = statement<Row>(
  "applications-by-uid",
  `SELECT ${columns} FROM applications WHERE uid = $1 AND deleted_at IS NULL`,
);
const ascending = statement<Row>(
  "applications-ascending",
  `SELECT ${columns} FROM applications WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2`,
);
const descending = statement<Row>(
  "applications-descending",
  `SELECT ${columns} FROM applications WHERE id < $1 AND deleted_at IS NULL
   ORDER BY id DESC LIMIT $2`,
);
const update = statement(
  "applications-update",
  `UPDATE applications SET uid = $2, throttle_rate = $3, doc = $4, updated_at = $5 WHERE id = $1`,
);
const remove = statement<{ version: number }>(
  "applications-delete",
  `UPDATE applications SET deleted_at = $2, version = version + 1 WHERE id = $1
   RETURNING version`,
);
const endpoints = statement<{ id: EndpointId }>(
  "applications-endpoints",
  `SELECT id FROM (
     SELECT id FROM endpoints WHERE application = $1 AND deleted_at IS NULL OFFSET 0) e ORDER BY id`,
);
const removeEndpoints = statement<{ id: EndpointId }>(
  "applications-delete-endpoints",
  `WITH gone AS (
     UPDATE endpoints SET deleted_at = $2, updated_at = $2, version = $3
     WHERE application = $1 AND deleted_at IS NULL RETURNING id, partition
   )
   INSERT INTO endpoint_revisions (partition, endpoint, version, at, by, config)
   SELECT partition, id, $3, $2, $4, NULL FROM gone RETURNING endpoint AS id`,
);
const revokeKeys = statement(
  "applications-revoke-keys",
  "UPDATE api_keys SET revoked_at = $2 WHERE application = $1 AND revoked_at IS NULL",
);

export async function createApplication(
  tx: Transaction,
  application: Application,
  remember?: Remember,
) {
  const answered = await repeated(tx, remember, application.createdAt);
  if (answered !== undefined) return answered;
  const { id, uid } = application;
  const taken = uid === null ? undefined : await tx.get(byUid, uid);
  if (taken !== undefined) return { kind: "uid-taken", by: toApplication(taken) } as const;
  const { createdAt, partition, throttleRate, updatedAt } = application;
  await tx.run(insert, id, partition, uid, throttleRate, toDoc(application), createdAt, updatedAt);
  await keep(tx, remember, createdAt);
  changed(tx, id);
  return { kind: "created" } as const;
}

export async function findApplication(
  sql: Sql,
  ref: ApplicationRef,
): Promise<Application | undefined> {
  const row = await (ref.kind === "id" ? sql.get(byId, ref.id) : sql.get(byUid, ref.uid));
  return row === undefined ? undefined : toApplication(row);
}

export function listApplications(sql: Sql, page: Page<ApplicationId>) {
  const rows = (downwards: boolean, bound: ApplicationId | undefined, limit: number) =>
    downwards
      ? sql.all(descending, bound ?? lastId, limit)
      : sql.all(ascending, bound ?? firstId, limit);
  return readPage(page, { rows, keyOf: (row) => row.id }, every(toApplication));
}

export async function updateApplication(
  tx: Transaction,
  id: ApplicationId,
  patch: ApplicationPatch,
  at: number,
) {
  const row = await tx.get(lock, id);
  if (row === undefined) return { kind: "not-found" } as const;
  const application: Application = { ...toApplication(row), ...patch, updatedAt: at };
  const { throttleRate, uid } = application;
  const taken = uid === null ? undefined : await tx.get(byUid, uid);
  if (taken !== undefined && taken.id !== id) return { kind: "uid-taken" } as const;
  await tx.run(update, id, uid, throttleRate, toDoc(application), at);
  changed(tx, id);
  if (throttleRate !== row.throttle_rate) {
    for (const endpoint of await tx.all(endpoints, id)) tellTarget(tx, endpoint.id);
  }
  return { kind: "updated", application } as const;
}

export async function deleteApplication(
  tx: Transaction,
  id: ApplicationId,
  by: Actor,
  at: number,
): Promise<"deleted" | "not-found"> {
  if ((await tx.get(lock, id)) === undefined) return "not-found";
  const version = (await tx.get(remove, id, at))?.version ?? 0;
  const gone = await tx.all(removeEndpoints, id, at, version, JSON.stringify(by));
  for (const endpoint of gone) tellTarget(tx, endpoint.id);
  const keys = await tx.run(revokeKeys, id, at);
  if (keys !== 0) tx.effects.add({ kind: "change", change: { kind: "keys" } });
  changed(tx, id);
  return "deleted";
}

function tellTarget(tx: Transaction, endpoint: EndpointId): void {
  tx.effects.add({ kind: "target", endpoint });
}

function changed(tx: Transaction, id: ApplicationId): void {
  tx.effects.add({ kind: "change", change: { kind: "application", application: id } });
}

function toDoc({ name, metadata }: Application): string {
  return JSON.stringify({ name, metadata });
}

function toApplication(row: Row): Application {
  return {
    id: row.id,
    partition: row.partition,
    uid: row.uid,
    ...parseJson(row.doc),
    throttleRate: row.throttle_rate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
