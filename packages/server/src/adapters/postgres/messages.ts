import type { ApplicationId, MessageId } from "../../domain/ids.ts";
import type { Message, MessageContent } from "../../domain/message.ts";
import type { MessageFilter, MessageRef, NewMessage } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import { parseJson, textToList, type JsonText } from "../sql/json.ts";
import { idBounds, isFiltering, matchesMessage, type MessageMeta } from "../sql/message-filter.ts";
import { int4s, int8s } from "./arrays.ts";
import { only, statement, type Sql } from "./database.ts";
import { readPage } from "./paging.ts";
import type { Places } from "./places.ts";
import type { Reader } from "./transaction.ts";

type Doc = Pick<Message, "eventId" | "deliverAt" | "expiresAt" | "configVersion">;
export type Content = Omit<MessageContent, "body">;

interface Row {
  readonly id: MessageId;
  readonly application: ApplicationId;
  readonly created_at: number;
  readonly retain_until: number;
  readonly partition: number;
  readonly event_type: string;
  readonly channels: JsonText<readonly string[]> | null;
  readonly tags: JsonText<readonly string[]> | null;
  readonly doc: JsonText<Doc>;
  readonly content: JsonText<Content> | null;
  readonly payload_json: string | null;
  readonly body: Uint8Array | null;
}

/** A message, and the day that its rows are kept until. */
export interface DatedId {
  readonly id: MessageId;
  readonly day: number;
}

interface DatedMeta extends MessageMeta, DatedId {
  readonly id: MessageId;
}

const columns = `id, application, created_at, retain_until, partition, event_type, channels, tags,
  doc, content, payload_json, body`;
const metaColumns = "id, event_type, channels, tags, created_at";

const byId = statement<Row>(
  "messages-by-id",
  `SELECT ${columns} FROM messages
   WHERE partition = $1 AND application = $2 AND id = $3`,
);
const byIds = statement<Row>("messages-by-ids", ofDays(columns));
const metas = statement<MessageMeta>("messages-metas", ofDays(metaColumns));
const byEventId = statement<{ message: MessageId }>(
  "messages-by-event-id",
  `SELECT message FROM event_ids WHERE partition = $1 AND application = $2 AND event_id = $3`,
);
const ascending = statement<DatedMeta>(
  "messages-ascending",
  `SELECT ${metaColumns}, day FROM messages
   WHERE partition = $1 AND application = $2 AND id > $3 AND id < $4 ORDER BY id LIMIT $5`,
);
const descending = statement<DatedMeta>(
  "messages-descending",
  `SELECT ${metaColumns}, day FROM messages
   WHERE partition = $1 AND application = $2 AND id > $3 AND id < $4 ORDER BY id DESC LIMIT $5`,
);
const forgetContent = statement(
  "messages-forget-content",
  `UPDATE messages SET content = NULL, payload_json = NULL, body = NULL
   WHERE partition = $1 AND application = $2 AND id = $3`,
);

/** Each in its day: of the partitions of three months one is looked at for a row. */
function ofDays(wanted: string): string {
  return `SELECT m.* FROM unnest($2::int8[], $3::int4[]) AS k (id, day)
   CROSS JOIN LATERAL (SELECT ${wanted} FROM messages
     WHERE partition = $1 AND day = k.day AND ${only("id", "k.id")}) m`;
}

function datedValues(messages: readonly DatedId[]): Buffer[] {
  const days = new Map(messages.map(({ day, id }) => [id, day]));
  return [int8s([...days.keys()]), int4s([...days.values()])];
}

/** The columns of a new message that hold JSON. */
export function docsOf(message: NewMessage): { readonly doc: string; readonly content: string } {
  const { configVersion, content, deliverAt, eventId, expiresAt } = message;
  const doc: Doc = { eventId, deliverAt, expiresAt, configVersion };
  const { contentType, headers, source } = content;
  const sent: Content = { headers, contentType, ...(source === undefined ? {} : { source }) };
  return { doc: JSON.stringify(doc), content: JSON.stringify(sent) };
}

export async function findMessage(
  sql: Sql,
  places: Places,
  application: ApplicationId,
  ref: MessageRef,
): Promise<Message | undefined> {
  const partition = await places.application(sql, application);
  if (partition === undefined) return undefined;
  const found =
    ref.kind === "id" ? undefined : await sql.get(byEventId, partition, application, ref.eventId);
  const id = ref.kind === "id" ? ref.id : found?.message;
  const row = id === undefined ? undefined : await sql.get(byId, partition, application, id);
  if (row === undefined) return undefined;
  places.saw(row.id, row);
  return toMessage(row);
}

/** Of one partition. */
export async function messagesByIds(
  sql: Sql,
  partition: number,
  messages: readonly DatedId[],
): Promise<ReadonlyMap<MessageId, Message>> {
  if (messages.length === 0) return new Map();
  const rows = await sql.all(byIds, partition, ...datedValues(messages));
  return new Map(rows.map((row) => [row.id, toMessage(row)]));
}

export async function metasByIds(
  sql: Sql,
  partition: number,
  messages: readonly DatedId[],
): Promise<ReadonlyMap<MessageId, MessageMeta>> {
  const rows = await sql.all(metas, partition, ...datedValues(messages));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function listMessages(
  { places, sql }: Reader,
  application: ApplicationId,
  filter: MessageFilter,
  page: Page<MessageId>,
) {
  const partition = await places.application(sql, application);
  if (partition === undefined) return { items: [], done: true };
  const bounds = idBounds(filter);
  const rows = (downwards: boolean, bound: MessageId | undefined, limit: number) => {
    const above = downwards ? bounds.above : bounds.aboveOr(bound);
    const below = bounds.below(downwards ? bound : undefined);
    const list = downwards ? descending : ascending;
    return sql.all(list, partition, application, above, below, limit);
  };
  const accept = async (found: readonly DatedMeta[]) => {
    const wanted = found.filter((row) => matchesMessage(filter, row)).slice(0, page.limit + 1);
    const messages = await messagesByIds(sql, partition, wanted);
    return found.map(({ id }) => messages.get(id));
  };
  return readPage(
    page,
    { rows, keyOf: (row) => row.id },
    { filtered: isFiltering(filter), accept },
  );
}

export async function deleteMessageContent(sql: Sql, places: Places, id: MessageId): Promise<void> {
  const place = await places.message(sql, id);
  if (place !== undefined) await sql.run(forgetContent, place.partition, place.application, id);
}

export function toContent(row: Pick<Row, "body" | "content">): MessageContent | null {
  if (row.content === null) return null;
  return { body: bytesOf(row.body), ...parseJson(row.content) };
}

/** Not a `Buffer`: that may be a part of a larger one, which a message to a thread would copy. */
export function bytesOf(column: Uint8Array | null): Uint8Array {
  return column === null ? new Uint8Array(0) : Uint8Array.from(column);
}

function toMessage(row: Row): Message {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    eventType: row.event_type,
    channels: textToList(row.channels),
    tags: textToList(row.tags),
    content: toContent(row),
    payloadJson: row.payload_json,
    createdAt: row.created_at,
    retainUntil: row.retain_until,
    ...parseJson(row.doc),
  };
}
