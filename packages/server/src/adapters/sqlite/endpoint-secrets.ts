import type { EndpointSecret, SealedText } from "../../domain/endpoint.ts";
import type { EndpointId } from "../../domain/ids.ts";
import type { SecretRotation } from "../../ports/endpoint-store.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import type { EndpointHistory } from "./endpoint-history.ts";
import type { Shared } from "./shared.ts";

interface Row {
  readonly sealed: SealedText;
  readonly created_at: number;
  readonly expires_at: number | null;
}

export class EndpointSecrets {
  readonly #shared: Shared;
  readonly #history: EndpointHistory;
  readonly #newestFirst;
  readonly #add;
  readonly #expire;
  readonly #forget;
  readonly #lives;

  constructor(database: Database, shared: Shared, history: EndpointHistory) {
    this.#shared = shared;
    this.#history = history;
    this.#newestFirst = database.prepare<Row>(
      `SELECT sealed, created_at, expires_at FROM endpoint_secrets WHERE endpoint = ?
       ORDER BY seq DESC`,
    );
    this.#add = database.prepare(
      `INSERT INTO endpoint_secrets (endpoint, seq, sealed, created_at, expires_at)
       SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4 FROM endpoint_secrets
       WHERE endpoint = ?1`,
    );
    this.#expire = database.prepare(
      `UPDATE endpoint_secrets SET expires_at = ?1
       WHERE endpoint = ?2 AND (expires_at IS NULL OR expires_at > ?1)`,
    );
    this.#forget = database.prepare(
      "DELETE FROM endpoint_secrets WHERE endpoint = ? AND expires_at <= ?",
    );
    this.#lives = database.prepare<{ one: number }>(
      "SELECT 1 AS one FROM endpoints WHERE id = ? AND deleted_at IS NULL",
    );
  }

  add(endpoint: EndpointId, secret: EndpointSecret): void {
    this.#add.run(endpoint, secret.sealed, secret.createdAt, secret.expiresAt);
  }

  /** The newest first, those of which the end has passed perhaps included. */
  all(endpoint: EndpointId): readonly EndpointSecret[] {
    return this.#newestFirst.all(endpoint).map((row) => ({
      sealed: row.sealed,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  endpointSecrets(id: EndpointId, at: number): readonly EndpointSecret[] {
    return this.all(id).filter(({ expiresAt }) => expiresAt === null || expiresAt > at);
  }

  rotateSecret(id: EndpointId, rotation: SecretRotation, remember?: Remember) {
    const { idempotency, effects } = this.#shared;
    const repeated = idempotency.repeated(remember, rotation.event.at);
    if (repeated !== undefined) return repeated;
    if (this.#lives.get(id) === undefined) return { kind: "not-found" } as const;
    this.#forget.run(id, rotation.event.at);
    this.#expire.run(rotation.oldExpireAt, id);
    this.add(id, rotation.secret);
    this.#history.addEvent(rotation.event);
    idempotency.remember(remember);
    effects.add({ kind: "target", endpoint: id });
    return { kind: "rotated" } as const;
  }
}
