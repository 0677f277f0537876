import type { Attempt } from "../../domain/delivery.ts";
import type {
  ApplicationId,
  AttemptId,
  DeliveryId,
  EndpointId,
  MessageId,
} from "../../domain/ids.ts";
import type { Outcome, ReceivedResponse } from "../../domain/outcome.ts";
import type { AttemptFilter } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { idBounds, isBetween, isFiltering, matchesMessage } from "../sql/message-filter.ts";
import { byteas, int4s, int8s, texts } from "./arrays.ts";
import { only, statement, type Sql } from "./database.ts";
import { bytesOf, metasByIds } from "./messages.ts";
import { readPage } from "./paging.ts";
import type { Places } from "./places.ts";
import type { Reader } from "./transaction.ts";

interface Doc extends Pick<
  Attempt,
  | "number"
  | "trigger"
  | "errorClass"
  | "detail"
  | "phases"
  | "address"
  | "endpointVersion"
  | "worker"
> {
  readonly truncated: boolean | null;
}

interface Row {
  readonly message: MessageId;
  readonly id: AttemptId;
  readonly endpoint: EndpointId;
  readonly delivery: DeliveryId;
  readonly application: ApplicationId;
  readonly started_at: number;
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly doc: JsonText<Doc>;
  readonly response_headers: JsonText<ReceivedResponse["headers"]> | null;
  readonly response_body: Uint8Array | null;
}

/** What a list is filtered by: the content is read of the rows that it keeps. */
interface Meta extends Pick<
  Row,
  "message" | "id" | "endpoint" | "started_at" | "status" | "outcome"
> {
  readonly partition: number;
  readonly day: number;
}

const columns = `message, id, endpoint, delivery, application, started_at, status, outcome, doc,
  response_headers, response_body`;
const metaColumns = "message, id, endpoint, started_at, status, outcome, partition, day";

const find = statement<Row>(
  "attempts-find",
  `SELECT a.* FROM unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (SELECT ${columns} FROM attempts
     WHERE partition = p.partition AND message = $2 AND ${only("id", "$3::int8")}) a`,
);
/** Each in its day: of the partitions of three months one is looked at for a row. */
const byKeys = statement<Row>(
  "attempts-by-keys",
  `SELECT a.* FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int4[])
     AS k (partition, message, id, day)
   CROSS JOIN LATERAL (SELECT ${columns} FROM attempts WHERE partition = k.partition
     AND message = k.message AND day = k.day AND ${only("id", "k.id")}) a`,
);
const page = (name: string, select: (tail: string) => string) => ({
  ascending: statement<Meta>(`${name}-ascending`, select("ORDER BY id LIMIT $5")),
  descending: statement<Meta>(`${name}-descending`, select("ORDER BY id DESC LIMIT $5")),
});
const ofMessage = page(
  "attempts-of-message",
  (tail) =>
    `SELECT a.* FROM unnest($1::int4[]) AS p (partition)
     CROSS JOIN LATERAL (SELECT ${metaColumns} FROM attempts
       WHERE partition = p.partition AND message = $2 AND id > $3 AND id < $4 ${tail}) a ${tail}`,
);
const ofEndpoint = page(
  "attempts-of-endpoint",
  (tail) =>
    `SELECT ${metaColumns} FROM attempts
     WHERE partition = $1 AND endpoint = $2 AND id > $3 AND id < $4 ${tail}`,
);
const forgetContent = statement(
  "attempts-forget-content",
  `UPDATE attempts SET response_headers = '[]', response_body = NULL
   WHERE partition = ANY($1::int4[]) AND message = $2 AND endpoint = $3 AND id = $4
     AND status IS NOT NULL`,
);

export const attemptColumns = `message, id, endpoint, delivery, application, started_at, partition,
  status, outcome, doc, response_headers, response_body`;

/** Twelve arrays, one for each of `attemptColumns`; without an attempt a row has nothing. */
export function attemptValues(
  rows: readonly { readonly attempt: Attempt | undefined; readonly partition: number }[],
): Buffer[] {
  const of = <T>(read: (attempt: Attempt) => T) =>
    rows.map(({ attempt }) => (attempt === undefined ? null : read(attempt)));
  return [
    int8s(of(({ message }) => message)),
    int8s(of(({ id }) => id)),
    int8s(of(({ endpoint }) => endpoint)),
    int8s(of(({ delivery }) => delivery)),
    int8s(of(({ application }) => application)),
    int8s(of(({ startedAt }) => startedAt)),
    int4s(rows.map(({ partition }) => partition)),
    int4s(of(({ response }) => response?.status ?? null)),
    texts(of(({ outcome }) => outcome)),
    texts(of((attempt) => JSON.stringify(docOf(attempt)))),
    texts(of(({ response }) => (response === null ? null : JSON.stringify(response.headers)))),
    byteas(of(({ response }) => response?.body ?? null)),
  ];
}

export async function findAttempt(
  sql: Sql,
  places: Places,
  message: MessageId,
  id: AttemptId,
): Promise<Attempt | undefined> {
  const homes = await places.ofDeliveries(sql, message);
  const row = homes === undefined ? undefined : await sql.get(find, homes, message, id);
  return row === undefined ? undefined : toAttempt(row);
}

