import type { EndpointId } from "../../domain/ids.ts";
import type { LaneRecord } from "../../domain/lane.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { int4s, int8s, texts } from "./arrays.ts";
import { statement, type Sql } from "./database.ts";
import type { Places } from "./places.ts";

interface Row {
  readonly record: JsonText<LaneRecord>;
}

export interface LanePlace {
  readonly partition: number;
  readonly endpoint: EndpointId;
}

const find = statement<Row>(
  "lanes-find",
  "SELECT record FROM lanes WHERE partition = $1 AND endpoint = $2",
);
const ofPartitions = statement<Row>(
  "lanes-of-partitions",
  "SELECT record FROM lanes WHERE partition = ANY($1::int4[])",
);
const put = statement(
  "lanes-put",
  `INSERT INTO lanes (partition, endpoint, record)
   SELECT * FROM unnest($1::int4[], $2::int8[], $3::text[])
   ON CONFLICT (partition, endpoint) DO UPDATE SET record = excluded.record`,
);
/** An endpoint lies in one partition, so that of all pairs of the two only those that are meant are there. */
const remove = statement(
  "lanes-remove",
  "DELETE FROM lanes WHERE partition = ANY($1::int4[]) AND endpoint = ANY($2::int8[])",
);

export async function laneOf(
  sql: Sql,
  places: Places,
  id: EndpointId,
): Promise<LaneRecord | undefined> {
  const place = await places.endpoint(sql, id);
  const row = place === undefined ? undefined : await sql.get(find, place.partition, id);
  return row === undefined ? undefined : parseJson(row.record);
}

/** What the owner wrote of lanes that are not at rest. */
export async function lanesOf(
  sql: Sql,
  partitions: readonly number[],
): Promise<readonly LaneRecord[]> {
  return (await sql.all(ofPartitions, int4s(partitions))).map((row) => parseJson(row.record));
}

export async function putLanes(
  sql: Sql,
  lanes: readonly (LanePlace & { readonly record: LaneRecord })[],
): Promise<void> {
  if (lanes.length === 0) return;
  await sql.run(
    put,
    int4s(lanes.map(({ partition }) => partition)),
    int8s(lanes.map(({ endpoint }) => endpoint)),
    texts(lanes.map(({ record }) => JSON.stringify(record))),
  );
}

export async function removeLanes(sql: Sql, lanes: readonly LanePlace[]): Promise<void> {
  if (lanes.length === 0) return;
  await sql.run(
    remove,
    int4s([...new Set(lanes.map(({ partition }) => partition))]),
    int8s(lanes.map(({ endpoint }) => endpoint)),
  );
}
