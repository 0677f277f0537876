import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { readLedger } from "./kit/ledger.ts";
import { startLoad } from "./kit/load.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

// The WAL's layout is SQLite's own: a header, and frames of a header and a page each.
const headerBytes = 32;
const frameBytes = 24 + 8192;

interface Tail {
  readonly what: string;
  readonly add: (dataDir: string) => void;
}

const walOf = (dataDir: string): string => join(dataDir, "posthorn.sqlite-wal");

function firstFrame(dataDir: string): Buffer {
  return readFileSync(walOf(dataDir)).subarray(headerBytes, headerBytes + frameBytes);
}

const tails: readonly Tail[] = [
  {
    what: "of garbage",
    add: (dataDir) => appendFileSync(walOf(dataDir), Buffer.alloc(50_000, "torn")),
  },
  {
    what: "of zeros, as a file system may leave after a power cut",
    add: (dataDir) => appendFileSync(walOf(dataDir), Buffer.alloc(4 * frameBytes)),
  },
  {
    what: "that ends in the middle of a frame",
    add: (dataDir) => appendFileSync(walOf(dataDir), firstFrame(dataDir).subarray(0, 4000)),
  },
  {
    what: "of a frame that belongs elsewhere",
    add: (dataDir) => appendFileSync(walOf(dataDir), firstFrame(dataDir)),
  },
  {
    what: "of a transaction that never ended",
    add: abandonTransaction,
  },
];

/** Has a process change everything, write it to the WAL for want of memory, and die. */
function abandonTransaction(dataDir: string): void {
  const before = statSync(walOf(dataDir)).size;
  const code = `
    const { DatabaseSync } = require("node:sqlite");
    const database = new DatabaseSync(${JSON.stringify(join(dataDir, "posthorn.sqlite"))});
    database.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 1; BEGIN IMMEDIATE");
    database.exec("DELETE FROM queue; DELETE FROM messages; DELETE FROM endpoints");
    database.exec("CREATE TABLE filler AS WITH RECURSIVE n(x) AS " +
      "(SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) SELECT randomblob(1000) FROM n");
    process.kill(process.pid, "SIGKILL");
  `;
  const ended = spawnSync(process.execPath, ["-e", code]);
  expect(ended.signal).toBe("SIGKILL");
  expect(statSync(walOf(dataDir)).size).toBeGreaterThan(before + 100 * frameBytes);
}

test.each(tails)("a WAL with a tail $what loses nothing that was accepted", async ({ add }) => {
  const dataDir = newDataDir();
  let works = false;
  const mending = await receiver({ answer: () => ({ status: works ? 200 : 500 }) });
  const env = { POSTHORN_RETRY_SCHEDULE: "0,1,1,1,1,1,1,1" };
  const server = await startPosthorn({ dataDir, env });
  const api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: mending.url });
  const load = startLoad(api, app, { name: "load", publishers: 16, limit: 100_000 });
  await until("some are published", () => load.accepted.size >= 200);
  await server.kill();
  await load.stop();
  add(dataDir);
  const torn = await readLedger(dataDir);
  expect(torn.integrity).toBe("ok");
  expect([...load.accepted].filter((eventId) => !torn.live.has(eventId))).toEqual([]);

  works = true;
  const again = await startPosthorn({ dataDir, env });
  const after = await connect(again).publish(app);
  await until("nothing waits", async () => (await readLedger(dataDir)).waiting === 0);
  expect(await again.stop()).toBe(0);
  const ledger = await readLedger(dataDir);
  expect(ledger.integrity).toBe("ok");
  expect([...load.accepted].filter((eventId) => !ledger.delivered.has(eventId))).toEqual([]);
  expect(idsOf(mending)).toContain(after);
});
