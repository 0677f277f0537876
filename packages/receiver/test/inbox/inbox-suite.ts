import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Claim, NewEntry } from "../../src/inbox/entry.ts";
import type { Inbox } from "../../src/inbox/inbox.ts";
import { until } from "../../../server/test/kit/until.ts";

/** An inbox as two processes see it: each handle has a connection of its own, where there are connections. */
export interface TestInbox {
  readonly inboxes: readonly [Inbox<unknown>, Inbox<unknown>];
  close(): Promise<void>;
}

const longLeaseMs = 60_000;
let sources = 0;

/** The behaviour that every inbox has. */
export function describeInbox(name: string, open: () => Promise<TestInbox>): void {
  describe(`${name} as an inbox`, () => {
    let opened: TestInbox;
    let inbox: Inbox<unknown>;
    let other: Inbox<unknown>;
    beforeAll(async () => {
      opened = await open();
      [inbox, other] = opened.inboxes;
    });
    afterAll(() => opened?.close());

    const one = async (source: string, leaseMs = longLeaseMs): Promise<Claim> => {
      const [claim] = await inbox.claim(source, 1, leaseMs);
      if (claim === undefined) throw new Error("expected an entry to claim");
      return claim;
    };
    const done = async () => undefined;

    test("an entry comes back as it was recorded", async () => {
      const source = newSource();
      const body = Uint8Array.from({ length: 256 }, (_, index) => index);
      const headers = { "content-type": "text/plain", "x-note": 'ü "quoted" \\ {}' };
      await inbox.record([
        entry(source, "ключ:1 %_'\"", { body, headers, type: "ünï", orderKey: "a b" }),
      ]);
      const claim = await one(source);
      expect(claim).toMatchObject({ source, key: "ключ:1 %_'\"", type: "ünï", orderKey: "a b" });
      expect(claim.headers).toEqual(headers);
      expect([...claim.body]).toEqual([...body]);
      expect(claim.attempt).toBe(1);
      expect(Math.abs(claim.receivedAtMs - Date.now())).toBeLessThan(3_600_000);
    });

    test("an empty body and an absent type stay what they are", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1", { body: new Uint8Array(), type: undefined })]);
      const claim = await one(source);
      expect(claim.body).toHaveLength(0);
      expect(claim.type).toBeUndefined();
      expect(claim.orderKey).toBeUndefined();
    });

    test("a key is recorded once in a source, and again in another", async () => {
      const [source, stranger] = [newSource(), newSource()];
      expect(await inbox.record([entry(source, "1")])).toEqual(["recorded"]);
      expect(await other.record([entry(source, "1")])).toEqual(["duplicate"]);
      expect(await inbox.record([entry(stranger, "1")])).toEqual(["recorded"]);
      expect(await inbox.record([])).toEqual([]);
    });

    test("the same content under another key is a duplicate where it has a content key", async () => {
      const source = newSource();
      const contentKey = "content:abc";
      expect(await inbox.record([entry(source, "1", { contentKey })])).toEqual(["recorded"]);
      expect(await other.record([entry(source, "2", { contentKey })])).toEqual(["duplicate"]);
      expect(await inbox.record([entry(source, "3"), entry(source, "4")])).toEqual([
        "recorded",
        "recorded",
      ]);
      expect((await inbox.counts(source)).open).toBe(3);
    });

    test("of several entries of a delivery each is judged for itself", async () => {
      const source = newSource();
      await inbox.record([entry(source, "2")]);
      const results = await inbox.record(["1", "2", "3", "1"].map((key) => entry(source, key)));
      expect(results).toEqual(["recorded", "duplicate", "recorded", "duplicate"]);
    });

    test("of concurrent duplicates exactly one is recorded", async () => {
      const source = newSource();
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? inbox : other).record([
            entry(source, "same", { contentKey: "content:same" }),
          ]),
        ),
      );
      expect(results.flat().filter((each) => each === "recorded")).toHaveLength(1);
      expect(await inbox.counts(source)).toEqual({ open: 1, done: 0, dead: 0, ignored: 0 });
    });

    test("two claims never hold the same entry, and together hold all", async () => {
      const source = newSource();
      await inbox.record(Array.from({ length: 60 }, (_, index) => entry(source, `${index}`)));
      const claims = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          (index % 2 === 0 ? inbox : other).claim(source, 5, longLeaseMs),
        ),
      );
      const rest = await inbox.claim(source, 100, longLeaseMs);
      const keys = [...claims.flat(), ...rest].map((claim) => claim.key);
      expect(new Set(keys).size).toBe(60);
      expect(keys).toHaveLength(60);
    });

    test("a claim takes no more than it was asked for, and what arrived first first", async () => {
      const source = newSource();
      for (const key of ["1", "2", "3"]) {
        await inbox.record([entry(source, key)]);
        const arrivedAt = Date.now();
        await until("the clock moved on", () => Date.now() > arrivedAt + 1);
      }
      expect((await inbox.claim(source, 2, longLeaseMs)).map((claim) => claim.key)).toEqual([
        "1",
        "2",
      ]);
    });

    test("entries of an order key come one by one, and another key does not wait", async () => {
      const source = newSource();
      await inbox.record([
        entry(source, "a1", { orderKey: "a" }),
        entry(source, "a2", { orderKey: "a" }),
        entry(source, "b1", { orderKey: "b" }),
        entry(source, "a3", { orderKey: "a" }),
      ]);
      const first = await inbox.claim(source, 10, longLeaseMs);
      expect(first.map((claim) => claim.key).toSorted()).toEqual(["a1", "b1"]);
      const a1 = first.find((claim) => claim.key === "a1");
      if (a1 === undefined) throw new Error("expected a1");
      expect(await other.claim(source, 10, longLeaseMs)).toEqual([]);

      // A retry keeps the others of its key waiting, a success and a dead letter do not.
      await inbox.fail(a1, { kind: "retry", afterMs: 0, error: "again" });
      const again = await until(
        "a1 is due",
        async () => (await inbox.claim(source, 10, longLeaseMs))[0],
      );
      expect([again.key, again.attempt]).toEqual(["a1", 2]);
      expect(await other.claim(source, 10, longLeaseMs)).toEqual([]);
      await inbox.complete(again, done);
      const a2 = await one(source);
      expect(a2.key).toBe("a2");
      await inbox.fail(a2, { kind: "dead", reason: "refused", error: "no" });
      expect((await one(source)).key).toBe("a3");
    });

    test("a replayed dead letter comes before the later ones of its order key", async () => {
      const source = newSource();
      const ordered = { orderKey: "a" };
      await inbox.record([entry(source, "1", ordered), entry(source, "2", ordered)]);
      await inbox.fail(await one(source), { kind: "dead", reason: "exhausted", error: "no" });
      expect(await inbox.replay(source, ["1"])).toBe(1);
      expect((await one(source)).key).toBe("1");
      expect(await inbox.claim(source, 10, longLeaseMs)).toEqual([]);
    });

    test("when a lease ends the entry is claimed again, and the old claim settles nothing", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1")]);
      const old = await one(source, 20);
      const [fresh] = await until("the lease ended", async () => {
        const claims = await other.claim(source, 1, longLeaseMs);
        return claims.length > 0 && claims;
      });
      if (fresh === undefined) throw new Error("expected a claim");
      expect(fresh.attempt).toBe(2);
      expect(await inbox.complete(old, done)).toBe("lease_lost");
      expect(await inbox.fail(old, { kind: "retry", afterMs: 0, error: "late" })).toBe(
        "lease_lost",
      );
      await inbox.extend(old, 0);
      expect(await inbox.claim(source, 1, longLeaseMs)).toEqual([]);
      expect(await other.complete(fresh, done)).toBe("settled");
      expect((await inbox.counts(source)).done).toBe(1);
    });

    test("a lease that is extended does not end before its new time", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1")]);
      const claim = await one(source, 300);
      await inbox.extend(claim, longLeaseMs);
      const startMs = Date.now();
      await until("the first lease is over", () => Date.now() > startMs + 350);
      expect(await other.claim(source, 1, longLeaseMs)).toEqual([]);
      expect(await inbox.complete(claim, done)).toBe("settled");
    });

    test("what a handler throws is thrown, and the entry stays claimed", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1")]);
      const claim = await one(source);
      const failure = new Error("the handler failed");
      await expect(inbox.complete(claim, () => Promise.reject(failure))).rejects.toBe(failure);
      expect(await other.claim(source, 1, longLeaseMs)).toEqual([]);
      expect((await inbox.counts(source)).open).toBe(1);
      expect(await inbox.complete(claim, done)).toBe("settled");
      expect(await inbox.complete(claim, done)).toBe("lease_lost");
    });

    test("a retry is due after its wait and not before", async () => {
      const source = newSource();
      await inbox.record([entry(source, "soon"), entry(source, "late")]);
      const claims = await inbox.claim(source, 2, longLeaseMs);
      for (const claim of claims) {
        const afterMs = claim.key === "soon" ? 20 : 3_600_000;
        const failure = { kind: "retry", afterMs, error: "Error: not yet" } as const;
        expect(await inbox.fail(claim, failure)).toBe("settled");
      }
      const again = await until(
        "the retry is due",
        async () => (await other.claim(source, 9, longLeaseMs))[0],
      );
      expect([again.key, again.attempt]).toEqual(["soon", 2]);
      expect(await other.claim(source, 9, longLeaseMs)).toEqual([]);
      const open = await inbox.list(source, { state: "open" });
      expect(open.find(({ key }) => key === "late")?.lastError).toBe("Error: not yet");
    });

    test("dead letters are listed with their reason, replayed from their first attempt, and discarded", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1"), entry(source, "2")]);
      for (const claim of await inbox.claim(source, 2, longLeaseMs)) {
        await inbox.fail(claim, { kind: "dead", reason: "exhausted", error: "Error: no" });
      }
      expect(await inbox.list(source, { state: "dead" })).toMatchObject([
        { key: "1", state: "dead", attempt: 1, deadReason: "exhausted", lastError: "Error: no" },
        { key: "2", state: "dead", attempt: 1, deadReason: "exhausted", lastError: "Error: no" },
      ]);
      expect(await inbox.list(source, { state: "dead", limit: 1 })).toHaveLength(1);
      expect(await inbox.record([entry(source, "1")])).toEqual(["duplicate"]);

      expect(await other.replay(source, ["1", "unknown"])).toBe(1);
      const again = await one(source);
      expect([again.key, again.attempt]).toEqual(["1", 1]);
      expect(await inbox.replay(source, ["1"])).toBe(0);
      expect(await inbox.discard(source, ["1", "2"])).toBe(1);
      expect(await inbox.counts(source)).toEqual({ open: 1, done: 1, dead: 0, ignored: 0 });
    });

    test("an ignored entry is not claimed until it is replayed", async () => {
      const source = newSource();
      await inbox.record([entry(source, "1", { state: "ignored", orderKey: "a" })]);
      await inbox.record([entry(source, "2", { orderKey: "a" })]);
      expect((await one(source)).key).toBe("2");
      expect(await inbox.counts(source)).toEqual({ open: 1, done: 0, dead: 0, ignored: 1 });
      expect(await inbox.record([entry(source, "1")])).toEqual(["duplicate"]);
      expect(await inbox.replay(source, ["1"])).toBe(1);
      expect((await inbox.counts(source)).open).toBe(2);
    });

    test("what is done and old is forgotten, what is open or dead is not", async () => {
      const source = newSource();
      await inbox.record([
        entry(source, "done", { contentKey: "content:1" }),
        entry(source, "dead"),
        entry(source, "open"),
        entry(source, "ignored", { state: "ignored" }),
      ]);
      for (const claim of await inbox.claim(source, 9, longLeaseMs)) {
        if (claim.key === "done") await inbox.complete(claim, done);
        if (claim.key === "dead") {
          await inbox.fail(claim, { kind: "dead", reason: "refused", error: "no" });
        }
      }
      expect(await inbox.prune(source, 3_600_000)).toBe(0);
      const before = Date.now();
      await until("the clock moved on", () => Date.now() > before + 1);
      expect(await inbox.prune(source, 0)).toBe(2);
      expect(await inbox.counts(source)).toEqual({ open: 1, done: 0, dead: 1, ignored: 0 });
      expect(await inbox.record([entry(source, "done", { contentKey: "content:1" })])).toEqual([
        "recorded",
      ]);
      expect(await inbox.record([entry(source, "dead")])).toEqual(["duplicate"]);
    });

    test("several workers whose runs fail at random finish each entry once", async () => {
      const source = newSource();
      const count = 60;
      const keys = Array.from({ length: count }, (_, index) => `${index}`);
      await inbox.record(
        keys.map((key, index) => entry(source, key, { orderKey: `${index % 7}` })),
      );
      const finished: string[] = [];
      const work = async (mine: Inbox<unknown>): Promise<void> => {
        while (finished.length < count) {
          for (const claim of await mine.claim(source, 4, longLeaseMs)) {
            if (Math.random() < 0.3) {
              await mine.fail(claim, { kind: "retry", afterMs: 0, error: "at random" });
              continue;
            }
            const settled = await mine.complete(claim, async () => void finished.push(claim.key));
            expect(settled).toBe("settled");
          }
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      await Promise.all([work(inbox), work(other), work(inbox), work(other)]);
      expect(finished.toSorted()).toEqual(keys.toSorted());
      for (let lane = 0; lane < 7; lane += 1) {
        const inLane = finished.map(Number).filter((key) => key % 7 === lane);
        expect(inLane).toEqual(inLane.toSorted((a, b) => a - b));
      }
    });
  });
}

/** A source of its own for each test: an inbox is shared by all of them. */
export function newSource(): string {
  sources += 1;
  return `source-${sources}`;
}

export function entry(source: string, key: string, change: Partial<NewEntry> = {}): NewEntry {
  return {
    source,
    key,
    contentKey: undefined,
    type: "invoice.paid",
    orderKey: undefined,
    headers: {},
    body: new TextEncoder().encode(`{"id":"${key}"}`),
    state: "open",
    ...change,
  };
}
