/** What the SQL inboxes have alike: their dialects differ in types and in the clock. `table` is a checked identifier. */
export function createIndexes(table: string): string {
  return `
    create index if not exists ${table}_due on ${table} (source, due_ms, seq) where state = 'open';
    create index if not exists ${table}_order on ${table} (source, order_key, seq)
      where state = 'open' and order_key is not null;
    create index if not exists ${table}_state on ${table} (source, state, seq);
    create index if not exists ${table}_ended on ${table} (source, ended_ms)
      where state in ('done', 'ignored');`;
}

/** The columns that an entry or a claim is made of. */
export const entryColumns =
  "source, key, type, order_key, headers, body, state, attempt, received_ms, dead_reason, last_error";
