import type { EndpointId } from "../../domain/ids.ts";
import { hourMs, type EndState } from "../sql/end-states.ts";
import type { Database } from "./database.ts";

interface Counts {
  readonly endpoint: EndpointId;
  readonly hour: number;
  made: number;
  readonly ended: [success: number, fail: number, canceled: number];
}

/** Hour figures of the endpoints: gathered during a transaction, one write per row at its end. */
export class Rollups {
  readonly #pending = new Map<string, Counts>();
  readonly #add;

  constructor(database: Database) {
    this.#add = database.prepare(
      `INSERT INTO endpoint_hours (endpoint, hour, made, success, fail, canceled)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint, hour) DO UPDATE SET
       made = made + excluded.made, success = success + excluded.success,
       fail = fail + excluded.fail, canceled = canceled + excluded.canceled`,
    );
  }

  made(endpoint: EndpointId, madeAtMs: number): void {
    this.#counts(endpoint, madeAtMs).made += 1;
  }

  ended(endpoint: EndpointId, madeAtMs: number, state: EndState): void {
    this.#counts(endpoint, madeAtMs).ended[state] += 1;
  }

  write(): void {
    for (const { endpoint, hour, made, ended } of this.#pending.values()) {
      this.#add.run(endpoint, hour, made, ...ended);
    }
    this.#pending.clear();
  }

  clear(): void {
    this.#pending.clear();
  }

  #counts(endpoint: EndpointId, madeAtMs: number): Counts {
    const hour = Math.floor(madeAtMs / hourMs);
    const key = `${endpoint}:${hour}`;
    const found = this.#pending.get(key);
    if (found !== undefined) return found;
    const counts: Counts = { endpoint, hour, made: 0, ended: [0, 0, 0] };
    this.#pending.set(key, counts);
    return counts;
  }
}
