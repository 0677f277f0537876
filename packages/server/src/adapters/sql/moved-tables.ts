import { createHash } from "node:crypto";

export type ColumnKind = "int4" | "int8" | "float8" | "bool" | "text" | "bytea";

/** As a column of Postgres has it, in the order of the table's columns here. */
export type MovedValue = number | string | boolean | Uint8Array | null;
export type MovedRow = readonly MovedValue[];

/**
 * The tables that a store has in Postgres, all but `installation`, in the order in which they are
 * filled: what is looked up before what names it, so that whoever looks sees no loose ends.
 */
export const movedTables = {
  leases: { partition: "int4", owner: "text", epoch: "int8" },
  applications: {
    id: "int8",
    partition: "int4",
    uid: "text",
    throttle_rate: "float8",
    doc: "text",
    version: "int8",
    created_at: "int8",
    updated_at: "int8",
    deleted_at: "int8",
  },
  event_types: { name: "text", archived: "bool", doc: "text" },
  api_keys: {
    id: "int8",
    token_hash: "bytea",
    application: "int8",
    doc: "text",
    revoked_at: "int8",
  },
  sources: {
    id: "int8",
    application: "int8",
    partition: "int4",
    doc: "text",
    created_at: "int8",
    updated_at: "int8",
    deleted_at: "int8",
  },
  endpoints: {
    application: "int8",
    id: "int8",
    partition: "int4",
    uid: "text",
    config: "text",
    version: "int8",
    created_at: "int8",
    updated_at: "int8",
    deleted_at: "int8",
  },
  endpoint_revisions: {
    partition: "int4",
    endpoint: "int8",
    version: "int8",
    at: "int8",
    by: "text",
    config: "text",
  },
  endpoint_secrets: {
    partition: "int4",
    endpoint: "int8",
    seq: "int4",
    sealed: "text",
    created_at: "int8",
    expires_at: "int8",
  },
  endpoint_events: {
    partition: "int4",
    endpoint: "int8",
    id: "int8",
    at: "int8",
    kind: "text",
    by: "text",
    figures: "text",
  },
  endpoint_hours: {
    partition: "int4",
    endpoint: "int8",
    hour: "int4",
    writer: "int4",
    made: "int8",
    success: "int8",
    fail: "int8",
    canceled: "int8",
  },
  lanes: { partition: "int4", endpoint: "int8", record: "text" },
  idempotency: {
    key_hash: "bytea",
    request_hash: "bytea",
    created_at: "int8",
    expires_at: "int8",
    status: "int4",
    message: "int8",
    json: "text",
  },
  event_ids: {
    partition: "int4",
    application: "int8",
    event_id: "text",
    message: "int8",
    created_at: "int8",
    expires_at: "int8",
  },
  request_keys: {
    partition: "int4",
    source: "int8",
    key: "bytea",
    request: "int8",
    message: "int8",
    created_at: "int8",
    expires_at: "int8",
  },
  messages: {
    id: "int8",
    application: "int8",
    created_at: "int8",
    retain_until: "int8",
    partition: "int4",
    day: "int4",
    event_type: "text",
    channels: "text",
    tags: "text",
    doc: "text",
    content: "text",
    payload_json: "text",
    body: "bytea",
  },
  requests: {
    id: "int8",
    source: "int8",
    application: "int8",
    message: "int8",
    duplicate_of: "int8",
    repeats: "int8",
    kept_until: "int8",
    retain_until: "int8",
    partition: "int4",
    day: "int4",
    outcome: "text",
    reason: "text",
    doc: "text",
    kept: "text",
    body: "bytea",
  },
  deliveries: {
    message: "int8",
    endpoint: "int8",
    delivery: "int8",
    application: "int8",
    ended_at: "int8",
    resend_of: "int8",
    partition: "int4",
    day: "int4",
    attempts: "int4",
    state: "int4",
    resent: "bool",
    reason: "text",
  },
  attempts: {
    message: "int8",
    id: "int8",
    endpoint: "int8",
    delivery: "int8",
    application: "int8",
    started_at: "int8",
    partition: "int4",
    day: "int4",
    status: "int4",
    outcome: "text",
    doc: "text",
    response_headers: "text",
    response_body: "bytea",
  },
  queue: {
    delivery: "int8",
    endpoint: "int8",
    due: "int8",
    application: "int8",
    message: "int8",
    resend_of: "int8",
    expires_at: "int8",
    partition: "int4",
    message_partition: "int4",
    day: "int4",
    attempts: "int4",
    resent: "bool",
    rule: "text",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnKind>>>>;

export type MovedTable = keyof typeof movedTables;

/** How many rows, and a checksum of what is in them. */
export interface Tally {
  readonly rows: number;
  /** 128 bits in hexadecimal. */
  readonly sum: string;
}

export const noRows: Tally = { rows: 0, sum: "0" };

/**
 * Adds rows to a tally. The sum is that of the rows' hashes, so it does not depend on their order: each
 * store reads in its own.
 */
export function tally(before: Tally, rows: readonly MovedRow[]): Tally {
  let sum = BigInt(`0x${before.sum}`);
  for (const row of rows) sum += hashOf(row);
  return { rows: before.rows + rows.length, sum: BigInt.asUintN(128, sum).toString(16) };
}

function hashOf(row: MovedRow): bigint {
  const hash = createHash("sha256");
  for (const value of row) {
    // What a value is and where it ends are part of what is hashed.
    if (value instanceof Uint8Array) hash.update(`b${value.byteLength}:`).update(value);
    else hash.update(`${value === null ? "n" : typeof value}${String(value).length}:${value}`);
  }
  const digest = hash.digest();
  return (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8);
}
