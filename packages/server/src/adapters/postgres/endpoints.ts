import type { Actor, Endpoint, EndpointConfig } from "../../domain/endpoint.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type { EndpointChange, EndpointRef, NewEndpoint } from "../../ports/endpoint-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { int8s } from "./arrays.ts";
import { statement, type Sql } from "./database.ts";
import { addEvent, revise } from "./endpoint-history.ts";
import { addSecret } from "./endpoint-secrets.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { every, readPage } from "./paging.ts";
import type { Transaction } from "./transaction.ts";

interface Row {
  readonly id: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly config: JsonText<EndpointConfig>;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly deleted_at: number | null;
}

export interface EverEndpoint {
  /** As it last was. */
  readonly endpoint: Endpoint;
  readonly deleted: boolean;
}

const columns = "id, application, partition, config, version, created_at, updated_at, deleted_at";

const insert = statement(
  "endpoints-insert",
  `INSERT INTO endpoints
   (id, application, partition, uid, config, version, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const byId = statement<Row>(
  "endpoints-by-id",
  `SELECT ${columns} FROM endpoints WHERE application = $1 AND id = $2`,
);
const byIds = statement<Row>(
  "endpoints-by-ids",
  `SELECT ${columns} FROM endpoints WHERE application = $1 AND id = ANY($2::int8[])`,
);
const byUid = statement<Row>(
  "endpoints-by-uid",
  `SELECT ${columns} FROM endpoints
   WHERE application = $1 AND uid = $2 AND deleted_at IS NULL`,
);
const ascending = statement<Row>(
  "endpoints-ascending",
  `SELECT ${columns} FROM endpoints WHERE application = $1 AND id > $2 AND deleted_at IS NULL
   ORDER BY id LIMIT $3`,
);
const descending = statement<Row>(
  "endpoints-descending",
  `SELECT ${columns} FROM endpoints WHERE application = $1 AND id < $2 AND deleted_at IS NULL
   ORDER BY id DESC LIMIT $3`,
);
const update = statement(
  "endpoints-update",
  `UPDATE endpoints SET uid = $3, config = $4, version = $5, updated_at = $6
   WHERE application = $1 AND id = $2`,
);
const remove = statement(
  "endpoints-delete",
  `UPDATE endpoints SET deleted_at = $3, updated_at = $3, version = $4
   WHERE application = $1 AND id = $2`,
);
const lockApplication = statement<{ id: ApplicationId }>(
  "endpoints-lock-application",
  "SELECT id FROM applications WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
);
const nextVersion = statement<{ version: number }>(
  "endpoints-next-version",
  `UPDATE applications SET version = version + 1 WHERE id = $1 AND deleted_at IS NULL
   RETURNING version`,
);

export async function createEndpoint(tx: Transaction, endpoint: NewEndpoint, remember?: Remember) {
  const { application, config, createdAt, id, partition } = endpoint;
  const answered = await repeated(tx, remember, createdAt);
  if (answered !== undefined) return answered;
  // Changes of one application happen one after the other: what is read here stays so.
  const lives = await tx.get(lockApplication, application);
  if (await uidTaken(tx, application, config.uid, id)) return { kind: "uid-taken" } as const;
  if (lives === undefined) return { kind: "application-not-found" } as const;
  const version = await bump(tx, application);
  const text = JSON.stringify(config);
  const { updatedAt } = endpoint;
  await tx.run(insert, id, application, partition, config.uid, text, version, createdAt, updatedAt);
  await revise(tx, { partition, endpoint: id, version, at: createdAt, by: endpoint.by }, text);
  await addSecret(tx, { partition, endpoint: id }, endpoint.secret);
  await keep(tx, remember, createdAt);
  changed(tx, application, id);
  return { kind: "created", version } as const;
}

export async function findEndpoint(
  sql: Sql,
  application: ApplicationId,
  ref: EndpointRef,
): Promise<Endpoint | undefined> {
  const row = await (ref.kind === "uid"
    ? sql.get(byUid, application, ref.uid)
    : sql.get(byId, application, ref.id));
  return row === undefined || row.deleted_at !== null ? undefined : toEndpoint(row);
}

export async function findEndpointEver(
  sql: Sql,
  application: ApplicationId,
  id: EndpointId,
): Promise<Endpoint | undefined> {
  const row = await sql.get(byId, application, id);
  return row === undefined ? undefined : toEndpoint(row);
}

/** Those of one application, deleted ones too. */
export async function endpointsEver(
  sql: Sql,
  application: ApplicationId,
  ids: readonly EndpointId[],
): Promise<ReadonlyMap<EndpointId, EverEndpoint>> {
  const rows = await sql.all(byIds, application, int8s(ids));
  return new Map(
    rows.map((row) => [row.id, { endpoint: toEndpoint(row), deleted: row.deleted_at !== null }]),
  );
}

export function listEndpoints(sql: Sql, application: ApplicationId, page: Page<EndpointId>) {
  const rows = (downwards: boolean, bound: EndpointId | undefined, limit: number) =>
    downwards
      ? sql.all(descending, application, bound ?? lastId, limit)
      : sql.all(ascending, application, bound ?? firstId, limit);
  return readPage(page, { rows, keyOf: (row) => row.id }, every(toEndpoint));
}

export async function updateEndpoint(
  tx: Transaction,
  id: EndpointId,
  change: EndpointChange,
  remember?: Remember,
) {
  const answered = await repeated(tx, remember, change.at);
  if (answered !== undefined) return answered;
  const found = await locked(tx, id);
  if (found === undefined) return { kind: "not-found" } as const;
  const { application, partition } = found;
  const config: EndpointConfig = { ...found.config, ...change.config };
  if (await uidTaken(tx, application, config.uid, id)) return { kind: "uid-taken" } as const;
  const endpoint = await write(tx, found, config, change);
  const event = { endpoint: id, id: change.eventId, at: change.at, by: change.by, figures: {} };
  if (config.disabled !== found.config.disabled) {
    await addEvent(tx, partition, { ...event, kind: config.disabled ? "disabled" : "enabled" });
  }
  if (config.paused !== found.config.paused) {
    await addEvent(tx, partition, { ...event, kind: config.paused ? "paused" : "resumed" });
  }
  await keep(tx, remember, change.at);
  return { kind: "updated", endpoint } as const;
}

/** Says whether it was enabled until now: only then anything is written. */
export async function disableEndpoint(
  tx: Transaction,
  id: EndpointId,
  by: { readonly by: Actor; readonly at: number },
): Promise<boolean> {
  const found = await locked(tx, id);
  if (found === undefined || found.config.disabled) return false;
  await write(tx, found, { ...found.config, disabled: true }, by);
  return true;
}

export async function deleteEndpoint(
  tx: Transaction,
  id: EndpointId,
  by: { readonly by: Actor; readonly at: number },
): Promise<"deleted" | "not-found"> {
  const found = await locked(tx, id);
  if (found === undefined) return "not-found";
  const { application, partition } = found;
  const version = await bump(tx, application);
  await tx.run(remove, application, id, by.at, version);
  await revise(tx, { partition, endpoint: id, version, ...by }, null);
  changed(tx, application, id);
  return "deleted";
}

/** The endpoint as it stays until the end of the transaction; `undefined` once it is deleted. */
async function locked(tx: Transaction, id: EndpointId): Promise<Endpoint | undefined> {
  const place = await tx.places.endpoint(tx, id);
  if (place === undefined) return undefined;
  if ((await tx.get(lockApplication, place.application)) === undefined) return undefined;
  return findEndpoint(tx, place.application, { kind: "id", id });
}

async function write(
  tx: Transaction,
  found: Endpoint,
  config: EndpointConfig,
  by: { readonly by: Actor; readonly at: number },
): Promise<Endpoint> {
  const { application, id, partition } = found;
  const version = await bump(tx, application);
  const text = JSON.stringify(config);
  await tx.run(update, application, id, config.uid, text, version, by.at);
  await revise(tx, { partition, endpoint: id, version, at: by.at, by: by.by }, text);
  changed(tx, application, id);
  return { ...found, config, version, updatedAt: by.at };
}

async function bump(tx: Transaction, application: ApplicationId): Promise<number> {
  const version = (await tx.get(nextVersion, application))?.version;
  if (version === undefined) throw new Error(`application ${application} has no live row`);
  return version;
}

async function uidTaken(
  tx: Transaction,
  application: ApplicationId,
  uid: string | null,
  by: EndpointId,
): Promise<boolean> {
  if (uid === null) return false;
  const row = await tx.get(byUid, application, uid);
  return row !== undefined && row.id !== by;
}

function changed(tx: Transaction, application: ApplicationId, endpoint: EndpointId): void {
  tx.effects.add({ kind: "target", endpoint });
  tx.effects.add({ kind: "change", change: { kind: "application", application } });
}

function toEndpoint(row: Row): Endpoint {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    config: parseJson(row.config),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
