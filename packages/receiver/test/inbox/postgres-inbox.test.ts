import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresInbox } from "../../src/inbox/postgres-inbox.ts";
import { startPostgres } from "../../../server/test/kit/postgres-server.ts";
import type { PostgresServer } from "../../../server/test/kit/postgres-server.ts";
import { describeInbox, entry, newSource } from "./inbox-suite.ts";

describe("with a Postgres", () => {
  let server: PostgresServer;
  let pools: readonly [pg.Pool, pg.Pool];
  beforeAll(async () => {
    server = await startPostgres({ fsync: false });
    const connectionString = server.url;
    pools = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString })];
    await pools[0].query("create table effects (name text)");
  }, 120_000);
  afterAll(async () => {
    await Promise.all((pools ?? []).map((pool) => pool.end()));
    await server?.remove();
  });

  describeInbox("the Postgres inbox", async () => ({
    inboxes: [postgresInbox(pools[0]), postgresInbox(pools[1])],
    close: async () => undefined,
  }));

  describeInbox("the transactional Postgres inbox", async () => {
    const options = { table: "transactional_inbox", transactional: true } as const;
    return {
      inboxes: [postgresInbox(pools[0], options), postgresInbox(pools[1], options)],
      close: async () => undefined,
    };
  });

  const effects = async (): Promise<readonly string[]> => {
    const { rows } = await pools[0].query<{ name: string }>("select name from effects order by 1");
    return rows.map((row) => row.name);
  };

  test("what a handler writes in its transaction commits with the event, or not at all", async () => {
    const inbox = postgresInbox(pools[0], { table: "effects_inbox", transactional: true });
    const source = newSource();
    await inbox.record([entry(source, "1")]);
    const [claim] = await inbox.claim(source, 1, 60_000);
    if (claim === undefined) throw new Error("expected a claim");
    const failure = new Error("after the write");
    const failing = inbox.complete(claim, async (client) => {
      await client.query("insert into effects values ('rolled back')");
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await effects()).toEqual([]);
    expect((await inbox.counts(source)).open).toBe(1);

    await inbox.complete(claim, async (client) => {
      await client.query("insert into effects values ('committed')");
    });
    expect(await effects()).toEqual(["committed"]);
    expect((await inbox.counts(source)).done).toBe(1);
    // Done: a second run of the same claim does not begin.
    const late = inbox.complete(claim, () => Promise.reject(new Error("it ran")));
    expect(await late).toBe("lease_lost");
  });

  test("once, in the caller's transaction: first, duplicate, and first again after a rollback", async () => {
    const inbox = postgresInbox(pools[0], { table: "once_inbox" });
    const source = newSource();
    await inbox.prepare();
    const [first, second] = [await pools[0].connect(), await pools[1].connect()];
    try {
      await first.query("begin");
      expect(await inbox.once(first, source, "evt_1")).toBe("first");
      await second.query("begin");
      // It waits for the open transaction, and is first because that one is rolled back.
      const waiting = inbox.once(second, source, "evt_1");
      await first.query("rollback");
      expect(await waiting).toBe("first");
      await second.query("commit");
      await first.query("begin");
      expect(await inbox.once(first, source, "evt_1")).toBe("duplicate");
      expect(await inbox.once(first, source, "evt_2")).toBe("first");
      await first.query("commit");
      expect(await inbox.record([entry(source, "evt_2")])).toEqual(["duplicate"]);
    } finally {
      first.release();
      second.release();
    }
  });

  test("several processes that start at once make one table", async () => {
    const inboxes = Array.from({ length: 8 }, (_, index) =>
      postgresInbox(index % 2 === 0 ? pools[0] : pools[1], { table: "raced_inbox" }),
    );
    await Promise.all(inboxes.map((inbox) => inbox.prepare()));
    const [inbox] = inboxes;
    expect(await inbox?.counts("none")).toEqual({ open: 0, done: 0, dead: 0, ignored: 0 });
  });
});
