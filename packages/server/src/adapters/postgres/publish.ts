import type { EndpointId, MessageId } from "../../domain/ids.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type { Publication, PublishResult } from "../../ports/message-store.ts";
import type { Effects } from "../sql/effects.ts";
import { int8s } from "./arrays.ts";
import {
  lostAgainstAnother,
  NotSent,
  only,
  statement,
  type Database,
  type Sql,
} from "./database.ts";
import { dayOf } from "../sql/day.ts";
import type { Days } from "./days.ts";
import { codeOf, faultOf } from "./faults.ts";
import { toRepeated } from "./idempotency.ts";
import type { InstallationRow } from "./installation.ts";
import type { Places } from "./places.ts";
import type { Transaction } from "./transaction.ts";
import { publishStatement, toRefusal, type Refusal } from "./publish-statement.ts";

export interface PublisherParts {
  readonly database: Database;
  readonly installation: InstallationRow;
  readonly days: Days;
  readonly places: Places;
  readonly writer: number;
}

const tries = 5;
const noPartition = "23514";
/** How long a publish waits for the database to say whether it was committed. */
const doubtMs = 5_000;
const betweenTriesMs = 100;

const stored = statement<{ id: MessageId }>(
  "publish-stored",
  `SELECT m.id FROM unnest($2::int8[]) AS k (id)
   CROSS JOIN LATERAL (SELECT id FROM messages
     WHERE partition = $1 AND day = $3 AND ${only("id", "k.id")}) m`,
);

/** Stores a group of publications in one statement, which is one transaction and one round trip. */
export class Publisher {
  readonly #parts: PublisherParts;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Rejects when the whole group failed; nothing of it was written then. */
  async publish(group: readonly Publication[], effects: Effects): Promise<PublishResult[]> {
    const { installation } = this.#parts;
    let largest = 0;
    for (const { message, deliveries, reception } of group) {
      const ids = deliveries.map(({ id }) => id);
      largest = Math.max(largest, message.id, reception?.request.id ?? 0, ...ids);
    }
    await installation.reserve(largest);
    await this.#ensureDays(group);
    const refusals = await this.#store(group);
    return group.map((publication) => judge(publication, refusals, effects));
  }

  /** One publication within a transaction, whose day `prepare` has made. */
  async publishIn(tx: Transaction, publication: Publication): Promise<PublishResult> {
    return judge(publication, await this.#run(tx, [publication]), tx.effects);
  }

  async prepare(publication: Publication): Promise<void> {
    await this.#ensureDays([publication]);
  }

  async #store(group: readonly Publication[]): Promise<ReadonlyMap<MessageId, Refusal>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#run(this.#parts.database, group);
      } catch (error) {
        if (faultOf(error) === "unreachable") return this.#afterDoubt(group, error);
        if (attempt === tries || !(await this.#mayTryAgain(group, error))) throw error;
      }
    }
  }

