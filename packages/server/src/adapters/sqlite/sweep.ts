import type { ApplicationId, MessageId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";
import { EndpointSweep } from "./sweep-endpoints.ts";
import { RequestSweep } from "./sweep-requests.ts";

interface MessageRow {
  readonly id: MessageId;
  readonly retain_until: number;
  readonly application: ApplicationId;
  readonly event_id: string | null;
}

interface KeyRow {
  readonly key_hash: Uint8Array;
  readonly expires_at: number;
}

/**
 * Removes what has expired, a bounded step at a time. Idempotency keys have no index by expiry
 * (it would cost every publish a random write): a cursor goes round the table instead.
 *
 * Kept for ever, because people make them and they are few: applications, sources, event types, API keys,
 * and the revisions of endpoints that are there.
 */
export class Sweep {
  readonly #messages;
  readonly #isWaiting;
  readonly #expire;
  readonly #removals;
  readonly #removeMessage;
  readonly #removeEventId;
  readonly #keys;
  readonly #removeKey;
  readonly #endpoints: EndpointSweep;
  readonly #requests: RequestSweep;
  #message = { until: -1, id: -1 };
  #key: Uint8Array = new Uint8Array(0);

  constructor(database: Database) {
    this.#endpoints = new EndpointSweep(database);
    this.#requests = new RequestSweep(database);
    this.#messages = database.prepare<MessageRow>(
      `SELECT id, retain_until, application, event_id FROM messages
       WHERE (retain_until, id) > (?, ?) AND retain_until <= ? ORDER BY retain_until, id LIMIT ?`,
    );
    this.#isWaiting = database.prepare<{ one: number }>(
      "SELECT 1 AS one FROM queue WHERE message = ? LIMIT 1",
    );
    this.#expire = database.prepare(
      "UPDATE queue SET expires_at = ? WHERE message = ? AND expires_at IS NOT ?",
    );
    this.#removals = ["attempts", "deliveries"].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE message = ?`),
    );
    this.#removeMessage = database.prepare("DELETE FROM messages WHERE id = ?");
    this.#removeEventId = database.prepare(
      "DELETE FROM event_ids WHERE application = ? AND event_id = ? AND message = ?",
    );
    this.#keys = database.prepare<KeyRow>(
      `SELECT key_hash, expires_at FROM idempotency WHERE key_hash > ? ORDER BY key_hash LIMIT ?`,
    );
    this.#removeKey = database.prepare("DELETE FROM idempotency WHERE key_hash = ?");
  }

  /**
   * One step at the time `now`, of so many rows of each kind; says whether it came round and has
   * nothing more to look at.
   */
  step(now: number, rows: number): boolean {
    const messages = this.#sweepMessages(now, rows);
    const keys = this.#sweepKeys(now, rows);
    const endpoints = this.#endpoints.step(now);
    const requests = this.#requests.step(now, rows);
    return messages && keys && endpoints && requests;
  }

  #sweepMessages(now: number, limit: number): boolean {
    const { until, id } = this.#message;
    const rows = this.#messages.all(until, id, now, limit);
    for (const row of rows) {
      this.#message = { until: row.retain_until, id: row.id };
      // What still waits expires now: its owner ends it, and the next round removes the message.
      if (this.#isWaiting.get(row.id) !== undefined) {
        this.#expire.run(row.retain_until, row.id, row.retain_until);
        continue;
      }
      for (const removal of this.#removals) removal.run(row.id);
      this.#removeMessage.run(row.id);
      if (row.event_id !== null) this.#removeEventId.run(row.application, row.event_id, row.id);
    }
    if (rows.length === limit) return false;
    this.#message = { until: -1, id: -1 };
    return true;
  }

  #sweepKeys(now: number, limit: number): boolean {
    const rows = this.#keys.all(this.#key, limit);
    for (const row of rows) {
      this.#key = row.key_hash;
      if (row.expires_at <= now) this.#removeKey.run(row.key_hash);
    }
    if (rows.length === limit) return false;
    this.#key = new Uint8Array(0);
    return true;
  }
}
