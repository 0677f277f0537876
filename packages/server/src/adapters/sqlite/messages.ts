import { idTimeMs, type ApplicationId, type MessageId, type SourceId } from "../../domain/ids.ts";
import type { Message, MessageContent } from "../../domain/message.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type {
  MessageFilter,
  MessageRef,
  NewMessage,
  Publication,
  PublishResult,
} from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Database } from "./database.ts";
import { listToText, parseJson, textToList, type JsonText } from "../sql/json.ts";
import { idBounds, isFiltering, matchesMessage, type MessageMeta } from "../sql/message-filter.ts";
import { readPage } from "./paging.ts";
import { RecentContents } from "./recent-contents.ts";
import type { Queue } from "./queue.ts";
import type { Requests } from "./requests.ts";
import type { Shared } from "./shared.ts";

interface ContentRow {
  readonly content_headers: JsonText<MessageContent["headers"]> | null;
  readonly content_type: string | null;
  readonly body: Uint8Array | null;
  readonly source: SourceId | null;
}

interface Row extends ContentRow {
  readonly id: MessageId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly event_type: string;
  readonly event_id: string | null;
  readonly channels: JsonText<readonly string[]> | null;
  readonly tags: JsonText<readonly string[]> | null;
  readonly created_at: number;
  readonly deliver_at: number | null;
  readonly expires_at: number | null;
  readonly retain_until: number;
  readonly config_version: number;
  readonly payload_json: string | null;
}

const columns = `id, application, partition, event_type, event_id, channels, tags, created_at,
  deliver_at, expires_at, retain_until, config_version, content_headers, content_type,
  payload_json, body, source`;
const metaColumns = "id, event_type, channels, tags, created_at";

export class Messages {
  readonly #shared: Shared;
  readonly #queue: Queue;
  readonly #requests: Requests;
  readonly #recent = new RecentContents();
  readonly #insert;
  readonly #eventId;
  readonly #putEventId;
  readonly #byId;
  readonly #meta;
  readonly #content;
  readonly #ascending;
  readonly #descending;
  readonly #forgetContent;

