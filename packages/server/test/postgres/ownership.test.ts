import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemClock } from "../../src/adapters/clock.ts";
import {
  connectDispatchStore,
  type ConnectedDispatchStore,
} from "../../src/adapters/postgres/connect-dispatch-store.ts";
import {
  openPostgresStore,
  type PostgresStore,
} from "../../src/adapters/postgres/open-postgres-store.ts";
import { batch, due, Maker, only, settle } from "../conformance/fixtures.ts";
import { type PostgresServer, startPostgres } from "../kit/postgres-server.ts";
import { until } from "../kit/until.ts";
import { sharesOf } from "./ledger.ts";
import { newDatabase, type TestDatabase } from "./open.ts";

let database: TestDatabase;
let store: PostgresStore;
let workers: Worker[];
const servers: PostgresServer[] = [];

async function open(serverUrl?: string): Promise<void> {
  database = await newDatabase(serverUrl);
  workers = [];
  store = await openPostgresStore({ url: database.url, now: createSystemClock().now });
}

async function close(): Promise<void> {
  for (const { link } of workers.splice(0)) await link.disconnect();
  await store.close();
  await database.drop();
}

beforeEach(() => open());
afterEach(async () => {
  await close();
  for (const server of servers.splice(0)) await server.remove();
});

interface Worker {
  readonly link: ConnectedDispatchStore;
  /** As it was told. */
  readonly held: ReadonlySet<number>;
  readonly lost: ReadonlySet<number>;
  readonly crashed: ReadonlySet<number>;
  readonly renewals: () => number;
}

/** One that hands over at once what it is to leave, as a dispatcher does that has nothing under way. */
async function join(leaseMs = 60_000): Promise<Worker> {
  const link = await connectDispatchStore(store.dispatchPort(), database.url, {
    slot: store.slot,
    leaseMs,
  });
  const [held, lost, crashed] = [new Set<number>(), new Set<number>(), new Set<number>()];
  let renewals = 0;
  const worker = { link, held, lost, crashed, renewals: () => renewals };
  workers.push(worker);
  const gain = ({
    afterCrash,
    partitions,
  }: {
    afterCrash: boolean;
    partitions: readonly number[];
  }) => {
    for (const partition of partitions) {
      held.add(partition);
      if (afterCrash) crashed.add(partition);
    }
  };
  link.onOwnership((change) => {
    switch (change.kind) {
      case "gained":
        return gain(change.takeover);
      case "leave":
        for (const partition of change.partitions) held.delete(partition);
        return void link.handOver(change.partitions, true);
      case "lost":
        for (const partition of change.partitions) {
          held.delete(partition);
          lost.add(partition);
        }
        return;
      case "renewed":
        renewals += 1;
    }
  });
  gain(await link.takeOver("worker"));
  return worker;
}

async function leave({ held, link }: Worker): Promise<void> {
  await link.retire();
  await link.handOver([...held], true);
  await link.disconnect();
}

