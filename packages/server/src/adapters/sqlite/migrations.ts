import type { Database } from "./database.ts";

/**
 * Numbered by position, forward only. Integer keys that grow with time keep inserts at the right
 * edge of each tree.
 *
 * - `queue`: the row lies under the delivery's id, because outcomes name only that; the owner reads
 *   by `queue_lane`, whose key is (partition, endpoint, due, delivery): a rowid ends every index.
 *   A retry so rewrites one index entry instead of the row.
 * - `deliveries`, `attempts`: the message leads their keys, so that retention drops ranges.
 * - `requests`: an event is known again by the newest row with its key, so that keys go with their
 *   rows; next to all are accepted, so those that are not have an index of their own.
 * - `resent`: made by a resend. All others are counted by their message's id (made with it), so
 *   that one index serves both the endpoint's list and its figures.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    partitions INTEGER NOT NULL,
    ids_until INTEGER NOT NULL,
    checks INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE applications (
    id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    uid TEXT,
    name TEXT NOT NULL,
    throttle_rate REAL,
    metadata TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX applications_uid ON applications (uid)
    WHERE uid IS NOT NULL AND deleted_at IS NULL;

  CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY,
    application INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    uid TEXT,
    config TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX endpoints_application ON endpoints (application);
  CREATE UNIQUE INDEX endpoints_uid ON endpoints (application, uid)
    WHERE uid IS NOT NULL AND deleted_at IS NULL;

  CREATE TABLE endpoint_revisions (
    endpoint INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    config TEXT,
    PRIMARY KEY (endpoint, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE endpoint_secrets (
    endpoint INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (endpoint, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE endpoint_events (
    endpoint INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (endpoint, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE endpoint_hours (
    endpoint INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    made INTEGER NOT NULL,
    success INTEGER NOT NULL,
    fail INTEGER NOT NULL,
    canceled INTEGER NOT NULL,
    PRIMARY KEY (endpoint, hour)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE event_types (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    archived INTEGER NOT NULL,
    deprecated INTEGER NOT NULL,
    group_name TEXT,
    feature_flags TEXT,
    schemas TEXT,
    enforce_schema INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    application INTEGER,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX api_keys_token ON api_keys (token_hash);
  CREATE INDEX api_keys_application ON api_keys (application) WHERE application IS NOT NULL;

  CREATE TABLE idempotency (
    key_hash BLOB NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    message INTEGER,
    json TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    application INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    event_id TEXT,
    channels TEXT,
    tags TEXT,
    created_at INTEGER NOT NULL,
    deliver_at INTEGER,
    expires_at INTEGER,
    retain_until INTEGER NOT NULL,
    retain_day INTEGER NOT NULL,
    config_version INTEGER NOT NULL,
    content_headers TEXT,
    content_type TEXT,
    payload_json TEXT,
    body BLOB
  ) STRICT;
  CREATE INDEX messages_application ON messages (application);
  CREATE INDEX messages_retention ON messages (retain_day);

  CREATE TABLE event_ids (
    application INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    message INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (application, event_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE queue (
    delivery INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    due INTEGER NOT NULL,
    application INTEGER NOT NULL,
    message INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    rule TEXT NOT NULL,
    resend_of INTEGER,
    resent INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX queue_lane ON queue (partition, endpoint, due);
  CREATE INDEX queue_message ON queue (message, endpoint);
  CREATE INDEX queue_endpoint ON queue (endpoint, message, resent);
  CREATE INDEX queue_resent ON queue (endpoint) WHERE resent = 1;
  CREATE INDEX queue_expiry ON queue (expires_at, endpoint) WHERE expires_at IS NOT NULL;

  CREATE TABLE deliveries (
    message INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    application INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    state INTEGER NOT NULL,
    resent INTEGER NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    resend_of INTEGER,
    PRIMARY KEY (message, endpoint, delivery)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_endpoint ON deliveries (endpoint, message, delivery, state, resent);
  CREATE INDEX deliveries_resent ON deliveries (endpoint, delivery, state) WHERE resent = 1;

  CREATE TABLE attempts (
    message INTEGER NOT NULL,
    id INTEGER NOT NULL,
    application INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    number INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    error_class TEXT,
    detail TEXT,
    phases TEXT NOT NULL,
    address TEXT,
    endpoint_version INTEGER NOT NULL,
    worker TEXT NOT NULL,
    truncated INTEGER,
    response_headers TEXT,
    response_body BLOB,
    PRIMARY KEY (message, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attempts_endpoint ON attempts (endpoint, id);

  CREATE TABLE lanes (
    endpoint INTEGER PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE leases (
    partition INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    epoch INTEGER NOT NULL
  ) STRICT;
  `,
  // By the exact time: among the messages of a day, those not yet due were passed over at each round.
  `
  DROP INDEX messages_retention;
  ALTER TABLE messages DROP COLUMN retain_day;
  CREATE INDEX messages_retention ON messages (retain_until);
  `,
  `
  ALTER TABLE messages ADD COLUMN source INTEGER;

  CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    application INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    config TEXT NOT NULL,
    secrets TEXT NOT NULL,
    tokens TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX sources_application ON sources (application);

  CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    application INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    message INTEGER,
    duplicate_of INTEGER,
    repeats INTEGER NOT NULL,
    kept_until INTEGER,
    retain_until INTEGER NOT NULL,
    doc TEXT NOT NULL,
    dedupe_key BLOB,
    dedupe_until INTEGER,
    kept TEXT,
    body BLOB
  ) STRICT;
  CREATE INDEX requests_source ON requests (source);
  CREATE INDEX requests_outcome ON requests (source, outcome) WHERE outcome <> 'accepted';
  CREATE INDEX requests_key ON requests (source, dedupe_key) WHERE dedupe_key IS NOT NULL;
  CREATE INDEX requests_retention ON requests (retain_until);
  CREATE INDEX requests_kept ON requests (kept_until) WHERE kept_until IS NOT NULL;
  `,
  // Each request paid for it, and by their ids they are in the order of their ends, too.
  "DROP INDEX requests_retention;",
];

export const schemaVersion = migrations.length;

export function readSchemaVersion(database: Database): number {
  return database.prepare<{ user_version: number }>("PRAGMA user_version").get()?.user_version ?? 0;
}

/**
 * Brings the schema up to this program's version in one transaction; refuses a store that a newer
 * program has written.
 */
export function migrate(database: Database, upTo: readonly string[] = migrations): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const found = readSchemaVersion(database);
    if (found > upTo.length) {
      throw new Error(
        `the store has schema version ${found}, this program knows ${upTo.length}: ` +
          "it was used by a newer version of Posthorn; start that version, or restore a backup",
      );
    }
    for (const step of upTo.slice(found)) database.exec(step);
    database.exec(`PRAGMA user_version = ${upTo.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
