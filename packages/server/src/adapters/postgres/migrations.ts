import type { Database, Sql } from "./database.ts";
import { statement } from "./database.ts";
import { distribute } from "./distribution.ts";
import { base } from "./schema/base.ts";
import { sources } from "./schema/sources.ts";
import { workers } from "./schema/workers.ts";

/**
 * Numbered by position, forward only.
 *
 * - The partition leads every key of what grows with the traffic, so that the tables can be
 *   distributed by it; the configuration of a tenant is led by its application. `applications`,
 *   `sources`, `event_types`, `api_keys` and `installation` are small and read everywhere: a distributed engine
 *   copies them. An idempotency key is spread by itself. No foreign keys, no sequences.
 * - `queue` is the only table with rows that come and go at the rate of deliveries: small rows, and
 *   vacuumed early, because its dead rows lie where the owner reads.
 * - `messages`, `deliveries`, `attempts` and `requests` are partitioned by the day on which the message's retention
 *   ends: that day's partitions are dropped whole. A queue row knows its message's day, so that the
 *   hot path touches one partition.
 * - `endpoint_hours` has a row for each `writer`: publishers do not wait for each other's figures.
 *   Its rows are updated in place (HOT), for which their pages keep room.
 * - Free text lies in JSON (`doc`): a text column cannot hold U+0000 or half a surrogate pair.
 * - `expires_at` of keys is NOT NULL: an attempt to take one that is in force sets it to NULL and so
 *   fails the statement, see `publish.ts` and `idempotency.ts`.
 */
const migrations: readonly string[] = [base, sources, workers];

/** Any number, the same in every version: "posthorn" in ASCII, folded to 31 bits. */
export const migrationLock = 1_886_352_232;

const lock = statement("migrate-lock", "SELECT pg_advisory_xact_lock($1)");
const found = statement<{ version: number }>(
  "migrate-found",
  "SELECT coalesce(max(version), 0) AS version FROM schema_versions",
);
const note = statement("migrate-note", "INSERT INTO schema_versions (version) VALUES ($1)");

/**
 * Brings the schema up to this program's version in one transaction, under a lock: of two processes
 * that start at once one does it and the other finds it done. Refuses a schema that a newer program
 * has written.
 */
export async function migrate(
  database: Database,
  upTo: readonly string[] = migrations,
): Promise<void> {
  await database.transact(async (sql) => {
    await sql.run(lock, migrationLock);
    await sql.exec(
      "CREATE TABLE IF NOT EXISTS schema_versions (version int8 PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
    );
    await step(sql, upTo);
    await distribute(sql);
  });
}

async function step(sql: Sql, upTo: readonly string[]): Promise<void> {
  const version = (await sql.get(found))?.version ?? 0;
  if (version > upTo.length) {
    throw new Error(
      `the database has schema version ${version}, this program knows ${upTo.length}: ` +
        "it was used by a newer version of Posthorn; start that version, or restore a backup",
    );
  }
  for (const [index, text] of upTo.entries()) {
    if (index < version) continue;
    await sql.exec(text);
    await sql.run(note, index + 1);
  }
}
