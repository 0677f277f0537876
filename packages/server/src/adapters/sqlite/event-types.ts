import type { EventType } from "../../domain/event-type.ts";
import type { EventTypePatch, EventTypeStore } from "../../ports/event-type-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import { listToText, textToList, type JsonText } from "../sql/json.ts";
import { readPage } from "./paging.ts";
import type { Handlers, Shared } from "./shared.ts";

interface Row {
  readonly name: string;
  readonly description: string;
  readonly archived: number;
  readonly deprecated: number;
  readonly group_name: string | null;
  readonly feature_flags: JsonText<readonly string[]> | null;
  readonly schemas: string | null;
  readonly enforce_schema: number;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = `name, description, archived, deprecated, group_name, feature_flags, schemas,
  enforce_schema, created_at, updated_at`;

/** Greater than every name. */
const lastName = "\u{10FFFF}";

export class EventTypes implements Handlers<EventTypeStore> {
  readonly #shared: Shared;
  readonly #put;
  readonly #find;
  readonly #ascending;
  readonly #descending;
  readonly #remove;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO event_types (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare<Row>(`SELECT ${columns} FROM event_types WHERE name = ?`);
    this.#ascending = database.prepare<Row>(
      `SELECT ${columns} FROM event_types WHERE name > ? ORDER BY name LIMIT ?`,
    );
    this.#descending = database.prepare<Row>(
      `SELECT ${columns} FROM event_types WHERE name < ? ORDER BY name DESC LIMIT ?`,
    );
    this.#remove = database.prepare("DELETE FROM event_types WHERE name = ?");
  }

  createEventType(eventType: EventType, remember?: Remember) {
    const repeated = this.#shared.idempotency.repeated(remember, eventType.createdAt);
    if (repeated !== undefined) return repeated;
    if (this.#find.get(eventType.name)?.archived === 0) return { kind: "name-taken" } as const;
    this.#write(eventType);
    this.#shared.idempotency.remember(remember);
    return { kind: "created" } as const;
  }

  findEventType(name: string): EventType | undefined {
    const row = this.#find.get(name);
    return row === undefined ? undefined : toEventType(row);
  }

  listEventTypes(page: Page<string>, filter: { readonly includeArchived: boolean }) {
    const rows = (descending: boolean, bound: string | undefined, limit: number) =>
      descending
        ? this.#descending.all(bound ?? lastName, limit)
        : this.#ascending.all(bound ?? "", limit);
    return readPage(page, { rows, keyOf: (row) => row.name }, !filter.includeArchived, (row) =>
      filter.includeArchived || row.archived === 0 ? toEventType(row) : undefined,
    );
  }

  updateEventType(name: string, patch: EventTypePatch, at: number): EventType | undefined {
    const found = this.findEventType(name);
    if (found === undefined) return undefined;
    const eventType: EventType = { ...found, ...patch, updatedAt: at };
    this.#write(eventType);
    return eventType;
  }

  deleteEventType(name: string, how: { readonly expunge: boolean; readonly at: number }) {
    const found = this.findEventType(name);
    if (found === undefined) return "not-found";
    if (how.expunge) {
      this.#remove.run(name);
      this.#changed(name);
    } else {
      this.#write({ ...found, archived: true, updatedAt: how.at });
    }
    return "deleted";
  }

  #write(eventType: EventType): void {
    this.#put.run(
      eventType.name,
      eventType.description,
      Number(eventType.archived),
      Number(eventType.deprecated),
      eventType.groupName,
      listToText(eventType.featureFlags),
      eventType.schemas,
      Number(eventType.enforceSchema),
      eventType.createdAt,
      eventType.updatedAt,
    );
    this.#changed(eventType.name);
  }

  #changed(name: string): void {
    this.#shared.effects.add({ kind: "change", change: { kind: "event-type", name } });
  }
}

function toEventType(row: Row): EventType {
  return {
    name: row.name,
    description: row.description,
    archived: row.archived === 1,
    deprecated: row.deprecated === 1,
    groupName: row.group_name,
    featureFlags: textToList(row.feature_flags),
    schemas: row.schemas,
    enforceSchema: row.enforce_schema === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
