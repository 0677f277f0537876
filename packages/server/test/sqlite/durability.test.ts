import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectDispatchStore } from "../../src/adapters/sqlite/connect-dispatch-store.ts";
import { storeFile } from "../../src/adapters/sqlite/data-folder.ts";
import { schemaVersion } from "../../src/adapters/sqlite/migrations.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open-sqlite-store.ts";
import { backupSqliteStore } from "../../src/adapters/sqlite/backup-sqlite-store.ts";
import { restoreSqliteStore } from "../../src/adapters/sqlite/restore-sqlite-store.ts";
import { toId } from "../../src/domain/ids.ts";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";
import { due, Maker, present, settle } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { integrityOf } from "./engine-kit.ts";
import { temporaryFolder } from "./open.ts";

const childPath = fileURLToPath(new URL("crash-child.ts", import.meta.url));

function startChild(dataDir: string) {
  const child = spawn(process.execPath, ["--conditions=@posthorn/source", childPath, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    /** Complete lines only. */
    lines: () => output.split("\n").slice(0, -1),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

describe("the data folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let dataDir: string;
  beforeEach(() => {
    folder = temporaryFolder();
    dataDir = join(folder.path, "data");
  });
  afterEach(() => folder.remove());

  test("every acknowledged publication is there after kill -9", async () => {
    const child = startChild(dataDir);
    try {
      await until("some hundred messages are acknowledged", () => child.lines().length > 500);
    } finally {
      await child.kill();
    }
    const [first = "", ...acknowledged] = child.lines();
    const application = toId("application", Number(first.split(" ")[1]));
    const store = await openSqliteStore({ dataDir });
    try {
      const ids = acknowledged.map((line) => toId("message", Number(line)));
      const found = await Promise.all(
        ids.map((id) => store.findMessage(application, { kind: "id", id })),
      );
      expect(found.filter((message) => message === undefined)).toEqual([]);
      const page = { limit: 5, order: "ascending" } as const;
      const endpoint = present((await store.listEndpoints(application, page)).items[0]).id;
      const dispatch = connectDispatchStore(store.dispatchPort());
      const { epoch, lanes } = await dispatch.takeOver("worker-1");
      expect(epoch).toBe(1);
      expect(lanes.map((lane) => lane.endpoint)).toEqual([endpoint]);
      const stats = await store.endpointStats(endpoint, 0, Number.MAX_SAFE_INTEGER);
      expect(stats.waiting).toBeGreaterThanOrEqual(ids.length);
      const largest = Math.max(...ids);
      expect((await store.installation()).lastId).toBeGreaterThanOrEqual(largest);
    } finally {
      await store.close();
    }
    expect(integrityOf(join(dataDir, storeFile))).toEqual({ integrity_check: "ok" });
  });

  test("a folder in use is refused, and free once its process has ended, however", async () => {
    const child = startChild(dataDir);
    try {
      await until("the child has opened it", () => child.lines().length > 0);
      await expect(openSqliteStore({ dataDir })).rejects.toThrow(
        `the data folder ${dataDir} is in use by another process`,
      );
    } finally {
      await child.kill();
    }
    const store = await openSqliteStore({ dataDir });
    await expect(openSqliteStore({ dataDir })).rejects.toThrow("is in use");
    await store.close();
    await (await openSqliteStore({ dataDir })).close();
  });

  test("it is for its owner alone", async () => {
    const store = await openSqliteStore({ dataDir });
    await settle(store, new Maker());
    const modes = readdirSync(dataDir).map((name) => statSync(join(dataDir, name)).mode & 0o777);
    expect(modes.length).toBeGreaterThanOrEqual(4);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test("a folder that cannot be made is refused with what to do", async () => {
    writeFileSync(dataDir, "a file");
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(
      `cannot write to the data folder ${dataDir}: make it a folder`,
    );
  });

  // Node's recursive mkdir tries for ever there.
  test.runIf(process.platform === "linux")(
    "a folder where the system lets nobody make one is refused, too",
    async () => {
      await expect(openSqliteStore({ dataDir: "/proc/posthorn/data" })).rejects.toThrow(
        "cannot write to the data folder /proc/posthorn/data: make it a folder",
      );
    },
  );

  test("a folder is made with those that lead to it, all for their owner alone", async () => {
    const deep = join(dataDir, "in", "a", "folder");
    await (await openSqliteStore({ dataDir: deep })).close();
    const made = [dataDir, join(dataDir, "in"), join(dataDir, "in", "a"), deep];
    expect(made.map((path) => statSync(path).mode & 0o777)).toEqual(made.map(() => 0o700));
  });

  test("a store of a newer version is refused and left alone", async () => {
    const store = await openSqliteStore({ dataDir });
    const { name } = await store.installation();
    await store.close();
    const { DatabaseSync } = await import("node:sqlite");
    const set = (version: number) => {
      const sqlite = new DatabaseSync(join(dataDir, storeFile));
      sqlite.exec(`PRAGMA user_version = ${version}`);
      sqlite.close();
    };
    set(99);
    await expect(openSqliteStore({ dataDir })).rejects.toThrow("schema version 99");
    set(schemaVersion);
    const again = await openSqliteStore({ dataDir, partitions: 7 });
    expect(await again.installation()).toMatchObject({ name, partitions: 64 });
    await again.close();
  });

  test("after an orderly end the largest id is exact and no WAL is left", async () => {
    const store = await openSqliteStore({ dataDir });
    const { endpoint } = await settle(store, new Maker());
    await store.close();
    expect(readdirSync(dataDir).toSorted()).toEqual(["lock.sqlite", storeFile]);
    const again = await openSqliteStore({ dataDir });
    expect((await again.installation()).lastId).toBe(endpoint);
    await again.close();
  });

  test("the WAL begins anew while it is written to", async () => {
    const store = await openSqliteStore({ dataDir });
    const maker = new Maker();
    const { application } = await settle(store, maker);
    const body = new Uint8Array(60 * 1024);
    const content = { body, contentType: null, headers: {} };
    const sizes: number[] = [];
    const megabytesOf = (name: string) => statSync(join(dataDir, name)).size / 2 ** 20;
    for (let round = 0; round < 120; round += 1) {
      const publications = Array.from({ length: 50 }, () =>
        store.publish(maker.publication(application, [], { content })),
      );
      await Promise.all(publications);
      sizes.push(megabytesOf(`${storeFile}-wal`));
    }
    // 6,000 messages of 60 KB; a log that is never done would have all of them, 360 MB.
    expect(Math.max(...sizes)).toBeLessThan(250);
    expect(megabytesOf(storeFile)).toBeGreaterThan(100);
    await store.close();
    expect(readdirSync(dataDir).toSorted()).toEqual(["lock.sqlite", storeFile]);
    expect(integrityOf(join(dataDir, storeFile))).toEqual({ integrity_check: "ok" });
  });

  test("a close finishes what was asked before it, and refuses what comes later", async () => {
    const store = await openSqliteStore({ dataDir });
    const maker = new Maker();
    const { application, endpoint } = await settle(store, maker);
    const dispatch = connectDispatchStore(store.dispatchPort());
    await dispatch.takeOver("worker-1");
    const publications = Array.from({ length: 50 }, () =>
      store.publish(maker.publication(application, [endpoint])),
    );
    const closed = store.close();
    expect(new Set((await Promise.all(publications)).map(({ kind }) => kind))).toEqual(
      new Set(["published"]),
    );
    await closed;
    await expect(store.countKeys()).rejects.toThrow(StoreUnavailable);
    await until("the dispatcher's end is closed, too", () =>
      dispatch.targets([]).then(
        () => false,
        (error: unknown) => error instanceof StoreUnavailable && error.fault === "closed",
      ),
    );
  });

  test("the death of the thread rejects what is pending and is told once", async () => {
    const fatal: Error[] = [];
    const store = await openSqliteStore({ dataDir, onFatal: (error) => fatal.push(error) });
    const port = store.dispatchPort();
    port.postMessage({ kind: "calls", calls: [{ id: 1, name: "no such call", args: [] }] });
    // Asked until the death is heard of: each is answered or rejected, none is left hanging.
    const answers: Promise<unknown>[] = [];
    await until("the death is told", () => {
      answers.push(store.check().catch((error: unknown) => error));
      return fatal.length > 0;
    });
    await Promise.all(answers);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
    await store.close();
    expect(fatal).toHaveLength(1);
    port.close();
  });

  test("concurrent publishes through the thread share commits", async () => {
    const store = await openSqliteStore({ dataDir });
    const maker = new Maker();
    const { application } = await settle(store, maker);
    const wal = () => statSync(join(dataDir, `${storeFile}-wal`)).size;
    const sizeOf = async (run: () => Promise<unknown>) => {
      const before = wal();
      await run();
      return wal() - before;
    };
    const publish = () => store.publish(maker.publication(application, []));
    const apart = await sizeOf(async () => {
      for (let n = 0; n < 50; n += 1) await publish();
    });
    const together = await sizeOf(() => Promise.all(Array.from({ length: 50 }, publish)));
    expect(together).toBeLessThan(apart / 5);
    await store.close();
  });

  test("a backup taken while the store works is whole and can be restored", async () => {
    const store = await openSqliteStore({ dataDir });
    const maker = new Maker();
    const { application, endpoint } = await settle(store, maker);
    const publish = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () =>
          store.publish(maker.publication(application, [endpoint])),
        ),
      );
    await publish(5000);
    const before = (await store.installation()).lastId;
    const destination = join(folder.path, "backup.sqlite");
    let running = true;
    const load = (async () => {
      while (running) await publish(50);
    })();
    await backupSqliteStore({ dataDir, destination });
    running = false;
    await load;
    expect(statSync(destination).mode & 0o777).toBe(0o600);
    await expect(backupSqliteStore({ dataDir, destination })).rejects.toThrow("exists already");
    expect(() => restoreSqliteStore({ from: destination, dataDir })).toThrow("in use");
    await store.close();
    expect(() => restoreSqliteStore({ from: destination, dataDir })).toThrow("has a store already");

    const restoredDir = join(folder.path, "restored");
    restoreSqliteStore({ from: destination, dataDir: restoredDir });
    expect(statSync(join(restoredDir, storeFile)).mode & 0o777).toBe(0o600);
    const restored = await openSqliteStore({ dataDir: restoredDir });
    expect((await restored.installation()).lastId).toBeGreaterThanOrEqual(before);
    const dispatch = connectDispatchStore(restored.dispatchPort());
    const waiting = (await restored.endpointStats(endpoint, 0, Number.MAX_SAFE_INTEGER)).waiting;
    expect(waiting).toBeGreaterThanOrEqual(5000);
    expect(await due(dispatch, endpoint, Number.MAX_SAFE_INTEGER)).toHaveLength(1000);
    await restored.close();
    expect(integrityOf(join(restoredDir, storeFile))).toEqual({ integrity_check: "ok" });
  });

  test("what is no backup is refused, and the folder stays free for a good one", async () => {
    const store = await openSqliteStore({ dataDir });
    const good = join(folder.path, "good");
    await backupSqliteStore({ dataDir, destination: good });
    await store.close();
    rmSync(dataDir, { recursive: true });
    mkdirSync(dataDir);
    const bad = join(folder.path, "bad");
    writeFileSync(bad, "not a database at all, but long enough to be looked at".repeat(50));
    expect(() => restoreSqliteStore({ from: bad, dataDir })).toThrow("cannot be restored");
    writeFileSync(bad, "");
    expect(() => restoreSqliteStore({ from: bad, dataDir })).toThrow("no store of Posthorn");
    expect(() => restoreSqliteStore({ from: join(folder.path, "none"), dataDir })).toThrow(
      "does not exist",
    );
    expect(readdirSync(dataDir)).toEqual(["lock.sqlite"]);
    restoreSqliteStore({ from: good, dataDir });
    await (await openSqliteStore({ dataDir })).close();
  });
});
