import { idTimeMs } from "../../domain/ids.ts";
import { dayOf } from "../sql/day.ts";
import { parseJson, textToList } from "../sql/json.ts";
import type { MovedRow, MovedTable, MovedValue } from "../sql/moved-tables.ts";

/** A row of SQLite by its columns' names. */
export type SourceRow = Readonly<Record<string, number | string | Uint8Array | null>>;

/** How a table's rows are read in the order of a key, and what each is in Postgres. */
export interface Moving {
  readonly from: string;
  /** Columns; unique together, and an index of the store. */
  readonly key: readonly string[];
  /** Beside the key. */
  readonly select: string;
  /** In the order of `movedTables`. */
  readonly map: (row: SourceRow) => MovedRow;
}

const rememberMs = 86_400_000;

/**
 * What the rows of SQLite are in Postgres. The partition of an endpoint's rows is that of the
 * endpoint; the day of a message's rows is that of the message.
 */
export const moving: Readonly<Record<MovedTable, Moving>> = {
  leases: same("leases", ["partition"], ["partition", "owner", "epoch"]),
  applications: {
    from: "applications",
    key: ["id"],
    select: `partition, uid, throttle_rate, name, metadata, version, created_at, updated_at,
      deleted_at`,
    map: (row) => [
      ...pick(row, "id", "partition", "uid", "throttle_rate"),
      JSON.stringify({ name: row["name"], metadata: json(row["metadata"]) }),
      ...pick(row, "version", "created_at", "updated_at", "deleted_at"),
    ],
  },
  event_types: {
    from: "event_types",
    key: ["name"],
    select: `description, archived, deprecated, group_name, feature_flags, schemas,
      enforce_schema, created_at, updated_at`,
    map: (row) => [row["name"] ?? null, row["archived"] === 1, JSON.stringify(eventType(row))],
  },
  api_keys: {
    from: "api_keys",
    key: ["id"],
    select: "name, token_hash, application, created_at, revoked_at",
    map: (row) => [
      ...pick(row, "id", "token_hash", "application"),
      JSON.stringify(apiKey(row)),
      ...pick(row, "revoked_at"),
    ],
  },
  sources: {
    from: "sources",
    key: ["id"],
    select: `application, partition, config, secrets, tokens, created_at, updated_at, deleted_at`,
    map: (row) => [
      ...pick(row, "id", "application", "partition"),
      JSON.stringify(sourceDoc(row)),
      ...pick(row, "created_at", "updated_at", "deleted_at"),
    ],
  },
  endpoints: same(
    "endpoints",
    ["id"],
    [
      "application",
      "id",
      "partition",
      "uid",
      "config",
      "version",
      "created_at",
      "updated_at",
      "deleted_at",
    ],
  ),
  endpoint_revisions: ofEndpoint("endpoint_revisions", ["endpoint", "version"], {
    columns: ["endpoint", "version", "at", "by", "config"],
  }),
  endpoint_secrets: ofEndpoint("endpoint_secrets", ["endpoint", "seq"], {
    columns: ["endpoint", "seq", "sealed", "created_at", "expires_at"],
  }),
  endpoint_events: ofEndpoint("endpoint_events", ["endpoint", "id"], {
    columns: ["endpoint", "id", "at", "kind", "by", "figures"],
  }),
  endpoint_hours: {
    ...ofEndpoint("endpoint_hours", ["endpoint", "hour"], {
      columns: ["endpoint", "hour", "made", "success", "fail", "canceled"],
    }),
    // Writer 0 is none of the processes that write to Postgres.
    map: (row) => [
      ...pick(row, "home", "endpoint", "hour"),
      0,
      ...pick(row, "made", "success", "fail", "canceled"),
    ],
  },
  lanes: ofEndpoint("lanes", ["endpoint"], { columns: ["endpoint", "record"] }),
  idempotency: {
    from: "idempotency",
    key: ["key_hash"],
    select: "request_hash, expires_at, status, message, json",
    map: (row) => [
      ...pick(row, "key_hash", "request_hash"),
      number(row["expires_at"]) - rememberMs,
      ...pick(row, "expires_at", "status", "message", "json"),
    ],
  },
  event_ids: {
    from: "event_ids t LEFT JOIN applications a ON a.id = t.application",
    key: ["application", "event_id"],
    select: "coalesce(a.partition, 0) AS home, message, t.expires_at",
    map: (row) => [
      ...pick(row, "home", "application", "event_id", "message"),
      idTimeMs(number(row["message"])),
      ...pick(row, "expires_at"),
    ],
  },
  // The newest request with a key is the one that later ones repeat.
  request_keys: {
    from: `requests t WHERE dedupe_key IS NOT NULL AND message IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM requests n WHERE n.source = t.source AND n.dedupe_key = t.dedupe_key
        AND n.id > t.id)`,
    key: ["id"],
    select: "source, dedupe_key, message, partition, dedupe_until",
    map: (row) => [
      ...pick(row, "partition", "source", "dedupe_key", "id", "message"),
      idTimeMs(number(row["id"])),
      ...pick(row, "dedupe_until"),
    ],
  },
  messages: {
    from: "messages",
    key: ["id"],
    select: `application, partition, event_type, event_id, channels, tags, created_at, deliver_at,
      expires_at, retain_until, config_version, content_headers, content_type, source,
      payload_json, body`,
    map: (row) => [
      ...pick(row, "id", "application", "created_at", "retain_until", "partition"),
      dayOf(number(row["retain_until"])),
      ...pick(row, "event_type", "channels", "tags"),
      JSON.stringify(messageDoc(row)),
      contentOf(row),
      ...pick(row, "payload_json", "body"),
    ],
  },
  requests: {
    from: "requests",
    key: ["id"],
    select: `source, application, message, duplicate_of, repeats, kept_until, retain_until,
      partition, outcome, reason, doc, kept, body`,
    map: (row) => [
      ...pick(row, "id", "source", "application", "message", "duplicate_of", "repeats"),
      ...pick(row, "kept_until", "retain_until", "partition"),
      dayOf(number(row["retain_until"])),
      ...pick(row, "outcome", "reason", "doc", "kept", "body"),
    ],
  },
  deliveries: {
    ...ofMessage("deliveries", ["message", "endpoint", "delivery"]),
    select: `t.application, ended_at, resend_of, t.partition, m.retain_until, attempts, state,
      resent, reason`,
    map: (row) => [
      ...pick(row, "message", "endpoint", "delivery", "application", "ended_at", "resend_of"),
      ...pick(row, "partition"),
      dayOfMessage(row),
      ...pick(row, "attempts", "state"),
      row["resent"] === 1,
      ...pick(row, "reason"),
    ],
  },
  attempts: {
    ...ofMessage("attempts", ["message", "id"]),
    from: `attempts t LEFT JOIN messages m ON m.id = t.message
      LEFT JOIN endpoints e ON e.id = t.endpoint`,
    select: `t.endpoint, delivery, t.application, started_at, coalesce(e.partition, 0) AS home,
      m.retain_until, status, outcome, number, trigger, error_class, detail, phases, address,
      endpoint_version, worker, truncated, response_headers, response_body`,
    map: (row) => [
      ...pick(row, "message", "id", "endpoint", "delivery", "application", "started_at", "home"),
      dayOfMessage(row),
      ...pick(row, "status", "outcome"),
      JSON.stringify(attemptDoc(row)),
      ...pick(row, "response_headers", "response_body"),
    ],
  },
  queue: {
    ...ofMessage("queue", ["delivery"]),
    select: `t.endpoint, due, t.application, message, resend_of, t.expires_at, t.partition,
      coalesce(m.partition, t.partition) AS home, m.retain_until, attempts, resent, rule`,
    map: (row) => [
      ...pick(row, "delivery", "endpoint", "due", "application", "message", "resend_of"),
      ...pick(row, "expires_at", "partition", "home"),
      dayOfMessage(row),
      ...pick(row, "attempts"),
      row["resent"] === 1,
      ...pick(row, "rule"),
    ],
  },
};

