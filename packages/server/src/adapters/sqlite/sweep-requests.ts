import type { RequestId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";

/** Removes requests past their retention, and what was kept of rejected ones before. */
export class RequestSweep {
  readonly #oldest;
  readonly #remove;
  readonly #kept;
  readonly #forget;

  constructor(database: Database) {
    this.#oldest = database.prepare<{ id: RequestId; retain_until: number }>(
      "SELECT id, retain_until FROM requests WHERE id > -1 ORDER BY id LIMIT ?",
    );
    this.#remove = database.prepare("DELETE FROM requests WHERE id = ?");
    this.#kept = database.prepare<{ id: RequestId }>(
      `SELECT id FROM requests WHERE kept_until IS NOT NULL AND kept_until <= ?
       ORDER BY kept_until LIMIT ?`,
    );
    this.#forget = database.prepare(
      "UPDATE requests SET kept = NULL, body = NULL, kept_until = NULL WHERE id = ?",
    );
  }

  /** Says whether nothing more is to be removed. */
  step(now: number, limit: number): boolean {
    // By age, with no index by time, which each request would pay for: one that is kept longer than those
    // after it, because the setting was another then, holds them back until its own end.
    const oldest = this.#oldest.all(limit);
    const due = oldest.slice(
      0,
      oldest.findIndex(({ retain_until }) => retain_until > now),
    );
    for (const { id } of due) this.#remove.run(id);
    const over = this.#kept.all(now, limit);
    for (const { id } of over) this.#forget.run(id);
    return due.length < limit && over.length < limit;
  }
}
