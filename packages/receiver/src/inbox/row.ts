import type { Claim, DeadReason, EntryCounts, EntryState, StoredEntry } from "./entry.ts";

/** Reads the row of an entry as the SQL drivers give it. Big integers may be text or `bigint`. */
export function storedEntryOf(row: unknown): StoredEntry {
  const fields = fieldsOf(row);
  const body = fields["body"];
  if (!(body instanceof Uint8Array)) throw unreadable("body");
  return {
    source: text(fields, "source"),
    key: text(fields, "key"),
    type: optionalText(fields, "type"),
    orderKey: optionalText(fields, "order_key"),
    headers: headersOf(fields["headers"]),
    // A Buffer of the driver may be a view of a pool, and one that a driver reuses.
    body: new Uint8Array(body),
    state: stateOf(fields["state"]),
    attempt: number(fields, "attempt"),
    receivedAtMs: number(fields, "received_ms"),
    deadReason: deadReasonOf(fields["dead_reason"]),
    lastError: optionalText(fields, "last_error"),
  };
}

export function claimOf(row: unknown, lease: string): Claim {
  const { source, key, type, orderKey, headers, body, attempt, receivedAtMs } = storedEntryOf(row);
  return { source, key, type, orderKey, headers, body, attempt, receivedAtMs, lease };
}

export function countsOf(rows: readonly unknown[]): EntryCounts {
  const counts = { open: 0, done: 0, dead: 0, ignored: 0 };
  for (const row of rows) {
    const fields = fieldsOf(row);
    counts[stateOf(fields["state"])] = number(fields, "entries");
  }
  return counts;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(row: unknown): Fields {
  if (typeof row !== "object" || row === null) throw unreadable("row");
  return Object.fromEntries(Object.entries(row));
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw unreadable(name);
  return value;
}

function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === null || fields[name] === undefined ? undefined : text(fields, name);
}

function number(fields: Fields, name: string): number {
  const value = Number(fields[name]);
  if (!Number.isSafeInteger(value)) throw unreadable(name);
  return value;
}

function headersOf(value: unknown): Readonly<Record<string, string>> {
  const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return Object.fromEntries(
    Object.entries(fieldsOf(parsed)).map(([name, each]) => [name, String(each)]),
  );
}

const states: readonly EntryState[] = ["open", "done", "dead", "ignored"];
const deadReasons: readonly DeadReason[] = ["exhausted", "crashed", "refused", "invalid"];

function stateOf(value: unknown): EntryState {
  const state = states.find((each) => each === value);
  if (state === undefined) throw unreadable("state");
  return state;
}

function deadReasonOf(value: unknown): DeadReason | undefined {
  return deadReasons.find((each) => each === value);
}

function unreadable(what: string): Error {
  return new Error(
    `The inbox's table holds a ${what} that this version did not write: was the table changed, or made by a newer one?`,
  );
}
