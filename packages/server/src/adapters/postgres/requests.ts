import type { SealedText } from "../../domain/endpoint.ts";
import type { RequestId, SourceId } from "../../domain/ids.ts";
import type { InboundRequest } from "../../domain/inbound-request.ts";
import type { Page } from "../../ports/paging.ts";
import type { NewRequest, RepeatCount, RequestFilter } from "../../ports/source-store.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import {
  docOf,
  requestColumns,
  requestValues,
  toRequest,
  type RequestRow,
} from "../sql/request-rows.ts";
import { statement, type Sql } from "./database.ts";
import { dayOf } from "../sql/day.ts";
import { bytesOf } from "./messages.ts";
import { readPage } from "./paging.ts";

interface KeptRow {
  readonly kept: SealedText;
  readonly body: Uint8Array;
}

const placeOf = statement<{ partition: number }>(
  "requests-place",
  "SELECT partition FROM sources WHERE id = $1",
);
const insert = statement(
  "requests-insert",
  `INSERT INTO requests (${requestColumns}, day, kept, body)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
   ON CONFLICT (partition, source, id, day) DO NOTHING`,
);
const repeat = statement(
  "requests-repeat",
  `UPDATE requests SET repeats = repeats + $4
   WHERE partition = $1 AND source = $2 AND id = $3`,
);
const take = statement(
  "requests-take",
  `DELETE FROM requests
   WHERE partition = $1 AND source = $2 AND id = $3 AND outcome = 'rejected'`,
);
const judge = statement(
  "requests-judge",
  `UPDATE requests SET reason = $4, doc = $5
   WHERE partition = $1 AND source = $2 AND id = $3 AND outcome = 'rejected'`,
);
const byId = statement<RequestRow>(
  "requests-by-id",
  `SELECT ${requestColumns} FROM requests WHERE partition = $1 AND source = $2 AND id = $3`,
);
const keptById = statement<KeptRow>(
  "requests-kept",
  `SELECT kept, body FROM requests
   WHERE partition = $1 AND source = $2 AND id = $3 AND kept_until > $4`,
);
const lists = { ascending: list("ascending", ""), descending: list("descending", "") };
/** Said twice, or the index of those that were not accepted is not used. */
const ofOutcome = "AND outcome = $5 AND outcome <> 'accepted'";
const listsOf = {
  ascending: list("ascending-of", ofOutcome),
  descending: list("descending-of", ofOutcome),
};

function list(name: string, and: string) {
  const descending = name.startsWith("descending");
  return statement<RequestRow>(
    `requests-${name}`,
    `SELECT ${requestColumns} FROM requests
     WHERE partition = $1 AND source = $2 ${and} AND id ${descending ? "<" : ">"} $3
     ORDER BY id ${descending ? "DESC" : "ASC"} LIMIT $4`,
  );
}

/** Into a day that is there. */
export async function addRequest(sql: Sql, { kept, request }: NewRequest): Promise<void> {
  await sql.run(
    insert,
    ...requestValues(request),
    dayOf(request.retainUntil),
    kept?.sealed ?? null,
    kept?.body ?? null,
  );
}

export async function addRepeats(sql: Sql, counts: readonly RepeatCount[]): Promise<void> {
  for (const { count, partition, request, source } of counts) {
    await sql.run(repeat, partition, source, request, count);
  }
}

/** Removes the row of a rejected request, for one that takes its place. */
export async function takeRejected(
  sql: Sql,
  { id, partition, source }: InboundRequest,
): Promise<boolean> {
  return (await sql.run(take, partition, source, id)) > 0;
}

export async function updateRejected(
  sql: Sql,
  verdict: Pick<InboundRequest, "id" | "source" | "reason" | "detail" | "diagnosis">,
): Promise<void> {
  const found = await findRequest(sql, verdict.source, verdict.id);
  if (found === undefined) return;
  const doc = docOf({ ...found, ...verdict });
  await sql.run(judge, found.partition, found.source, found.id, verdict.reason, doc);
}

export async function findRequest(
  sql: Sql,
  source: SourceId,
  id: RequestId,
): Promise<InboundRequest | undefined> {
  const place = await sql.get(placeOf, source);
  const row = place === undefined ? undefined : await sql.get(byId, place.partition, source, id);
  return row === undefined ? undefined : toRequest(row);
}

export async function keptRequest(
  sql: Sql,
  source: SourceId,
  request: { readonly id: RequestId; readonly now: number },
): Promise<NewRequest["kept"] | undefined> {
  const place = await sql.get(placeOf, source);
  if (place === undefined) return undefined;
  const row = await sql.get(keptById, place.partition, source, request.id, request.now);
  return row === undefined ? undefined : { sealed: row.kept, body: bytesOf(row.body) };
}

export async function listRequests(
  sql: Sql,
  source: SourceId,
  filter: RequestFilter,
  page: Page<RequestId>,
) {
  const place = await sql.get(placeOf, source);
  if (place === undefined) return { items: [], done: true };
  const { partition } = place;
  const { outcome } = filter;
  const rows = (downwards: boolean, bound: RequestId | undefined, limit: number) => {
    const from = bound ?? (downwards ? lastId : firstId);
    const order = downwards ? "descending" : "ascending";
    return outcome === undefined || outcome === "accepted"
      ? sql.all(lists[order], partition, source, from, limit)
      : sql.all(listsOf[order], partition, source, from, limit, outcome);
  };
  return readPage(
    page,
    { rows, keyOf: (row) => row.id },
    {
      filtered: outcome === "accepted",
      accept: (found) =>
        found.map((row) =>
          outcome === undefined || row.outcome === outcome ? toRequest(row) : undefined,
        ),
    },
  );
}
