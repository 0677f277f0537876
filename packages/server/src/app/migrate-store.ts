import { resolve } from "node:path";
import { openMovingTarget, type MovingTarget } from "../adapters/postgres/moving-target.ts";
import { openMovingSource, type MovingSource } from "../adapters/sqlite/moving-source.ts";
import {
  movedTables,
  noRows,
  tally,
  type MovedTable,
  type Tally,
} from "../adapters/sql/moved-tables.ts";
import { readPrivateFile } from "./data-folder.ts";
import { loadMasterKey, masterKeyCheckFile } from "./master-key.ts";

export interface MoveOptions {
  readonly dataDir: string;
  /** `postgres://user:password@host/database`: a secret. */
  readonly url: string;
  /** The master key of the source, where it is not in its data folder. */
  readonly masterKey: Uint8Array | undefined;
  readonly say: (line: string) => void;
}

export interface Moved {
  readonly rows: number;
  /** An earlier call did all of it. */
  readonly before: boolean;
}

const tables = Object.keys(movedTables).filter((name): name is MovedTable => name in movedTables);
/** Of a table, a line each. */
const rowsPerLine = 100_000;

/**
 * Copies the store of a data folder into an empty database and compares the two. What was copied stays
 * when the call ends early: the next one goes on from there. The source stays as it is, but no server
 * starts on it any more.
 */
export async function migrateStore(options: MoveOptions): Promise<Moved> {
  const dataDir = resolve(options.dataDir);
  const source = openMovingSource(dataDir);
  try {
    const keyCheck = await checkedKey(dataDir, options.masterKey);
    const target = await openMovingTarget(options.url);
    try {
      return await move(source, target, { keyCheck, say: options.say });
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

/** Secrets stay sealed as they are, so the key that opens them has to be there now, not later. */
async function checkedKey(
  dataDir: string,
  masterKey: Uint8Array | undefined,
): Promise<string | undefined> {
  const text = readPrivateFile(dataDir, masterKeyCheckFile);
  if (text === undefined) return undefined;
  await loadMasterKey(dataDir, masterKey);
  return text.trim();
}

async function move(
  source: MovingSource,
  target: MovingTarget,
  options: { readonly keyCheck: string | undefined } & Pick<MoveOptions, "say">,
): Promise<Moved> {
  const { idsUntil, name, partitions, stamp } = source;
  const { keyCheck, say } = options;
  const days = source.days();
  const begun = await target.begin({ name, partitions, idsUntil, keyCheck, stamp, days });
  source.leave();
  if (begun === "done") return { rows: 0, before: true };
  if (begun === "resumed") say("going on where the last move ended");
  let rows = 0;
  for (const table of tables) rows += (await copy(source, target, table, say)).rows;
  for (const table of tables) await verify(source, target, table);
  say(`compared ${rows.toLocaleString("en-US")} rows in ${tables.length} tables: all are the same`);
  await target.finish();
  return { rows, before: false };
}

async function copy(
  source: MovingSource,
  target: MovingTarget,
  table: MovedTable,
  say: (line: string) => void,
): Promise<Tally> {
  let progress = await target.progress(table);
  const total = source.count(table).toLocaleString("en-US");
  let told = progress.rows;
  while (!progress.done) {
    const { next, rows } = source.read(table, progress.cursor);
    progress = { ...tally(progress, rows), cursor: next, done: next === null };
    await target.write(table, rows, progress);
    if (progress.rows - told < rowsPerLine && !progress.done) continue;
    told = progress.rows;
    if (progress.rows > 0)
      say(`${table}: ${progress.rows.toLocaleString("en-US")} of ${total} rows`);
  }
  return progress;
}

async function verify(
  source: MovingSource,
  target: MovingTarget,
  table: MovedTable,
): Promise<void> {
  const copied = await target.progress(table);
  let found = noRows;
  await target.read(table, (rows) => (found = tally(found, rows)));
  const expected = source.count(table);
  if (found.rows === expected && copied.rows === expected && found.sum === copied.sum) return;
  const what =
    found.rows === expected ? "rows differ" : `${found.rows} rows there, ${expected} in the source`;
  throw new Error(
    `${table}: the copy is not the same (${what}): empty the target (drop and create the database) ` +
      "and begin again",
  );
}
