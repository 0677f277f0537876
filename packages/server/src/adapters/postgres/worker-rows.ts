import { int4s, int8s, texts } from "./arrays.ts";
import { statement, type Sql } from "./database.ts";

/** How a worker takes part: it shares the partitions, is on its way out, or takes all or none. */
export type Part = "sharing" | "retiring" | "apart";

/** Of the lease of a partition that nobody has. */
export const nobody = "";

export interface Lease {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
}

export interface TakenLease {
  readonly partition: number;
  readonly epoch: number;
  readonly crashed: boolean;
}

export interface WorkerRow {
  readonly id: string;
  readonly part: Part;
  /** Silent for a while: it is gone if its session is. */
  readonly quiet: boolean;
  /** Silent for a whole lease. */
  readonly expired: boolean;
}

export const register = statement(
  "workers-register",
  `INSERT INTO workers (id, name, started_at, renewed_at, part)
   VALUES ($1, $2, now(), clock_timestamp(), $3)
   ON CONFLICT (id) DO UPDATE SET renewed_at = excluded.renewed_at, part = excluded.part`,
);

/** Answers with the database's time. */
export const renew = `UPDATE workers SET renewed_at = clock_timestamp() WHERE id = $1
  RETURNING renewed_at::text AS at`;

const leases = statement<Lease>(
  "workers-leases",
  "SELECT partition, owner, epoch FROM leases ORDER BY partition",
);
/**
 * While the database was away nobody could renew: silence counts from its start, and a whole lease of it
 * only as far as whoever looks has seen it without a gap (`$3`).
 */
const workers = statement<WorkerRow>(
  "workers-all",
  `SELECT id, part,
     heard < clock_timestamp() - $1 * interval '1 ms' AS quiet,
     greatest(heard, $3::timestamptz) < clock_timestamp() - $2 * interval '1 ms' AS expired
   FROM (SELECT *, greatest(renewed_at, pg_postmaster_start_time()) AS heard FROM workers) each`,
);
/** The lock that the session of a worker holds. */
export const sessionKey = "hashtextextended('posthorn worker ' || $1, 0)";
const sessionGone = statement<{ gone: boolean }>(
  "workers-session-gone",
  `SELECT pg_try_advisory_xact_lock(${sessionKey}) AS gone`,
);
const forget = statement("workers-forget", "DELETE FROM workers WHERE id = ANY($1::text[])");
/**
 * Each only from the owner that it was seen with. Waits for outcomes that one is committing, and shuts
 * out those that come after. `$4`: what this worker has itself, it has not released.
 */
const take = statement<TakenLease>(
  "workers-take",
  `UPDATE leases l SET owner = $1, epoch = l.epoch + 1, taken_at = clock_timestamp(),
     crashed = l.crashed OR (l.owner <> '' AND (l.owner <> $1 OR $4))
   FROM unnest($2::int4[], $3::text[]) AS w (partition, owner)
   WHERE l.partition = w.partition AND l.owner = w.owner
   RETURNING l.partition, l.epoch, l.crashed`,
);
const give = statement(
  "workers-give",
  `UPDATE leases l SET owner = w.owner, epoch = l.epoch + 1, crashed = $5
   FROM unnest($2::int4[], $3::int8[], $4::text[]) AS w (partition, epoch, owner)
   WHERE l.partition = w.partition AND l.owner = $1 AND l.epoch = w.epoch`,
);

export function allLeases(sql: Sql): Promise<readonly Lease[]> {
  return sql.all(leases);
}

export function allWorkers(
  sql: Sql,
  limits: { readonly quietMs: number; readonly leaseMs: number; readonly observedSince: string },
): Promise<readonly WorkerRow[]> {
  return sql.all(workers, limits.quietMs, limits.leaseMs, limits.observedSince);
}

export async function isSessionGone(sql: Sql, worker: string): Promise<boolean> {
  return (await sql.get(sessionGone, worker))?.gone === true;
}

export async function forgetWorkers(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await sql.run(forget, texts(ids));
}

/** `from` in order of partitions, so that two workers lock in one order. */
export async function takeLeases(
  sql: Sql,
  me: string,
  from: readonly Lease[],
  unreleased: boolean,
): Promise<readonly TakenLease[]> {
  if (from.length === 0) return [];
  const partitions = int4s(from.map(({ partition }) => partition));
  return sql.all(take, me, partitions, texts(from.map(({ owner }) => owner)), unreleased);
}

/** To the owners that `to` names; what was lost meanwhile stays where it is. */
export async function giveLeases(
  sql: Sql,
  me: string,
  to: readonly Lease[],
  inOrder: boolean,
): Promise<void> {
  await sql.run(
    give,
    me,
    int4s(to.map(({ partition }) => partition)),
    int8s(to.map(({ epoch }) => epoch)),
    texts(to.map(({ owner }) => owner)),
    !inOrder,
  );
}