  constructor(
    database: Database,
    shared: Shared,
    parts: { readonly queue: Queue; readonly requests: Requests },
  ) {
    this.#shared = shared;
    this.#queue = parts.queue;
    this.#requests = parts.requests;
    this.#insert = database.prepare(
      `INSERT INTO messages (${columns})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#eventId = database.prepare<{ message: MessageId; expires_at: number }>(
      "SELECT message, expires_at FROM event_ids WHERE application = ? AND event_id = ?",
    );
    this.#putEventId = database.prepare(
      `INSERT OR REPLACE INTO event_ids (application, event_id, message, expires_at)
       VALUES (?, ?, ?, ?)`,
    );
    this.#byId = database.prepare<Row>(`SELECT ${columns} FROM messages WHERE id = ?`);
    this.#meta = database.prepare<MessageMeta>(`SELECT ${metaColumns} FROM messages WHERE id = ?`);
    this.#content = database.prepare<ContentRow>(
      "SELECT content_headers, content_type, body, source FROM messages WHERE id = ?",
    );
    this.#ascending = database.prepare<MessageMeta>(
      `SELECT ${metaColumns} FROM messages WHERE application = ? AND id > ? AND id < ?
       ORDER BY id LIMIT ?`,
    );
    this.#descending = database.prepare<MessageMeta>(
      `SELECT ${metaColumns} FROM messages WHERE application = ? AND id > ? AND id < ?
       ORDER BY id DESC LIMIT ?`,
    );
    this.#forgetContent = database.prepare(
      `UPDATE messages SET content_headers = NULL, content_type = NULL, payload_json = NULL,
       body = NULL WHERE id = ?`,
    );
  }

  publish(publication: Publication): PublishResult {
    const { idempotency, installation, living } = this.#shared;
    const { message, reception, remember } = publication;
    const repeated = idempotency.repeated(remember, message.createdAt);
    if (repeated !== undefined) return repeated;
    if (!living.has(message.application)) {
      return { kind: "application-not-found" };
    }
    if (message.eventId !== null) {
      const taken = this.#eventId.get(message.application, message.eventId);
      if (taken !== undefined && taken.expires_at > message.createdAt) {
        return { kind: "event-id-taken", by: taken.message };
      }
      const { application, eventId, id, retainUntil } = message;
      this.#putEventId.run(application, eventId, id, retainUntil);
    }
    const duplicate = reception === undefined ? undefined : this.#requests.receive(reception);
    if (duplicate !== undefined) return duplicate;
    this.#write(message);
    this.#plan(publication);
    idempotency.remember(remember);
    installation.saw(message.id);
    return { kind: "published" };
  }

  acceptRejected(publication: Publication): PublishResult | { readonly kind: "not-rejected" } {
    const { message, reception } = publication;
    if (reception === undefined) throw new Error("a publication without the request it is of");
    if (!this.#shared.living.has(message.application)) {
      return { kind: "application-not-found" };
    }
    if (!this.#requests.takeRejected(reception.request)) return { kind: "not-rejected" };
    return this.publish(publication);
  }

  findMessage(application: ApplicationId, ref: MessageRef): Message | undefined {
    const id = ref.kind === "id" ? ref.id : this.#eventId.get(application, ref.eventId)?.message;
    const message = id === undefined ? undefined : this.byId(id);
    return message?.application === application ? message : undefined;
  }

  byId(id: MessageId): Message | undefined {
    const row = this.#byId.get(id);
    return row === undefined ? undefined : toMessage(row);
  }

  meta(id: MessageId): MessageMeta | undefined {
    return this.#meta.get(id);
  }

  contentOf(id: MessageId): MessageContent | null {
    const recent = this.#recent.get(id);
    if (recent !== undefined) return recent;
    const row = this.#content.get(id);
    const content = row === undefined ? null : toContent(row);
    if (content !== null) this.#recent.add(id, content);
    return content;
  }

  listMessages(application: ApplicationId, filter: MessageFilter, page: Page<MessageId>) {
    const bounds = idBounds(filter);
    const rows = (descending: boolean, bound: MessageId | undefined, limit: number) =>
      descending
        ? this.#descending.all(application, bounds.above, bounds.below(bound), limit)
        : this.#ascending.all(application, bounds.aboveOr(bound), bounds.below(undefined), limit);
    return readPage(page, { rows, keyOf: (row) => row.id }, isFiltering(filter), (row) =>
      matchesMessage(filter, row) ? this.byId(row.id) : undefined,
    );
  }

  deleteMessageContent(message: MessageId): void {
    this.#recent.forget(message);
    this.#forgetContent.run(message);
  }

  #write(message: NewMessage): void {
    const { content } = message;
    this.#insert.run(
      message.id,
      message.application,
      message.partition,
      message.eventType,
      message.eventId,
      listToText(message.channels),
      listToText(message.tags),
      message.createdAt,
      message.deliverAt,
      message.expiresAt,
      message.retainUntil,
      message.configVersion,
      JSON.stringify(content.headers),
      content.contentType,
      message.payloadJson,
      content.body,
      content.source ?? null,
    );
  }

  #plan({ message, deliveries }: Publication): void {
    const { effects, installation, rollups } = this.#shared;
    const { application, content, expiresAt, id, partition } = message;
    const madeAtMs = idTimeMs(id);
    const dueNow: QueuedDelivery[] = [];
    for (const planned of deliveries) {
      const { endpoint, due, rule } = planned;
      const queued: QueuedDelivery = {
        id: planned.id,
        application,
        endpoint,
        message: id,
        due,
        rule,
        attempts: 0,
        resendOf: null,
        expiresAt,
        content,
      };
      // The row lies where the endpoint's owner reads, also if the application is spread out.
      const home = this.#queue.partitionOf(endpoint) ?? partition;
      this.#queue.add(queued, { partition: home, resent: false });
      rollups.made(endpoint, madeAtMs);
      installation.saw(planned.id);
      if (due <= message.createdAt) dueNow.push(queued);
      else effects.add({ kind: "waiting", endpoint, due });
    }
    if (dueNow.length === 0) return;
    effects.add({ kind: "committed", deliveries: dueNow, bytes: content.body.byteLength });
  }
}

function toContent(row: ContentRow): MessageContent | null {
  if (row.content_headers === null) return null;
  return {
    // SQLite keeps an empty body as NULL.
    body: row.body ?? new Uint8Array(0),
    contentType: row.content_type,
    headers: parseJson(row.content_headers),
    ...(row.source === null ? {} : { source: row.source }),
  };
}

function toMessage(row: Row): Message {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    eventType: row.event_type,
    eventId: row.event_id,
    channels: textToList(row.channels),
    tags: textToList(row.tags),
    content: toContent(row),
    payloadJson: row.payload_json,
    createdAt: row.created_at,
    deliverAt: row.deliver_at,
    expiresAt: row.expires_at,
    retainUntil: row.retain_until,
    configVersion: row.config_version,
  };
}