const cut = () =>
  database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'posthorn lease' AND datname = current_database()`,
  );
const shares = (...expected: readonly number[]) =>
  until(`the shares are ${expected.join()}`, async () => {
    const held = workers.map((worker) => worker.held.size).filter((size) => size > 0);
    const told = held.toSorted((a, b) => b - a).join();
    return told === expected.join() && (await sharesOf(database)).join() === expected.join();
  });
/** What workers of the version before did, who knew one owner of all. */
const before = {
  register: (id: string) =>
    database.query(
      `INSERT INTO workers (id, name, started_at, renewed_at) VALUES ('${id}', '${id}', now(), now())`,
    ),
  take: async (id: string) => {
    const [lease] = await database.query<{ epoch: string; owner: string }>(
      "SELECT epoch, owner FROM leases WHERE partition = 0",
    );
    if (lease?.owner !== "") return false;
    const epoch = Number(lease.epoch) + 1;
    await database.query(`UPDATE leases SET owner = '${id}', epoch = ${epoch}`);
    return true;
  },
  release: (id: string) => database.query(`UPDATE leases SET owner = '' WHERE owner = '${id}'`),
};

describe("the partitions", () => {
  test("are shared evenly by those who come, and go to the others with those who go", async () => {
    const first = await join();
    await shares(64);
    const second = await join();
    await shares(32, 32);
    await join();
    await shares(22, 21, 21);
    await leave(second);
    await until("it has none", () => second.held.size <= 22);
    workers.splice(workers.indexOf(second), 1);
    await shares(32, 32);
    await leave(first);
    workers.splice(workers.indexOf(first), 1);
    await shares(64);
    expect(only(workers).crashed.size).toBe(0);
    expect(only(workers).lost.size).toBe(0);
  });

  test("move no more than they must", async () => {
    const first = await join();
    const before = new Set(first.held);
    await join();
    await shares(32, 32);
    expect([...first.held].every((partition) => before.has(partition))).toBe(true);
    const epochs = await database.query<{ epoch: string }>(
      "SELECT DISTINCT epoch FROM leases ORDER BY 1",
    );
    // Taken once; handed over and taken up.
    expect(epochs.map(({ epoch }) => Number(epoch))).toEqual([1, 3]);
  });

  test("stay with an owner that renews its lease, and whose connection was cut for a moment", async () => {
    const [first, second] = [await join(500), await join(500)];
    await shares(32, 32);
    const before = performance.now();
    await until("three leases are over", () => performance.now() - before > 1500);
    await cut();
    await until("both are heard again", () => first.link.inForce() && second.link.inForce());
    await until("three more are over", () => performance.now() - before > 4000);
    expect([first.lost.size, second.lost.size]).toEqual([0, 0]);
    await shares(32, 32);
  });

  test("of a worker that is silent for its lease go to the others; its late outcomes change nothing", async () => {
    const first = await join();
    const maker = new Maker();
    const home = await settle(store, maker);
    await store.publish(maker.publication(home.application, [home.endpoint]));
    const queued = only(await due(first.link, home.endpoint, maker.time));
    // As if it had been stopped for an hour, and its session held on by a network that says nothing.
    const second = await join(500);
    await database.query(
      "UPDATE workers SET renewed_at = now() - interval '1 hour' WHERE part = 'sharing' AND id = (SELECT owner FROM leases WHERE partition = 5)",
    );
    await database.query("UPDATE leases SET owner = 'the other one', epoch = epoch + 1");
    const attempt = maker.attempt(queued);
    const settlements = [{ kind: "end", attempt, reason: "delivered" }] as const;
    const lanes = [maker.lane(home.endpoint)];
    await first.link.record(batch(1, { settlements, lanes }));
    expect(await store.findAttempt(queued.message, attempt.id)).toBeUndefined();
    expect(await store.laneOf(home.endpoint)).toBeUndefined();
    await until("it knows", () => first.lost.size > 0);
    await until("what nobody has is taken", () => first.held.size + second.held.size === 64);
    expect(first.crashed.size + second.crashed.size).toBeGreaterThanOrEqual(32);
    expect(await due(second.link, home.endpoint, maker.time)).toHaveLength(1);
  });

  test("of a worker whose session is gone go to the others soon, and they know of the crash", async () => {
    const first = await join();
    await until("it has all", () => first.held.size === 64);
    // A process that was killed: it has no session, and its row stays.
    await database.query(
      "UPDATE leases SET owner = 'killed'; INSERT INTO workers (id, name, started_at, renewed_at, part) VALUES ('killed', '', now(), now() - interval '5 s', 'sharing')",
    );
    await until("it has all again", () => first.lost.size === 64 && first.held.size === 64);
    expect(first.crashed.size).toBe(64);
  });

  test("are not in force for a process that stood still, until it was heard again", async () => {
    const { link, renewals } = await join(500);
    await until("they are in force", () => link.inForce());
    const since = renewals();
    const before = performance.now();
    while (performance.now() - before < 600);
    expect(link.inForce()).toBe(false);
    await until("they are again", () => link.inForce());
    expect(renewals()).toBe(since + 1);
  });

  test("stay in doubt over a hand-over with suspects, until they are handed over in order", async () => {
    const first = await join();
    await first.link.handOver([7], false);
    await until("it has it again", () => first.crashed.has(7));
    const [row] = await database.query<{ crashed: boolean }>(
      "SELECT crashed FROM leases WHERE partition = 7",
    );
    expect(row).toEqual({ crashed: true });
    await leave(first);
    workers.splice(0);
    expect(await database.query("SELECT 1 FROM leases WHERE crashed")).toEqual([]);
  });
});

test("a database that crashed and came back finds each worker with its partitions", async () => {
  const server = await startPostgres({ fsync: false });
  servers.push(server);
  await close();
  await open(server.url);
  const both = [await join(), await join()];
  await shares(32, 32);
  await server.stop("immediate");
  await until("no lease is in force", () => both.every(({ link }) => !link.inForce()));
  await server.start();
  await until("all are again", () => both.every(({ link }) => link.inForce()));
  await shares(32, 32);
  expect(both.map(({ lost }) => lost.size)).toEqual([0, 0]);
});

describe("a worker of the version before", () => {
  test("keeps all while it runs, and leaves them to those that share", async () => {
    await before.register("old");
    expect(await before.take("old")).toBe(true);
    // It holds a session, as one that runs.
    const keeps = setInterval(
      () => void database.query("UPDATE workers SET renewed_at = now() WHERE id = 'old'"),
      100,
    );
    try {
      const [first, second] = [await join(2000), await join(2000)];
      const start = performance.now();
      await until("a while is over", () => performance.now() - start > 3000);
      expect(first.held.size + second.held.size).toBe(0);
      await before.release("old");
      await shares(32, 32);
      expect(first.crashed.size + second.crashed.size).toBe(0);
      // Nor does it find the first partition free while they hand over.
      expect(await before.take("old")).toBe(false);
    } finally {
      clearInterval(keeps);
    }
  });

  test("has them when the last one that shares is gone", async () => {
    const first = await join();
    await before.register("old");
    await leave(first);
    workers.splice(0);
    expect(await before.take("old")).toBe(true);
  });
});