  async #mayTryAgain(group: readonly Publication[], error: unknown): Promise<boolean> {
    if (codeOf(error) !== noPartition) return lostAgainstAnother(error);
    // The day was dropped by another process, or is not made yet.
    const { days } = this.#parts;
    days.forget();
    await this.#ensureDays(group);
    return true;
  }

  async #ensureDays(group: readonly Publication[]): Promise<void> {
    const days = new Set(group.map(({ message }) => dayOf(message.retainUntil)));
    for (const day of days) await this.#parts.days.ensure(day);
  }

  /** What is there was stored. The rest was refused, or nothing was stored: it is tried again. */
  async #afterDoubt(
    group: readonly Publication[],
    error: unknown,
  ): Promise<ReadonlyMap<MessageId, Refusal>> {
    for (let attempt = 1; ; attempt += 1) {
      const done = await this.#storedOf(group, error);
      const rest = group.filter(({ message }) => !done.has(message.id));
      if (rest.length === 0) return new Map();
      try {
        const refusals = await this.#run(this.#parts.database, rest);
        return new Map(Array.from(refusals).filter(([, refusal]) => !isOfItself(refusal)));
      } catch (again) {
        // The first commit may have been under way still when this one began.
        const inDoubt = faultOf(again) === "unreachable" || lostAgainstAnother(again);
        if (attempt === tries || !inDoubt) throw again;
      }
    }
  }

  async #run(sql: Sql, group: readonly Publication[]): Promise<ReadonlyMap<MessageId, Refusal>> {
    const { places, writer } = this.#parts;
    const endpoints = new Set<EndpointId>();
    for (const { deliveries } of group) for (const each of deliveries) endpoints.add(each.endpoint);
    await places.learn(sql, endpoints);
    // The row lies where the endpoint's owner reads, also if the application is spread out.
    const home = ({ deliveries, message }: Publication, index: number) => {
      const endpoint = deliveries[index]?.endpoint;
      const place = endpoint === undefined ? undefined : places.known(endpoint);
      return place?.partition ?? message.partition;
    };
    const { statement: text, values } = publishStatement(group, home, writer);
    const rows = await sql.all(text, ...values);
    return new Map(rows.map((row) => [row.id, toRefusal(row)]));
  }

  /**
   * The connection ended before the answer came: whether the commit did is in the database, for
   * whoever waits until it is back. Rejects with `cause` when that takes too long.
   */
  async #storedOf(group: readonly Publication[], cause: unknown): Promise<ReadonlySet<MessageId>> {
    const until = performance.now() + doubtMs;
    for (;;) {
      try {
        return await this.#readStored(group);
      } catch (error) {
        if (faultOf(error) === undefined && !(error instanceof NotSent)) throw error;
        if (performance.now() > until) throw cause;
      }
      await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
    }
  }

  async #readStored(group: readonly Publication[]): Promise<ReadonlySet<MessageId>> {
    const found = new Set<MessageId>();
    const messages = group.map(({ message }) => message);
    const byPlace = Map.groupBy(messages, (each) => `${each.partition} ${dayOf(each.retainUntil)}`);
    for (const [first, ...rest] of byPlace.values()) {
      if (first === undefined) continue;
      const ids = int8s([first.id, ...rest.map(({ id }) => id)]);
      const { database } = this.#parts;
      const rows = await database.all(stored, first.partition, ids, dayOf(first.retainUntil));
      for (const { id } of rows) found.add(id);
    }
    return found;
  }
}

function judge(
  publication: Publication,
  refusals: ReadonlyMap<MessageId, Refusal>,
  effects: Effects,
): PublishResult {
  const refusal = refusals.get(publication.message.id);
  if (refusal !== undefined) return toResult(publication, refusal);
  addEffects(effects, publication);
  return { kind: "published" };
}

/** The commit in doubt came in between: the message meets the keys that it took itself. */
function isOfItself({ id, key, taken_by, twin }: Refusal): boolean {
  return taken_by === id || key?.message === id || twin?.message === id;
}

function toResult({ remember }: Publication, refusal: Refusal): PublishResult {
  const { key, lives, taken_by, twin } = refusal;
  if (key !== null && remember !== undefined) return toRepeated(remember, key);
  if (!lives) return { kind: "application-not-found" };
  if (taken_by !== null) return { kind: "event-id-taken", by: taken_by };
  if (twin !== null) return { kind: "duplicate", of: twin.request, message: twin.message };
  throw new Error("a publication was refused without a reason");
}

function addEffects(effects: Effects, { deliveries, message }: Publication): void {
  const { application, content, createdAt, expiresAt } = message;
  const dueNow: QueuedDelivery[] = [];
  for (const { due, endpoint, id, rule } of deliveries) {
    if (due > createdAt) {
      effects.add({ kind: "waiting", endpoint, due });
      continue;
    }
    dueNow.push({
      id,
      application,
      endpoint,
      message: message.id,
      due,
      rule,
      attempts: 0,
      resendOf: null,
      expiresAt,
      content,
    });
  }
  if (dueNow.length === 0) return;
  effects.add({ kind: "committed", deliveries: dueNow, bytes: content.body.byteLength });
}
