import type { ApplicationId, EndpointId, MessageId } from "../../domain/ids.ts";
import { int4s, int8s } from "./arrays.ts";
import { only, statement, type Sql } from "./database.ts";

export interface Place {
  readonly application: ApplicationId;
  readonly partition: number;
}

interface EndpointRow extends Place {
  readonly id: EndpointId;
}

const cached = 100_000;

const endpoints = statement<EndpointRow>(
  "places-endpoints",
  "SELECT id, application, partition FROM endpoints WHERE id = ANY($1::int8[])",
);
const application = statement<{ partition: number }>(
  "places-application",
  "SELECT partition FROM applications WHERE id = $1",
);
const message = statement<Place>(
  "places-message",
  `SELECT m.* FROM unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (SELECT application, partition FROM messages
     WHERE partition = p.partition AND ${only("id", "$2::int8")}) m LIMIT 1`,
);
const spread = statement<{ partition: number }>(
  "places-spread",
  "SELECT DISTINCT partition FROM endpoints WHERE application = $1",
);

/**
 * Where the rows of an application, an endpoint or a message lie, for calls that name nothing but its
 * id. It never changes, so it is looked up once, if need be in every partition, and remembered.
 */
export class Places {
  readonly #partitions: Buffer;
  readonly #applications = new Map<ApplicationId, number>();
  readonly #endpoints = new Map<EndpointId, Place>();
  readonly #messages = new Map<MessageId, Place>();

  constructor(partitions: number) {
    this.#partitions = int4s(Array.from({ length: partitions }, (_, partition) => partition));
  }

  /** An `int4[]` of every partition. */
  get everywhere(): Buffer {
    return this.#partitions;
  }

  /** The partition of an application and of its messages. */
  async application(sql: Sql, id: ApplicationId): Promise<number | undefined> {
    const known = this.#applications.get(id);
    if (known !== undefined) return known;
    const partition = (await sql.get(application, id))?.partition;
    if (partition === undefined) return undefined;
    if (this.#applications.size >= cached) this.#applications.clear();
    this.#applications.set(id, partition);
    return partition;
  }

  async endpoint(sql: Sql, id: EndpointId): Promise<Place | undefined> {
    await this.learn(sql, [id]);
    return this.#endpoints.get(id);
  }

  /** What is known of it already, see `learn`. */
  known(id: EndpointId): Place | undefined {
    return this.#endpoints.get(id);
  }

  async learn(sql: Sql, ids: Iterable<EndpointId>): Promise<void> {
    const missing: EndpointId[] = [];
    for (const id of ids) if (!this.#endpoints.has(id)) missing.push(id);
    if (missing.length === 0) return;
    if (this.#endpoints.size >= cached) this.#endpoints.clear();
    for (const row of await sql.all(endpoints, int8s(missing))) this.#endpoints.set(row.id, row);
  }

  async message(sql: Sql, id: MessageId): Promise<Place | undefined> {
    const known = this.#messages.get(id);
    if (known !== undefined) return known;
    const place = await sql.get(message, this.#partitions, id);
    if (place !== undefined) this.saw(id, place);
    return place;
  }

  saw(id: MessageId, place: Place): void {
    if (this.#messages.size >= cached) this.#messages.clear();
    this.#messages.set(id, place);
  }

  /** Where the deliveries of a message can lie: with its application's endpoints. */
  async ofDeliveries(sql: Sql, id: MessageId): Promise<Buffer | undefined> {
    const place = await this.message(sql, id);
    if (place === undefined) return undefined;
    const rows = await sql.all(spread, place.application);
    return int4s([...new Set([place.partition, ...rows.map(({ partition }) => partition)])]);
  }
}
