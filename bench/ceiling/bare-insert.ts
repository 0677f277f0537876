/** The store alone: the same rows in group commits, no HTTP. */
import { join } from "node:path";
import { monotonicMs } from "../load/clock.ts";
import { payloadOf } from "../load/payload.ts";
import { serveCommands } from "../load/serve-commands.ts";
import { CeilingStore, type AcceptedRow, type OutcomeRow } from "./ceiling-store.ts";

export interface BareInsertCommands {
  open(folder: string): void;
  /** Messages with one delivery and one attempt each; each commit has a batch of both. */
  insert(load: { readonly count: number; readonly batch: number; readonly payloadBytes: number }): {
    readonly tookMs: number;
  };
}

let store: CeilingStore | undefined;
let id = 0;

serveCommands<BareInsertCommands>({
  open(folder) {
    store = new CeilingStore(join(folder, "insert.db"));
  },
  insert({ batch, count, payloadBytes }) {
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
      store?.commit(rows, outcomes);
      outcomes = rows.map((row) => ({ message: row.id, endpoint: 0, startedAt: 0, status: 204 }));
    }
    store?.commit([], outcomes);
    return { tookMs: monotonicMs() - startedAt };
  },
});