export async function listAttemptsOfMessage(
  { places, sql }: Reader,
  message: MessageId,
  filter: AttemptFilter,
  asked: Page<AttemptId>,
) {
  const place = await places.message(sql, message);
  const homes = await places.ofDeliveries(sql, message);
  if (place === undefined || homes === undefined) return { items: [], done: true };
  const owner = { messages: place.partition };
  const rows = rowsOf(filter, (downwards, above, below, limit) =>
    sql.all(
      downwards ? ofMessage.descending : ofMessage.ascending,
      homes,
      message,
      above,
      below,
      limit,
    ),
  );
  return list(sql, { owner, rows }, filter, asked);
}

export async function listAttemptsOfEndpoint(
  { places, sql }: Reader,
  endpoint: EndpointId,
  filter: AttemptFilter,
  asked: Page<AttemptId>,
) {
  const place = await places.endpoint(sql, endpoint);
  if (place === undefined) return { items: [], done: true };
  const { application, partition } = place;
  const messages = (await places.application(sql, application)) ?? partition;
  const owner = { messages };
  const rows = rowsOf(filter, (downwards, above, below, limit) =>
    sql.all(
      downwards ? ofEndpoint.descending : ofEndpoint.ascending,
      partition,
      endpoint,
      above,
      below,
      limit,
    ),
  );
  return list(sql, { owner, rows }, filter, asked);
}

export async function deleteAttemptContent(
  sql: Sql,
  places: Places,
  message: MessageId,
  id: AttemptId,
): Promise<"deleted" | "not-found"> {
  const homes = await places.ofDeliveries(sql, message);
  const row = homes === undefined ? undefined : await sql.get(find, homes, message, id);
  if (homes === undefined || row === undefined) return "not-found";
  await sql.run(forgetContent, homes, message, row.endpoint, id);
  return "deleted";
}

function rowsOf(
  filter: AttemptFilter,
  read: (
    downwards: boolean,
    above: number,
    below: number,
    limit: number,
  ) => Promise<readonly Meta[]>,
) {
  const bounds = idBounds(filter);
  return (downwards: boolean, bound: AttemptId | undefined, limit: number) =>
    downwards
      ? read(true, bounds.above, bounds.below(bound), limit)
      : read(false, bounds.aboveOr(bound), bounds.below(undefined), limit);
}

interface Source {
  /** The partition of their messages. */
  readonly owner: { readonly messages: number };
  readonly rows: ReturnType<typeof rowsOf>;
}

function list(sql: Sql, { owner, rows }: Source, filter: AttemptFilter, asked: Page<AttemptId>) {
  const { before: _before, after: _after, ...ofMessages } = filter;
  const accept = async (found: readonly Meta[]) => {
    let wanted = found.filter((row) => matches(filter, row));
    if (isFiltering(ofMessages) && wanted.length > 0) {
      const places = wanted.map(({ day, message }) => ({ id: message, day }));
      const metas = await metasByIds(sql, owner.messages, places);
      wanted = wanted.filter(({ message }) => {
        const meta = metas.get(message);
        return meta !== undefined && matchesMessage(ofMessages, meta);
      });
    }
    const attempts = await attemptsOf(sql, wanted.slice(0, asked.limit + 1));
    return found.map(({ id }) => attempts.get(id));
  };
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return readPage(asked, { rows, keyOf: (row: Meta) => row.id }, { filtered, accept });
}

async function attemptsOf(
  sql: Sql,
  metas: readonly Meta[],
): Promise<ReadonlyMap<AttemptId, Attempt>> {
  if (metas.length === 0) return new Map();
  const rows = await sql.all(
    byKeys,
    int4s(metas.map(({ partition }) => partition)),
    int8s(metas.map(({ message }) => message)),
    int8s(metas.map(({ id }) => id)),
    int4s(metas.map(({ day }) => day)),
  );
  return new Map(rows.map((row) => [row.id, toAttempt(row)]));
}

function matches(filter: AttemptFilter, row: Meta): boolean {
  const { endpoint, outcome, statusCodeClass } = filter;
  if (!isBetween(filter, row.started_at)) return false;
  if (endpoint !== undefined && row.endpoint !== endpoint) return false;
  if (outcome !== undefined && !outcome.includes(row.outcome)) return false;
  const statusClass = row.status === null ? 0 : Math.floor(row.status / 100) * 100;
  return statusCodeClass === undefined || statusClass === statusCodeClass;
}

function docOf(attempt: Attempt): Doc {
  return {
    number: attempt.number,
    trigger: attempt.trigger,
    errorClass: attempt.errorClass,
    detail: attempt.detail,
    phases: attempt.phases,
    address: attempt.address,
    endpointVersion: attempt.endpointVersion,
    worker: attempt.worker,
    truncated: attempt.response?.truncated ?? null,
  };
}

function toAttempt(row: Row): Attempt {
  const { truncated, ...doc } = parseJson(row.doc);
  return {
    id: row.id,
    application: row.application,
    endpoint: row.endpoint,
    message: row.message,
    delivery: row.delivery,
    startedAt: row.started_at,
    outcome: row.outcome,
    ...doc,
    response: toResponse(row, truncated === true),
  };
}

function toResponse(row: Row, truncated: boolean): ReceivedResponse | null {
  if (row.status === null) return null;
  const headers = row.response_headers === null ? [] : parseJson(row.response_headers);
  return { status: row.status, headers, body: bytesOf(row.response_body), truncated };
}
