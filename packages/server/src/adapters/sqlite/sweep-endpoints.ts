import { firstIdAt, type EndpointId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";
import { hourMs } from "../sql/end-states.ts";

/** How long figures and events are kept, and an endpoint after it was deleted: a year and a month. */
export const keptMs = 400 * 86_400_000;
const stepEndpoints = 20;
const betweenRoundsMs = hourMs;

interface Row {
  readonly id: EndpointId;
  readonly deleted_at: number | null;
}

/**
 * Removes what endpoints leave behind: old hours and events, secrets that have expired or whose
 * endpoint is deleted, and at last the deleted endpoint itself. Until then its revisions say why a
 * message did not match it.
 */
export class EndpointSweep {
  readonly #endpoints;
  readonly #expiredSecrets;
  readonly #secrets;
  readonly #hours;
  readonly #events;
  readonly #traces;
  readonly #removals;
  #endpoint = -1;
  #nextRoundAt = 0;

  constructor(database: Database) {
    this.#endpoints = database.prepare<Row>(
      "SELECT id, deleted_at FROM endpoints WHERE id > ? ORDER BY id LIMIT ?",
    );
    this.#expiredSecrets = database.prepare(
      "DELETE FROM endpoint_secrets WHERE endpoint = ? AND expires_at <= ?",
    );
    this.#secrets = database.prepare("DELETE FROM endpoint_secrets WHERE endpoint = ?");
    this.#hours = database.prepare("DELETE FROM endpoint_hours WHERE endpoint = ? AND hour < ?");
    this.#events = database.prepare("DELETE FROM endpoint_events WHERE endpoint = ? AND id < ?");
    this.#traces = ["queue", "deliveries", "attempts"].map((table) =>
      database.prepare<{ one: number }>(`SELECT 1 AS one FROM ${table} WHERE endpoint = ? LIMIT 1`),
    );
    this.#removals = [
      "DELETE FROM endpoint_revisions WHERE endpoint = ?",
      "DELETE FROM lanes WHERE endpoint = ?",
      "DELETE FROM endpoints WHERE id = ?",
    ].map((sql) => database.prepare(sql));
  }

  /** One step; says whether there is nothing more to look at for now. */
  step(now: number): boolean {
    if (now < this.#nextRoundAt) return true;
    const rows = this.#endpoints.all(this.#endpoint, stepEndpoints);
    for (const row of rows) {
      this.#endpoint = row.id;
      this.#sweep(row, now);
    }
    if (rows.length === stepEndpoints) return false;
    this.#endpoint = -1;
    this.#nextRoundAt = now + betweenRoundsMs;
    return true;
  }

  #sweep({ id, deleted_at }: Row, now: number): void {
    const before = now - keptMs;
    this.#hours.run(id, Math.floor(before / hourMs));
    this.#events.run(id, firstIdAt(Math.max(0, before)));
    if (deleted_at === null) {
      this.#expiredSecrets.run(id, now);
      return;
    }
    // Nothing is signed for it any more.
    this.#secrets.run(id);
    if (deleted_at > before) return;
    if (this.#traces.some((trace) => trace.get(id) !== undefined)) return;
    for (const removal of this.#removals) removal.run(id);
  }
}