function same(table: string, key: readonly string[], columns: readonly string[]): Moving {
  const select = columns.filter((column) => !key.includes(column)).join(", ");
  return { from: table, key, select, map: (row) => pick(row, ...columns) };
}

function ofEndpoint(
  table: string,
  key: readonly string[],
  { columns }: { readonly columns: readonly string[] },
): Moving {
  const rest = columns.filter((column) => !key.includes(column)).map((column) => `, t."${column}"`);
  return {
    from: `${table} t LEFT JOIN endpoints e ON e.id = t.endpoint`,
    key,
    select: `coalesce(e.partition, 0) AS home${rest.join("")}`,
    map: (row) => pick(row, "home", ...columns),
  };
}

function ofMessage(table: string, key: readonly string[]): Pick<Moving, "from" | "key"> {
  return { from: `${table} t LEFT JOIN messages m ON m.id = t.message`, key };
}

function pick(row: SourceRow, ...names: readonly string[]): MovedValue[] {
  return names.map((name) => row[name] ?? null);
}

function number(value: SourceRow[string] | undefined): number {
  if (typeof value !== "number") throw new Error("the store holds a time or an id that is none");
  return value;
}

function json(value: SourceRow[string] | undefined): unknown {
  return typeof value === "string" ? parseJson(value) : null;
}

