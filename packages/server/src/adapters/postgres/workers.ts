import {
  mostCounted,
  mostLanes,
  roles,
  type PartitionState,
  type ProcessState,
  type Role,
  type Workers,
} from "../../ports/worker-store.ts";
import { statement, type Sql } from "./database.ts";
import type { Places } from "./places.ts";

interface ProcessRow {
  readonly slot: number;
  readonly name: string;
  readonly version: string;
  readonly roles: string;
  readonly started_at: number;
  readonly renewed_at: number;
  readonly alive: boolean;
}

type WorkerRow = Omit<ProcessRow, "slot" | "version" | "roles"> & { readonly id: string };

interface LeaseRow {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
  readonly taken_at: number | null;
}

interface WaitingRow {
  readonly partition: number;
  readonly waiting: number;
  readonly due_since: number | null;
}

/** A process renews its rows each second. */
const aliveMs = 10_000;
const inMs = (column: string) => `(extract(epoch FROM ${column}) * 1000)::int8`;
const times = `${inMs("started_at")} AS started_at, ${inMs("renewed_at")} AS renewed_at,
  renewed_at > clock_timestamp() - ${aliveMs} * interval '1 ms' AS alive`;

const processes = statement<ProcessRow>(
  "workers-list-processes",
  `SELECT slot, name, version, roles, ${times} FROM processes
   WHERE id <> '' AND renewed_at > clock_timestamp() - interval '1 day' ORDER BY slot`,
);
const owners = statement<WorkerRow>(
  "workers-list-owners",
  `SELECT id, name, ${times} FROM workers`,
);
const leases = statement<LeaseRow>(
  "workers-list-leases",
  `SELECT partition, owner, epoch, ${inMs("taken_at")} AS taken_at FROM leases ORDER BY partition`,
);
/** Bounded twice: rows that are counted, and endpoints that are probed, one range of keys each. */
const waiting = statement<WaitingRow>(
  "queue-waiting-of-partitions",
  `SELECT p.partition,
     (SELECT count(*) FROM (
       SELECT FROM queue WHERE partition = p.partition LIMIT ${mostCounted + 1}) counted) AS waiting,
     (WITH RECURSIVE lane (endpoint, due, n) AS (
        (SELECT endpoint, due, 1 FROM queue WHERE partition = p.partition
         ORDER BY endpoint, due LIMIT 1)
        UNION ALL
        SELECT next.endpoint, next.due, l.n + 1 FROM lane l CROSS JOIN LATERAL (
          SELECT endpoint, due FROM queue WHERE partition = p.partition AND endpoint > l.endpoint
          ORDER BY endpoint, due LIMIT 1) next
        WHERE l.n < ${mostLanes})
      SELECT min(due) FROM lane l WHERE due <= $2
        AND NOT EXISTS (SELECT FROM endpoints e WHERE e.id = l.endpoint
          AND (e.config::json ->> 'paused' = 'true' OR e.config::json ->> 'disabled' = 'true'))
        AND NOT EXISTS (SELECT FROM lanes s WHERE s.partition = p.partition
          AND s.endpoint = l.endpoint AND s.record::json ->> 'breaker' = 'open')) AS due_since
   FROM unnest($1::int4[]) AS p (partition)`,
);

/** Several statements, so that tables of one node and tables of all are not in one. */
export async function listWorkers(sql: Sql, places: Places, now: number): Promise<Workers> {
  const workers = await sql.all(owners);
  const known = (await sql.all(processes)).map(toProcess);
  const names = new Map(workers.map(({ id, name }) => [id, name]));
  const counts = await sql.all(waiting, places.everywhere, now);
  const countOf = new Map(counts.map((row) => [row.partition, row]));
  const partitions = (await sql.all(leases)).map((lease): PartitionState => {
    const { epoch, owner, partition, taken_at: takenAt } = lease;
    const count = countOf.get(partition);
    return {
      partition,
      owner: owner === "" ? null : (names.get(owner) ?? owner),
      takenAt: owner === "" ? null : takenAt,
      epoch,
      waiting: count?.waiting ?? 0,
      dueSince: count?.due_since ?? null,
    };
  });
  return { processes: [...known, ...olderOf(workers, known)], partitions };
}

/** Processes of the version before own partitions, and have no row of their own. */
function olderOf(
  workers: readonly WorkerRow[],
  known: readonly ProcessState[],
): readonly ProcessState[] {
  const names = new Set(known.map(({ name }) => name));
  return workers
    .filter(({ alive, name }) => alive && !names.has(name))
    .map(({ alive, name, renewed_at: renewedAt, started_at: startedAt }) => {
      return { name, version: null, roles, slot: 0, startedAt, renewedAt, alive };
    });
}

function toProcess(row: ProcessRow): ProcessState {
  const { alive, name, renewed_at: renewedAt, slot, started_at: startedAt, version } = row;
  const given = row.roles.split(",");
  const own = roles.filter((role: Role) => given.includes(role));
  return { name, version, roles: own, slot, startedAt, renewedAt, alive };
}
