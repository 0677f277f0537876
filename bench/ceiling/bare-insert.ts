/** The store alone: the same rows in group commits, no HTTP. */
import { monotonicMs } from "../load/clock.ts";
import { payloadOf } from "../load/payload.ts";
import type { Place } from "../load/place.ts";
import { serveCommands } from "../load/serve-commands.ts";
import type { AcceptedRow, CeilingStore, OutcomeRow } from "./ceiling-store.ts";
import { openCeilingStore } from "./open-ceiling-store.ts";

export interface BareInsertCommands {
  open(place: Place): Promise<void>;
  /** Messages with one delivery and one attempt each; each commit has a batch of both. */
  insert(load: {
    readonly count: number;
    readonly batch: number;
    readonly payloadBytes: number;
  }): Promise<{ readonly tookMs: number }>;
}

let store: CeilingStore | undefined;
let id = 0;

serveCommands<BareInsertCommands>({
  async open(place) {
    store = await openCeilingStore(place);
  },
  async insert({ batch, count, payloadBytes }) {
    const body = Buffer.from(payloadOf(0, 0, payloadBytes));
    const startedAt = monotonicMs();
    let outcomes: OutcomeRow[] = [];
    for (let done = 0; done < count; done += batch) {
      const rows: AcceptedRow[] = [];
      const size = Math.min(batch, count - done);
      for (let i = 0; i < size; i += 1) {
        id += 1;
        rows.push({ id, eventType: "bench.sent", body, deliveries: 1 });
      }
      await commit(rows, outcomes);
      outcomes = rows.map((row) => ({ message: row.id, endpoint: 0, startedAt: 0, status: 204 }));
    }
    await commit([], outcomes);
    return { tookMs: monotonicMs() - startedAt };
  },
});

async function commit(
  rows: readonly AcceptedRow[],
  outcomes: readonly OutcomeRow[],
): Promise<void> {
  if (store === undefined) throw new Error("no store was opened");
  if (!store.apart) return store.commit(rows, outcomes);
  await Promise.all([store.commit(rows, []), store.commit([], outcomes)]);
}
