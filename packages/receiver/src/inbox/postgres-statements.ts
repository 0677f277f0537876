import { createIndexes, entryColumns } from "./sql-table.ts";

/** The database's clock, in whole milliseconds; not `now()`, which stands still in a transaction. */
const now = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

/** `table` is a checked identifier. */
export function createTable(table: string): string {
  return `
    create table if not exists ${table} (
      seq bigint generated always as identity primary key,
      source text not null,
      key text not null,
      content_key text,
      type text,
      order_key text,
      headers jsonb not null,
      body bytea not null,
      state text not null,
      attempt integer not null default 0,
      received_ms bigint not null default ${now},
      due_ms bigint not null default ${now},
      ended_ms bigint not null default ${now},
      lease text,
      dead_reason text,
      last_error text,
      unique (source, key),
      unique (source, content_key)
    );${createIndexes(table)}`;
}

const held = "source = $1 and key = $2 and lease = $3 and state = 'open'";

export function postgresStatements(table: string) {
  return {
    /** One statement, so that a delivery's entries are recorded together; waits for a concurrent duplicate's end. */
    record: `
      insert into ${table} (source, key, content_key, type, order_key, headers, body, state)
      select source, key, content_key, type, order_key, headers::jsonb, body, state
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[])
        as given (source, key, content_key, type, order_key, headers, body, state)
      on conflict do nothing returning key`,
    /** A row that another claim or an open transaction holds is passed over. */
    claim: `
      update ${table} set attempt = attempt + 1, lease = $3, due_ms = ${now} + $4::bigint
      where seq in (
        select seq from ${table} as each
        where source = $1 and state = 'open' and due_ms <= ${now}
          and (order_key is null or not exists (
            select from ${table} as earlier
            where earlier.source = each.source and earlier.order_key = each.order_key
              and earlier.state = 'open' and earlier.seq < each.seq))
        order by due_ms, seq limit $2 for update skip locked)
      returning ${entryColumns}`,
    extend: `
      update ${table} set due_ms = ${now} + $4::bigint
      where seq in (select seq from ${table} where ${held} for update skip locked)`,
    done: `
      update ${table} set state = 'done', ended_ms = ${now}, lease = null, last_error = null
      where ${held} returning seq`,
    retry: `
      update ${table} set due_ms = ${now} + $4::bigint, lease = null, last_error = $5
      where ${held} returning seq`,
    dead: `
      update ${table} set state = 'dead', ended_ms = ${now}, lease = null, dead_reason = $4, last_error = $5
      where ${held} returning seq`,
    counts: `select state, count(*) as entries from ${table} where source = $1 group by state`,
    list: `select ${entryColumns} from ${table} where source = $1 and state = $2 order by seq limit $3`,
    replay: `
      update ${table} set state = 'open', attempt = 0, due_ms = ${now}, dead_reason = null, lease = null
      where source = $1 and key = any($2::text[]) and state <> 'open' returning seq`,
    discard: `
      update ${table} set state = 'done', ended_ms = ${now}
      where source = $1 and key = any($2::text[]) and state = 'dead' returning seq`,
    prune: `
      delete from ${table} where seq in (
        select seq from ${table}
        where source = $1 and state in ('done', 'ignored') and ended_ms <= ${now} - $2::bigint
        limit 1000 for update skip locked)
      returning seq`,
    /** Done from the start: the caller's transaction is what handles it. */
    once: `
      insert into ${table} (source, key, headers, body, state)
      values ($1, $2, '{}', ''::bytea, 'done') on conflict do nothing returning key`,
  } as const;
}
