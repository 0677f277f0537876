import { firstIdAt, type EndpointId } from "../../domain/ids.ts";
import type { EndpointStats } from "../../ports/endpoint-store.ts";
import { hourMs } from "../sql/end-states.ts";
import { statement, type Sql } from "./database.ts";
import type { Places } from "./places.ts";

interface Counts {
  readonly made: number;
  readonly success: number;
  readonly fail: number;
  readonly canceled: number;
}

const ended = `count(*) AS made, count(*) FILTER (WHERE state = 0) AS success,
  count(*) FILTER (WHERE state = 1) AS fail, count(*) FILTER (WHERE state = 2) AS canceled`;
const waiting = "count(*) AS made, 0::int8 AS success, 0::int8 AS fail, 0::int8 AS canceled";

const hours = statement<Counts>(
  "stats-hours",
  `SELECT coalesce(sum(made), 0)::int8 AS made, coalesce(sum(success), 0)::int8 AS success,
   coalesce(sum(fail), 0)::int8 AS fail, coalesce(sum(canceled), 0)::int8 AS canceled
   FROM endpoint_hours WHERE partition = $1 AND endpoint = $2 AND hour >= $3 AND hour < $4`,
);
const spans = [
  `SELECT ${ended} FROM deliveries
   WHERE partition = $1 AND endpoint = $2 AND message >= $3 AND message < $4 AND NOT resent`,
  `SELECT ${ended} FROM deliveries
   WHERE partition = $1 AND endpoint = $2 AND delivery >= $3 AND delivery < $4 AND resent`,
  `SELECT ${waiting} FROM queue
   WHERE partition = $1 AND endpoint = $2 AND message >= $3 AND message < $4 AND NOT resent`,
  `SELECT ${waiting} FROM queue
   WHERE partition = $1 AND endpoint = $2 AND delivery >= $3 AND delivery < $4 AND resent`,
].map((text, index) => statement<Counts>(`stats-span-${index}`, text));

/**
 * Whole hours come from the rollups, the partial ones at both ends are counted in the indexes. A
 * delivery belongs to the time of its message's id (it was made with it), one that a resend made to
 * the time of its own.
 */
export async function endpointStats(
  sql: Sql,
  places: Places,
  id: EndpointId,
  between: { readonly since: number; readonly until: number },
): Promise<EndpointStats> {
  const partition = (await places.endpoint(sql, id))?.partition;
  if (partition === undefined) return { success: 0, fail: 0, canceled: 0, waiting: 0 };
  const counts: (Counts | undefined)[] = [];
  const span = async (from: number, to: number) => {
    if (from >= to) return;
    for (const each of spans) {
      counts.push(await sql.get(each, partition, id, firstIdAt(from), firstIdAt(to)));
    }
  };
  const { since, until } = between;
  const firstHour = Math.ceil(since / hourMs);
  const endHour = Math.floor(until / hourMs);
  if (firstHour <= endHour) {
    await span(since, firstHour * hourMs);
    counts.push(await sql.get(hours, partition, id, firstHour, endHour));
    await span(endHour * hourMs, until);
  } else {
    await span(since, until);
  }
  return total(counts);
}

function total(counts: readonly (Counts | undefined)[]): EndpointStats {
  let [made, success, fail, canceled] = [0, 0, 0, 0];
  for (const each of counts) {
    if (each === undefined) continue;
    made += each.made;
    success += each.success;
    fail += each.fail;
    canceled += each.canceled;
  }
  return { success, fail, canceled, waiting: made - success - fail - canceled };
}
