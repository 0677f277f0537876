import { firstIdAt, type EndpointId } from "../../domain/ids.ts";
import type { EndpointStats } from "../../ports/endpoint-store.ts";
import type { Database } from "./database.ts";
import { hourMs } from "../sql/end-states.ts";

interface Counts {
  readonly made: number | null;
  readonly success: number | null;
  readonly fail: number | null;
  readonly canceled: number | null;
}

const ended = `count(*) AS made, sum(state = 0) AS success, sum(state = 1) AS fail,
  sum(state = 2) AS canceled`;
const waiting = "count(*) AS made, 0 AS success, 0 AS fail, 0 AS canceled";

/**
 * Whole hours come from the rollups, the partial ones at both ends are counted in the indexes. A
 * delivery belongs to the time of its message's id (it was made with it), one that a resend made to
 * the time of its own.
 */
export class Stats {
  readonly #hours;
  readonly #spans;

  constructor(database: Database) {
    this.#hours = database.prepare<Counts>(
      `SELECT sum(made) AS made, sum(success) AS success, sum(fail) AS fail,
       sum(canceled) AS canceled FROM endpoint_hours
       WHERE endpoint = ? AND hour >= ? AND hour < ?`,
    );
    this.#spans = [
      `SELECT ${ended} FROM deliveries
       WHERE endpoint = ? AND message >= ? AND message < ? AND resent = 0`,
      `SELECT ${ended} FROM deliveries
       WHERE endpoint = ? AND delivery >= ? AND delivery < ? AND resent = 1`,
      `SELECT ${waiting} FROM queue
       WHERE endpoint = ? AND message >= ? AND message < ? AND resent = 0`,
      `SELECT ${waiting} FROM queue
       WHERE endpoint = ? AND delivery >= ? AND delivery < ? AND resent = 1`,
    ].map((sql) => database.prepare<Counts>(sql));
  }

  endpointStats(id: EndpointId, since: number, until: number): EndpointStats {
    const total = { made: 0, success: 0, fail: 0, canceled: 0 };
    const add = (counts: Counts | undefined) => {
      total.made += counts?.made ?? 0;
      total.success += counts?.success ?? 0;
      total.fail += counts?.fail ?? 0;
      total.canceled += counts?.canceled ?? 0;
    };
    const span = (from: number, to: number) => {
      if (from >= to) return;
      for (const statement of this.#spans) add(statement.get(id, firstIdAt(from), firstIdAt(to)));
    };
    const firstHour = Math.ceil(since / hourMs);
    const endHour = Math.floor(until / hourMs);
    if (firstHour <= endHour) {
      span(since, firstHour * hourMs);
      add(this.#hours.get(id, firstHour, endHour));
      span(endHour * hourMs, until);
    } else {
      span(since, until);
    }
    const { made, success, fail, canceled } = total;
    return { success, fail, canceled, waiting: made - success - fail - canceled };
  }
}
