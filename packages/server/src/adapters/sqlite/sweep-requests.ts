import type { RequestId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";

/** Removes requests past their retention, and what was kept of rejected ones before. */
export class RequestSweep {
  readonly #due;
  readonly #remove;
  readonly #kept;
  readonly #forget;

  constructor(database: Database) {
    this.#due = database.prepare<{ id: RequestId }>(
      "SELECT id FROM requests WHERE retain_until <= ? ORDER BY retain_until LIMIT ?",
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
    const due = this.#due.all(now, limit);
    for (const { id } of due) this.#remove.run(id);
    const kept = this.#kept.all(now, limit);
    for (const { id } of kept) this.#forget.run(id);
    return due.length < limit && kept.length < limit;
  }
}
