import { createIndexes, entryColumns } from "./sql-table.ts";

/** The time of the system's clock in whole milliseconds, in the SQL of every SQLite since 3.0. */
const now = "cast((julianday('now') - 2440587.5) * 86400000 as integer)";

/** `table` is a checked identifier. */
export function createTable(table: string): string {
  return `
    create table if not exists ${table} (
      seq integer primary key autoincrement,
      source text not null,
      key text not null,
      content_key text,
      type text,
      order_key text,
      headers text not null,
      body blob not null,
      state text not null,
      attempt integer not null default 0,
      received_ms integer not null,
      due_ms integer not null,
      ended_ms integer,
      lease text,
      dead_reason text,
      last_error text,
      unique (source, key),
      unique (source, content_key)
    );${createIndexes(table)}`;
}

/** The parameters of each statement are in the order of its question marks. */
export function sqliteStatements(table: string) {
  return {
    insert: `
      insert into ${table}
        (source, key, content_key, type, order_key, headers, body, state, received_ms, due_ms, ended_ms)
      values (?, ?, ?, ?, ?, ?, ?, ?, ${now}, ${now}, ${now})
      on conflict do nothing returning seq`,
    claim: `
      update ${table} set attempt = attempt + 1, lease = ?, due_ms = ${now} + ?
      where seq in (
        select seq from ${table} as each
        where source = ? and state = 'open' and due_ms <= ${now}
          and (order_key is null or not exists (
            select 1 from ${table} as earlier
            where earlier.source = each.source and earlier.order_key = each.order_key
              and earlier.state = 'open' and earlier.order_key is not null and earlier.seq < each.seq))
        order by due_ms, seq limit ?)
      returning ${entryColumns}`,
    extend: `
      update ${table} set due_ms = ${now} + ? where source = ? and key = ? and lease = ? and state = 'open'
      returning seq`,
    done: `
      update ${table} set state = 'done', ended_ms = ${now}, lease = null, last_error = null
      where source = ? and key = ? and lease = ? and state = 'open' returning seq`,
    retry: `
      update ${table} set due_ms = ${now} + ?, lease = null, last_error = ?
      where source = ? and key = ? and lease = ? and state = 'open' returning seq`,
    dead: `
      update ${table} set state = 'dead', ended_ms = ${now}, lease = null, dead_reason = ?, last_error = ?
      where source = ? and key = ? and lease = ? and state = 'open' returning seq`,
    counts: `select state, count(*) as entries from ${table} where source = ? group by state`,
    list: `select ${entryColumns} from ${table} where source = ? and state = ? order by seq limit ?`,
    replay: `
      update ${table} set state = 'open', attempt = 0, due_ms = ${now}, dead_reason = null, lease = null
      where source = ? and key = ? and state <> 'open' returning seq`,
    discard: `
      update ${table} set state = 'done', ended_ms = ${now}
      where source = ? and key = ? and state = 'dead' returning seq`,
    prune: `
      delete from ${table} where seq in (
        select seq from ${table}
        where source = ? and state in ('done', 'ignored') and ended_ms <= ${now} - ? limit 1000)
      returning seq`,
  } as const;
}
