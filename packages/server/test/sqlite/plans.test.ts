import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QueuedDelivery } from "../../src/ports/dispatch-store.ts";
import { batch, Maker, only, t0 } from "../conformance/fixtures.ts";
import { openEngine } from "./engine-kit.ts";

/** Once at a start or an end, or over a handful of rows: keys, lanes not at rest, partitions. */
const cold = [
  /^SELECT count\(\*\) AS keys FROM api_keys/,
  /^SELECT record FROM lanes$/,
  /^UPDATE leases SET owner/,
  /FROM leases ORDER BY partition$/,
  // The scan is of what the index range within gave, 1,001 at most.
  /FROM\s+\(SELECT 1 FROM queue WHERE partition = \? LIMIT 1001\)$/,
];

describe("cost", () => {
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

  test("every statement touches an index range: no scan, no sort", () => {
    const statements = opened.watch.prepared
      .map((sql) => sql.trim())
      .filter((sql) => /^(SELECT|INSERT|UPDATE|DELETE)/.test(sql))
      .filter((sql) => !cold.some((pattern) => pattern.test(sql)));
    expect(statements.length).toBeGreaterThan(80);
    const costly = statements.flatMap((sql) => {
      const plan = opened.database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      // What `json_each` walks is the caller's own list, which is bounded.
      const bad = plan.filter(({ detail }) => /^SCAN (?!json_each)|TEMP B-TREE/.test(detail));
      return bad.map(({ detail }) => `${detail}: ${sql}`);
    });
    expect(costly).toEqual([]);
  });

  test("the owner's reads see the whole key of their index", () => {
    const planOf = (start: RegExp) => {
      const sql = only(opened.watch.prepared.filter((prepared) => start.test(prepared)));
      const plan = opened.database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      return only(plan.filter(({ detail }) => detail.includes("queue"))).detail;
    };
    expect(planOf(/FROM queue WHERE partition = \? AND endpoint = \? AND due <= \?/)).toBe(
      "SEARCH queue USING INDEX queue_lane (partition=? AND endpoint=? AND due<?)",
    );
    expect(planOf(/WHERE \(partition, endpoint\) > /)).toBe(
      "SEARCH queue USING COVERING INDEX queue_lane ((partition,endpoint)>(?,?))",
    );
    expect(planOf(/FROM queue WHERE expires_at <= /)).toBe(
      "SEARCH queue USING COVERING INDEX queue_expiry (expires_at<?)",
    );
  });

  function fill(of: ReturnType<typeof home>, count: number): void {
    for (let done = 0; done < count; done += 1000) {
      const works = Array.from({ length: 1000 }, () => ({
        name: "publish" as const,
        args: [maker.publication(of.application, [of.endpoint])],
      }));
      opened.engine.flush(works);
    }
  }
  function rowsOf(run: () => unknown): number {
    opened.watch.rows = 0;
    run();
    return opened.watch.rows;
  }
  const end = (epoch: number, queued: QueuedDelivery) =>
    batch(epoch, {
      settlements: [{ kind: "end", attempt: maker.attempt(queued), reason: "delivered" }],
    });

  test("a backlog changes neither what a read of its lane costs nor what ending costs", () => {
    const there = home();
    const { epoch } = opened.ask("takeOver", "worker-1");
    const lane = { endpoint: there.endpoint, limit: 20, maxBytes: 1e6, skip: [] };
    const costs = [1000, 49_000].map((count) => {
      fill(there, count);
      const now = maker.time;
      const [queued] = opened.ask("readLane", { ...lane, now }).deliveries;
      if (queued === undefined) throw new Error("a waiting delivery expected");
      return {
        lane: rowsOf(() => opened.ask("readLane", { ...lane, now })),
        early: rowsOf(() => opened.ask("readLane", { ...lane, now: t0 - 1 })),
        end: rowsOf(() => opened.ask("record", end(epoch, queued))),
        publish: rowsOf(() =>
          opened.ask("publish", maker.publication(there.application, [there.endpoint])),
        ),
        stats: rowsOf(() => opened.ask("endpointStats", there.endpoint, 0, now)),
      };
    });
    expect(costs[1]).toEqual(costs[0]);
    const page = { limit: 10, order: "descending" } as const;
    const list = rowsOf(() => opened.ask("listDeliveriesOfEndpoint", there.endpoint, {}, page));
    // Of each source one row more than the page, and some lookups for each item.
    expect(list).toBeLessThanOrEqual(6 * 11);
  });

  test("a takeover probes once for each endpoint, not for each row", () => {
    const homes = [home(), home(), home()];
    for (const there of homes) fill(there, 2000);
    const cost = rowsOf(() => {
      expect(opened.ask("takeOver", "worker-1").lanes).toHaveLength(3);
    });
    // The lease's epoch, and one row a lane.
    expect(cost).toBeLessThanOrEqual(homes.length + 2);
  });

  test("what has expired is removed in steps, what waits or is kept stays", () => {
    const there = home();
    const day = 86_400_000;
    const remember = maker.remember({ expiresAt: maker.time + day });
    const kept = { retainUntil: maker.time + 90 * day };
    const gone = { retainUntil: maker.time + 5 * day, eventId: "gone" };
    const first = maker.publication(there.application, [], gone);
    opened.ask("publish", { ...first, remember });
    const waiting = maker.publication(there.application, [there.endpoint], {
      retainUntil: maker.time + 5 * day,
    });
    opened.ask("publish", waiting);
    opened.ask("publish", maker.publication(there.application, [], kept));
    const ended = maker.publication(there.application, [there.endpoint], { ...gone, eventId: "x" });
    opened.ask("publish", ended);
    const { epoch } = opened.ask("takeOver", "worker-1");
    const lane = { endpoint: there.endpoint, limit: 9, maxBytes: 1e6, skip: [], now: maker.time };
    const queued = opened.ask("readLane", lane).deliveries.at(-1);
    if (queued === undefined) throw new Error("a waiting delivery expected");
    opened.ask("record", end(epoch, queued));
    const ids = () => {
      const page = { limit: 9, order: "ascending" } as const;
      return opened.ask("listMessages", there.application, {}, page).items.map(({ id }) => id);
    };
    expect(ids()).toHaveLength(4);
    while (!opened.engine.sweep(maker.time + 5 * day + 1));
    expect(ids()).toHaveLength(2);
    expect(ids()).toContain(waiting.message.id);
    const page = { limit: 9, order: "ascending" } as const;
    expect(opened.ask("listAttemptsOfMessage", ended.message.id, {}, page).items).toEqual([]);
    const rows = (table: string) =>
      opened.database.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
    expect([rows("event_ids"), rows("idempotency"), rows("deliveries")]).toEqual([0, 0, 0]);
  });
});