/** What a sweep that was interrupted left of a message goes with the first day. */
function dayOfMessage(row: SourceRow): number {
  const until = row["retain_until"];
  return typeof until === "number" ? dayOf(until) : 0;
}

function eventType(row: SourceRow) {
  const flags = row["feature_flags"];
  return {
    name: row["name"],
    description: row["description"],
    archived: row["archived"] === 1,
    deprecated: row["deprecated"] === 1,
    groupName: row["group_name"],
    featureFlags: textToList(typeof flags === "string" ? flags : null),
    schemas: row["schemas"],
    enforceSchema: row["enforce_schema"] === 1,
    createdAt: row["created_at"],
    updatedAt: row["updated_at"],
  };
}

function apiKey(row: SourceRow) {
  const hash = row["token_hash"];
  if (!(hash instanceof Uint8Array)) throw new Error("an API key has no hash");
  const { application } = row;
  return {
    id: row["id"],
    name: row["name"],
    tokenHash: Buffer.from(hash).toString(hash.length === 32 ? "hex" : "utf8"),
    scope: application === null ? { kind: "admin" } : { kind: "application", application },
    createdAt: row["created_at"],
  };
}

function sourceDoc(row: SourceRow) {
  return {
    config: json(row["config"]),
    secrets: json(row["secrets"]),
    tokens: json(row["tokens"]),
  };
}

function messageDoc(row: SourceRow) {
  return {
    eventId: row["event_id"],
    deliverAt: row["deliver_at"],
    expiresAt: row["expires_at"],
    configVersion: row["config_version"],
  };
}

function contentOf(row: SourceRow): string | null {
  if (row["content_headers"] === null) return null;
  const { source } = row;
  return JSON.stringify({
    headers: json(row["content_headers"]),
    contentType: row["content_type"],
    ...(source === null ? {} : { source }),
  });
}

function attemptDoc(row: SourceRow) {
  const { truncated } = row;
  return {
    number: row["number"],
    trigger: row["trigger"],
    errorClass: row["error_class"],
    detail: row["detail"],
    phases: json(row["phases"]),
    address: row["address"],
    endpointVersion: row["endpoint_version"],
    worker: row["worker"],
    truncated: truncated === null ? null : truncated === 1,
  };
}
