import { hash } from "node:crypto";
import pg from "pg";
import { byteas, int8s, texts } from "../../packages/server/src/adapters/postgres/arrays.ts";
import {
  dedupeMs,
  docOf,
  owner,
  retentionMs,
  type InboundRow,
  type InboundStore,
} from "./inbound-store.ts";

/** Posthorn's tables, their keys and indexes, but not divided by day. */
const schema = `
  CREATE TABLE requests (id int8, source int8, application int8, message int8, retain_until int8,
    partition int4, outcome text, reason text, doc text, PRIMARY KEY (partition, source, id));
  CREATE TABLE request_keys (partition int4, source int8, key bytea, request int8, message int8,
    created_at int8, expires_at int8, PRIMARY KEY (partition, source, key));
  CREATE INDEX request_keys_expiry ON request_keys (partition, expires_at);
  CREATE TABLE messages (id int8, application int8, created_at int8, retain_until int8,
    partition int4, event_type text, doc text, content text, body bytea,
    PRIMARY KEY (partition, id));
  CREATE INDEX messages_application ON messages (partition, application, id);
  CREATE TABLE queue (delivery int8, endpoint int8, due int8, application int8, message int8,
    partition int4, attempts int4, resent bool, rule text, PRIMARY KEY (partition, delivery));
  CREATE INDEX queue_lane ON queue (partition, endpoint, due, delivery);
  CREATE INDEX queue_message ON queue (partition, endpoint, message);`;

const { application, endpoint, partition, source } = owner;

const insert = `WITH rows AS MATERIALIZED (
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::bytea[], $6::text[],
      $7::text[], $8::text[], $9::bytea[])
      AS r (id, message, delivery, at, key, event_type, doc, content, body)),
  requested AS (INSERT INTO requests SELECT id, ${source}, ${application}, message,
    at + ${retentionMs}, ${partition}, 'accepted', 'event-received', doc FROM rows),
  keyed AS (INSERT INTO request_keys SELECT ${partition}, ${source}, key, id, message, at,
    at + ${dedupeMs} FROM rows),
  put AS (INSERT INTO messages SELECT message, ${application}, at, at + ${retentionMs},
    ${partition}, event_type, '{}', content, body FROM rows)
  INSERT INTO queue SELECT delivery, ${endpoint}, at, ${application}, message, ${partition}, 0,
    false, 'publish' FROM rows`;

/** One statement a commit, prepared, with arrays in binary. */
export class PostgresInboundStore implements InboundStore {
  readonly #client: pg.Client;

  static async open(url: string): Promise<PostgresInboundStore> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(schema);
    return new PostgresInboundStore(client);
  }

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  async commit(rows: readonly InboundRow[]): Promise<void> {
    const values = [
      int8s(rows.map(({ id }) => id)),
      int8s(rows.map(({ message }) => message)),
      int8s(rows.map(({ delivery }) => delivery)),
      int8s(rows.map(({ receivedAt }) => receivedAt)),
      byteas(rows.map(({ eventId }) => hash("sha256", eventId, "buffer"))),
      texts(rows.map(({ eventType }) => eventType)),
      texts(rows.map(docOf)),
      texts(rows.map(({ headers }) => headers)),
      byteas(rows.map(({ body }) => body)),
    ];
    await this.#client.query({ name: "insert", text: insert, values });
  }

  rest(): void {
    // The server does its own checkpoints.
  }
}
