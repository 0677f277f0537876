import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Result } from "../../src/adapters/sqlite/engine.ts";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";
import { Maker } from "../conformance/fixtures.ts";
import { openEngine, sqliteError } from "./engine-kit.ts";

const diskFull = () => sqliteError(13, "database or disk is full");

function faults(results: readonly Result[]): unknown[] {
  return results.map((result) => {
    if (result.kind === "value") return result.value;
    return result.error instanceof StoreUnavailable ? result.error.fault : "bug";
  });
}

describe("a store in trouble", () => {
  let opened: ReturnType<typeof openEngine>;
  let maker: Maker;
  beforeEach(() => {
    maker = new Maker();
    opened = openEngine();
  });
  afterEach(() => opened.close());

  function home() {
    const application = maker.application();
    opened.ask("createApplication", application);
    const endpoint = maker.endpoint(application.id);
    opened.ask("createEndpoint", endpoint);
    return { application: application.id, endpoint: endpoint.id };
  }
  const publications = (count: number, of: ReturnType<typeof home>) =>
    Array.from({ length: count }, () => ({
      name: "publish" as const,
      args: [maker.publication(of.application, [of.endpoint])],
    }));
  const listed = (of: ReturnType<typeof home>) =>
    opened.ask("listMessages", of.application, {}, { limit: 250, order: "ascending" }).items.length;

  test.each([
    ["BEGIN IMMEDIATE", 10, "io-error"],
    ["INSERT INTO queue", 13, "disk-full"],
    ["COMMIT", 13, "disk-full"],
    ["COMMIT", 10 | (4 << 8), "io-error"],
    ["INSERT INTO messages", 8, "read-only"],
    ["INSERT INTO messages", 11, "corrupt"],
  ])(
    "a fault at %s (%i) fails every write of the flush as %s and leaves nothing",
    (at, code, fault) => {
      const there = home();
      opened.watch.before = (sql) => {
        if (sql.startsWith(at)) throw sqliteError(code, "a fault");
      };
      const { results, effects } = opened.engine.flush(publications(3, there));
      expect(faults(results)).toEqual([fault, fault, fault]);
      expect(effects).toEqual([]);
      opened.watch.before = () => undefined;
      expect(listed(there)).toBe(0);
      expect(opened.ask("takeOver", "worker-1").lanes).toEqual([]);
      const retried = opened.engine.flush(publications(3, there));
      expect(faults(retried.results)).toEqual(
        publications(3, there).map(() => ({ kind: "published" })),
      );
      expect(listed(there)).toBe(3);
      const stats = opened.ask("endpointStats", there.endpoint, 0, maker.time + 3_600_000);
      expect(stats.waiting).toBe(3);
    },
  );

  test("a rollback that fails, too, does not stop the store for good", () => {
    const there = home();
    let failing = true;
    opened.watch.before = (sql) => {
      if (failing && (sql === "COMMIT" || sql === "ROLLBACK")) throw diskFull();
    };
    expect(faults(opened.engine.flush(publications(1, there)).results)).toEqual(["disk-full"]);
    expect(opened.database.isTransaction).toBe(true);
    failing = false;
    expect(faults(opened.engine.flush(publications(1, there)).results)).toEqual([
      { kind: "published" },
    ]);
    expect(listed(there)).toBe(1);
  });

  test("one write that is wrong fails alone", () => {
    const there = home();
    const works = publications(4, there);
    const [first] = works;
    if (first === undefined) throw new Error("a publication expected");
    const { effects, results } = opened.engine.flush([...works, first]);
    const published = { kind: "published" };
    expect(faults(results)).toEqual([published, published, published, published, "bug"]);
    expect(effects.filter(({ kind }) => kind === "committed")).toHaveLength(4);
    expect(listed(there)).toBe(4);
  });

  test("a read that meets a fault says so, and the next one works", () => {
    const there = home();
    opened.watch.before = (sql) => {
      if (sql.includes("FROM endpoints")) throw sqliteError(10, "disk I/O error");
    };
    const find = () =>
      opened.ask("findEndpoint", there.application, { kind: "id", id: there.endpoint });
    expect(find).toThrow(StoreUnavailable);
    opened.watch.before = () => undefined;
    expect(find()).toBeDefined();
  });

  test("a full disk refuses writes, and accepts them again when there is room", () => {
    const there = home();
    const pages = opened.database.prepare<{ page_count: number }>("PRAGMA page_count").get();
    const limit = (pages?.page_count ?? 0) + 4;
    opened.database.exec(`PRAGMA max_page_count = ${limit}`);
    const large = () => {
      const body = new Uint8Array(100_000);
      const content = { body, contentType: null, headers: {} };
      const args = [maker.publication(there.application, [there.endpoint], { content })];
      return opened.engine.flush([{ name: "publish", args }]).results;
    };
    expect(faults(large())).toEqual(["disk-full"]);
    expect(faults(large())).toEqual(["disk-full"]);
    expect(listed(there)).toBe(0);
    expect(opened.ask("takeOver", "worker-1").lanes).toEqual([]);
    opened.database.exec("PRAGMA max_page_count = 1000000");
    expect(faults(large())).toEqual([{ kind: "published" }]);
    expect(listed(there)).toBe(1);
  });

  test("every commit is synced, in a WAL that is never checkpointed inside one", () => {
    const pragma = (name: string) =>
      Object.values(opened.database.prepare<object>(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma("journal_mode")).toBe("wal");
    expect(pragma("synchronous")).toBe(2);
    expect(pragma("page_size")).toBe(8192);
    expect(pragma("wal_autocheckpoint")).toBe(0);
  });

  test("the WAL's frames are known, and a checkpoint empties it", () => {
    const there = home();
    opened.engine.flush(publications(50, there));
    expect(opened.engine.checkpoints.pendingFrames()).toBeGreaterThan(5);
    opened.engine.checkpoints.run();
    expect(opened.engine.checkpoints.pendingFrames()).toBe(0);
  });

  test("writes that arrive together share one transaction", () => {
    const there = home();
    const before = opened.engine.commits;
    opened.engine.flush(publications(100, there));
    expect(opened.engine.commits - before).toBe(1);
  });
});
