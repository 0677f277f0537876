import type { EventType } from "../../domain/event-type.ts";
import type { EventTypePatch } from "../../ports/event-type-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { statement, type Sql } from "./database.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { readPage } from "./paging.ts";
import type { Transaction } from "./transaction.ts";

interface Row {
  readonly name: string;
  readonly archived: boolean;
  readonly doc: JsonText<EventType>;
}

/** Greater than every name. */
const lastName = "\u{10FFFF}";

const insert = statement(
  "event-types-insert",
  "INSERT INTO event_types (name, archived, doc) VALUES ($1, $2, $3)",
);
const update = statement(
  "event-types-update",
  "UPDATE event_types SET archived = $2, doc = $3 WHERE name = $1",
);
const find = statement<Row>(
  "event-types-find",
  "SELECT name, archived, doc FROM event_types WHERE name = $1",
);
const lock = statement<Row>(
  "event-types-lock",
  "SELECT name, archived, doc FROM event_types WHERE name = $1 FOR UPDATE",
);
const ascending = statement<Row>(
  "event-types-ascending",
  "SELECT name, archived, doc FROM event_types WHERE name > $1 ORDER BY name LIMIT $2",
);
const descending = statement<Row>(
  "event-types-descending",
  "SELECT name, archived, doc FROM event_types WHERE name < $1 ORDER BY name DESC LIMIT $2",
);
const remove = statement("event-types-remove", "DELETE FROM event_types WHERE name = $1");

export async function createEventType(tx: Transaction, eventType: EventType, remember?: Remember) {
  const answered = await repeated(tx, remember, eventType.createdAt);
  if (answered !== undefined) return answered;
  const found = await tx.get(lock, eventType.name);
  if (found?.archived === false) return { kind: "name-taken" } as const;
  await write(tx, eventType, found === undefined ? insert : update);
  await keep(tx, remember, eventType.createdAt);
  return { kind: "created" } as const;
}

export async function findEventType(sql: Sql, name: string): Promise<EventType | undefined> {
  const row = await sql.get(find, name);
  return row === undefined ? undefined : parseJson(row.doc);
}

export function listEventTypes(
  sql: Sql,
  page: Page<string>,
  filter: { readonly includeArchived: boolean },
) {
  const rows = (downwards: boolean, bound: string | undefined, limit: number) =>
    downwards
      ? sql.all(descending, bound ?? lastName, limit)
      : sql.all(ascending, bound ?? "", limit);
  return readPage(
    page,
    { rows, keyOf: (row) => row.name },
    {
      filtered: !filter.includeArchived,
      accept: (found) =>
        found.map((row) =>
          filter.includeArchived || !row.archived ? parseJson(row.doc) : undefined,
        ),
    },
  );
}

export async function updateEventType(
  tx: Transaction,
  name: string,
  patch: EventTypePatch,
  at: number,
): Promise<EventType | undefined> {
  const row = await tx.get(lock, name);
  if (row === undefined) return undefined;
  const eventType: EventType = { ...parseJson(row.doc), ...patch, updatedAt: at };
  await write(tx, eventType);
  return eventType;
}

export async function deleteEventType(
  tx: Transaction,
  name: string,
  how: { readonly expunge: boolean; readonly at: number },
): Promise<"deleted" | "not-found"> {
  const row = await tx.get(lock, name);
  if (row === undefined) return "not-found";
  if (how.expunge) {
    await tx.run(remove, name);
    changed(tx, name);
  } else {
    await write(tx, { ...parseJson(row.doc), archived: true, updatedAt: how.at });
  }
  return "deleted";
}

async function write(
  tx: Transaction,
  eventType: EventType,
  how: typeof insert = update,
): Promise<void> {
  await tx.run(how, eventType.name, eventType.archived, JSON.stringify(eventType));
  changed(tx, eventType.name);
}

function changed(tx: Transaction, name: string): void {
  tx.effects.add({ kind: "change", change: { kind: "event-type", name } });
}
