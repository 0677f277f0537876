import type { Database, Statement } from "../../packages/server/src/adapters/sqlite/database.ts";
import type { Engine, Work } from "../../packages/server/src/adapters/sqlite/engine.ts";
import type { EndpointId } from "../../packages/server/src/domain/ids.ts";
import type { Attempt } from "../../packages/server/src/domain/delivery.ts";
import { openEngine, publicationOf } from "./mountain.ts";

export interface Plan {
  /** What the store was asked when it ran the statement. */
  readonly during: string;
  readonly sql: string;
  readonly steps: readonly string[];
}

/**
 * Has the store do once what it does for each delivery, and explains each statement that it ran.
 * Leaves the store as it was, but for one delivered message.
 */
export function explainHotPath(
  folder: string,
  of: { readonly application: string; readonly endpoint: string },
): readonly Plan[] {
  const ran = new Map<string, string>();
  let during = "opening";
  const { codec, database, engine, ids } = openEngine(folder, (given) =>
    watched(given, (sql) => {
      if (during !== "opening" && !ran.has(sql)) ran.set(sql, during);
    }),
  );
  const application = codec.parse("application", of.application);
  const endpoint = codec.parse("endpoint", of.endpoint);
  if (application === undefined || endpoint === undefined) throw new Error("ids of another store");
  const write = (name: Work["name"], argument: unknown): unknown => {
    during = name;
    const result = engine.flush([{ name, args: [argument] }]).results[0];
    if (result?.kind !== "value") throw new Error(`${name} failed`, { cause: result });
    return result.value;
  };
  const takeover = write("takeOver", "bench");
  const epoch =
    typeof takeover === "object" && takeover !== null && "epoch" in takeover ? takeover.epoch : 0;
  const publication = publicationOf({ application, endpoint, body: new Uint8Array(16), ids });
  write("publish", publication);
  during = "readLane";
  readLane(engine, endpoint);
  const delivery = publication.deliveries[0]?.id;
  if (delivery === undefined) throw new Error("nothing was planned");
  const attempt: Attempt = {
    id: ids.next("attempt"),
    application,
    endpoint,
    message: publication.message.id,
    delivery,
    number: 1,
    trigger: "schedule",
    startedAt: Date.now(),
    outcome: "delivered",
    errorClass: null,
    detail: null,
    phases: { queueMs: 0, totalMs: 1, reused: true },
    response: { status: 204, headers: [], body: new Uint8Array(0), truncated: false },
    address: null,
    endpointVersion: 1,
    worker: "bench",
  };
  const rest = { epoch, lanes: [], restedLanes: [], events: [], disables: [] };
  const retry = { kind: "retry", attempt, due: Date.now(), rule: "schedule" };
  write("record", { ...rest, settlements: [retry] });
  const end = { kind: "end", attempt, reason: "delivered" };
  write("record", { ...rest, settlements: [end] });
  during = "sweep";
  engine.sweep(Date.now());
  const plans = Array.from(ran, ([sql, when]) => ({
    during: when,
    sql: oneLine(sql),
    steps: explain(database, sql),
  }));
  engine.close();
  return plans.filter(({ steps }) => steps.length > 0);
}

/** Whether a statement walks a whole table. The takeover may, over the lanes in trouble. */
export function scans({ during, steps }: Plan): boolean {
  const walks = steps.some((step) => step.startsWith("SCAN") && step !== "SCAN CONSTANT ROW");
  return walks && during !== "takeOver";
}

function readLane(engine: Engine, endpoint: EndpointId): void {
  const read = { endpoint, now: Date.now(), limit: 100, maxBytes: 2 ** 20, skip: [] };
  const result = engine.read({ name: "readLane", args: [read] }).next().value;
  if (result === undefined || result.kind !== "value") throw new Error("readLane failed");
}

function explain(database: Database, sql: string): readonly string[] {
  if (!/^\s*(SELECT|INSERT|UPDATE|DELETE)/i.test(sql)) return [];
  return database
    .prepare<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail);
}

function watched(database: Database, ran: (sql: string) => void): Database {
  return {
    ...database,
    get isTransaction() {
      return database.isTransaction;
    },
    prepare: <Row>(sql: string): Statement<Row> => {
      const statement = database.prepare<Row>(sql);
      return {
        run: (...values) => {
          ran(sql);
          return statement.run(...values);
        },
        get: (...values) => {
          ran(sql);
          return statement.get(...values);
        },
        all: (...values) => {
          ran(sql);
          return statement.all(...values);
        },
      };
    },
  };
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").trim();
}
