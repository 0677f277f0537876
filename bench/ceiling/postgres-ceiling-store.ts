import pg from "pg";
import { byteas, int4s, int8s, texts } from "../../packages/server/src/adapters/postgres/arrays.ts";
import { keyOf, type AcceptedRow, type CeilingStore, type OutcomeRow } from "./ceiling-store.ts";

const schema = `
  CREATE TABLE messages (id int8 PRIMARY KEY, event_type text, body bytea);
  CREATE TABLE queue (delivery int8 PRIMARY KEY, message int8, endpoint int4, due int8);
  CREATE TABLE deliveries (id int8 PRIMARY KEY, message int8, endpoint int4, state int4,
    ended_at int8);
  CREATE TABLE attempts (id int8 PRIMARY KEY, message int8, endpoint int4, started_at int8,
    status int4);`;

const accept = `WITH put AS (
    INSERT INTO messages SELECT * FROM unnest($1::int8[], $2::text[], $3::bytea[]))
  INSERT INTO queue SELECT * FROM unnest($4::int8[], $5::int8[], $6::int4[], $7::int8[])`;

const settle = `WITH ended AS MATERIALIZED (
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int8[], $5::int4[])
      AS e (key, message, endpoint, started_at, status)),
  gone AS (DELETE FROM queue q USING ended e WHERE q.delivery = e.key),
  kept AS (INSERT INTO deliveries SELECT key, message, endpoint, 0, $6 FROM ended)
  INSERT INTO attempts SELECT key, message, endpoint, started_at, status FROM ended`;

/** Plans for full tables, as Posthorn's connections have them. */
const options =
  "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off " +
  "-c enable_mergejoin=off -c jit=off";

/**
 * One statement a commit, prepared, with arrays in binary, over a connection each for messages and for
 * outcomes: measured faster than both in one.
 */
export class PostgresCeilingStore implements CeilingStore {
  readonly apart = true;
  readonly #accepting: pg.Client;
  readonly #settling: pg.Client;

  static async open(url: string): Promise<PostgresCeilingStore> {
    const clients = [1, 2].map(() => new pg.Client({ connectionString: url, options }));
    await Promise.all(clients.map((client) => client.connect()));
    const [accepting, settling] = clients;
    if (accepting === undefined || settling === undefined) throw new Error("two clients expected");
    await accepting.query(schema);
    return new PostgresCeilingStore(accepting, settling);
  }

  private constructor(accepting: pg.Client, settling: pg.Client) {
    this.#accepting = accepting;
    this.#settling = settling;
  }

  async commit(accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): Promise<void> {
    if (accepted.length > 0) await this.#accept(accepted);
    if (outcomes.length > 0) await this.#settle(outcomes);
  }

  rest(): void {
    // The server does its own checkpoints.
  }

  async #accept(rows: readonly AcceptedRow[]): Promise<void> {
    const now = Date.now();
    const queued = rows.flatMap(({ deliveries, id }) =>
      Array.from({ length: deliveries }, (_, endpoint) => ({ id, endpoint })),
    );
    const values = [
      int8s(rows.map(({ id }) => id)),
      texts(rows.map(({ eventType }) => eventType)),
      byteas(rows.map(({ body }) => body)),
      int8s(queued.map(({ endpoint, id }) => keyOf(id, endpoint))),
      int8s(queued.map(({ id }) => id)),
      int4s(queued.map(({ endpoint }) => endpoint)),
      int8s(queued.map(() => now)),
    ];
    await this.#accepting.query({ name: "accept", text: accept, values });
  }

  async #settle(rows: readonly OutcomeRow[]): Promise<void> {
    const values = [
      int8s(rows.map(({ endpoint, message }) => keyOf(message, endpoint))),
      int8s(rows.map(({ message }) => message)),
      int4s(rows.map(({ endpoint }) => endpoint)),
      int8s(rows.map(({ startedAt }) => startedAt)),
      int4s(rows.map(({ status }) => status)),
      Date.now(),
    ];
    await this.#settling.query({ name: "settle", text: settle, values });
  }
}
