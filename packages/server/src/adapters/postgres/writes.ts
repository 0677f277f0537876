import type { MessagePort } from "node:worker_threads";
import type { EndpointId } from "../../domain/ids.ts";
import type { LaneStart } from "../../ports/dispatch-store.ts";
import type { Publication } from "../../ports/message-store.ts";
import type { NewRequest } from "../../ports/source-store.ts";
import type { Change, Store } from "../../ports/store.ts";
import { Effects, type Effect } from "../sql/effects.ts";
import { Bulletins, type Bulletin } from "./bulletins.ts";
import { createApplication, deleteApplication, updateApplication } from "./applications.ts";
import { deleteAttemptContent } from "./attempts.ts";
import { guarded } from "./database.ts";
import { dayOf } from "../sql/day.ts";
import { faultOf } from "./faults.ts";
import { rotateSecret } from "./endpoint-secrets.ts";
import { createEndpoint, deleteEndpoint, updateEndpoint } from "./endpoints.ts";
import { createEventType, deleteEventType, updateEventType } from "./event-types.ts";
import { createKey, revokeKey } from "./keys.ts";
import { deleteMessageContent } from "./messages.ts";
import { OwnerPort } from "./owner-port.ts";
import { Publisher, type PublisherParts } from "./publish.ts";
import { PublishQueue } from "./publish-queue.ts";
import { addRepeats, addRequest, takeRejected, updateRejected } from "./requests.ts";
import { resend } from "./resend.ts";
import { createSource, deleteSource, rotateSource, updateSource } from "./sources.ts";
import { readTargets } from "./targets.ts";
import type { Transaction } from "./transaction.ts";

type Methods = Pick<
  Store,
  | "createApplication"
  | "updateApplication"
  | "deleteApplication"
  | "createEndpoint"
  | "updateEndpoint"
  | "deleteEndpoint"
  | "rotateSecret"
  | "createEventType"
  | "updateEventType"
  | "deleteEventType"
  | "createKey"
  | "revokeKey"
  | "publish"
  | "deleteMessageContent"
  | "deleteAttemptContent"
  | "resend"
  | "createSource"
  | "updateSource"
  | "rotateSource"
  | "deleteSource"
  | "addRequest"
  | "addRepeats"
  | "acceptRejected"
  | "updateRejected"
>;

/**
 * The store's writes. What one has committed is told to the caches and to the owner in this process
 * before its call resolves.
 */
export class Writes {
  readonly #parts: PublisherParts;
  readonly #publisher: Publisher;
  readonly #queue: PublishQueue;
  readonly #listeners: ((change: Change) => void)[] = [];
  readonly #ports = new Set<OwnerPort>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #bulletins: Bulletins;
  readonly #untold: Effect[] = [];
  #owner: OwnerPort | undefined;

  constructor(parts: PublisherParts & { readonly url: string }) {
    this.#parts = parts;
    const { database, url } = parts;
    this.#bulletins = new Bulletins({
      database,
      url,
      hear: (bulletin) => void this.#hear(bulletin),
      missed: () => {
        this.#changed([{ kind: "everything" }]);
        this.#owner?.missed();
      },
    });
    this.#publisher = new Publisher(parts);
    this.#queue = new PublishQueue(this.#publisher, (effects) => this.#tell(effects));
  }

  /** Listens to what other processes commit. */
  open(): Promise<void> {
    return this.#bulletins.open();
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  attach(port: MessagePort): void {
    const owner = new OwnerPort(port, {
      targets: (endpoints) => readTargets(this.#parts.database, endpoints),
      settled: () => this.#settled(),
      changed: (changes) => {
        this.#changed(changes);
        this.#bulletins.tell(changes.map((change) => ({ kind: "change", change })));
      },
      owns: (each) => (this.#owner = each),
    });
    this.#ports.add(owner);
    port.on("close", () => {
      this.#ports.delete(owner);
      if (this.#owner === owner) this.#owner = undefined;
    });
  }

  /** The partitions that the owner in this process has. */
  owned(): ReadonlySet<number> {
    return this.#owner?.partitions ?? none;
  }

  /** Tells the owner of work that nobody handed to it. */
  wake(lanes: readonly LaneStart[]): void {
    this.#owner?.wake(lanes);
  }

  async close(): Promise<void> {
    await this.#settled();
    await this.#bulletins.close();
    for (const port of this.#ports) port.close();
  }

  methods(): Methods {
    const { places } = this.#parts;
    return {
      createApplication: (...a) => this.#write(a[0].id, (tx) => createApplication(tx, ...a)),
      updateApplication: (...a) => this.#write(0, (tx) => updateApplication(tx, ...a)),
      deleteApplication: (...a) => this.#write(0, (tx) => deleteApplication(tx, ...a)),
      createEndpoint: (...a) => this.#write(a[0].id, (tx) => createEndpoint(tx, ...a)),
      // A change may mean two events: the second takes the id after this one.
      updateEndpoint: (...a) => this.#write(a[1].eventId + 1, (tx) => updateEndpoint(tx, ...a)),
      deleteEndpoint: (id, by, at) => this.#write(0, (tx) => deleteEndpoint(tx, id, { by, at })),
      rotateSecret: (...a) => this.#write(a[1].event.id, (tx) => rotateSecret(tx, ...a)),
      createEventType: (...a) => this.#write(0, (tx) => createEventType(tx, ...a)),
      updateEventType: (...a) => this.#write(0, (tx) => updateEventType(tx, ...a)),
      deleteEventType: (...a) => this.#write(0, (tx) => deleteEventType(tx, ...a)),
      createKey: (...a) => this.#write(a[0].id, (tx) => createKey(tx, ...a)),
      revokeKey: (...a) => this.#write(0, (tx) => revokeKey(tx, ...a)),
      publish: (publication) => guarded(this.#queue.publish(publication)),
      deleteMessageContent: (id) => this.#write(0, (tx) => deleteMessageContent(tx, places, id)),
      deleteAttemptContent: (...a) =>
        this.#write(0, (tx) => deleteAttemptContent(tx, places, ...a)),
      resend: (asked) => this.#write(asked.delivery, (tx) => resend(tx, this.#parts, asked)),
      createSource: (...a) => this.#write(a[0].id, (tx) => createSource(tx, ...a)),
      updateSource: (...a) => this.#write(0, (tx) => updateSource(tx, ...a)),
      rotateSource: (...a) => this.#write(0, (tx) => rotateSource(tx, ...a)),
      deleteSource: (...a) => this.#write(0, (tx) => deleteSource(tx, ...a)),
      addRequest: (added) => guarded(this.#addRequest(added)),
      addRepeats: (counts) => this.#write(0, (tx) => addRepeats(tx, counts)),
      acceptRejected: (publication) => guarded(this.#acceptRejected(publication)),
      updateRejected: (verdict) => this.#write(0, (tx) => updateRejected(tx, verdict)),
    };
  }

  async #addRequest(added: NewRequest): Promise<void> {
    await this.#parts.days.ensure(dayOf(added.request.retainUntil));
    await this.#write(added.request.id, (tx) => addRequest(tx, added));
  }

  async #acceptRejected(publication: Publication) {
    const { deliveries, message, reception } = publication;
    if (reception === undefined) throw new Error("a publication without the request it is of");
    await this.#publisher.prepare(publication);
    const largest = Math.max(message.id, ...deliveries.map(({ id }) => id));
    return this.#write(largest, async (tx) => {
      const taken = await takeRejected(tx, reception.request);
      return taken ? this.#publisher.publishIn(tx, publication) : notRejected;
    });
  }

  #write<T>(largestId: number, run: (tx: Transaction) => Promise<T>): Promise<T> {
    const work = guarded(this.#commit(largestId, run));
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    void work.then(forget, forget);
    return work;
  }

  async #commit<T>(largestId: number, run: (tx: Transaction) => Promise<T>): Promise<T> {
    const { database, installation, places } = this.#parts;
    await installation.reserve(largestId);
    let effects = new Effects();
    let result: T;
    try {
      result = await database.transact((sql) => {
        effects = new Effects();
        return run({ ...sql, effects, places });
      });
    } catch (error) {
      // The commit is in doubt: what it may have changed is told for the case that it was done.
      if (faultOf(error) === "unreachable") this.#untold.push(...effects.take());
      throw error;
    }
    await this.#tell(effects.take());
    return result;
  }

  async #tell(effects: readonly Effect[]): Promise<void> {
    this.#changed(effects.flatMap((effect) => (effect.kind === "change" ? [effect.change] : [])));
    try {
      const { others, own } = await this.#split(effects);
      this.#bulletins.tell([...effects.filter(isChange), ...others]);
      await this.#owner?.tell(own);
    } catch {
      // It is committed, but the new targets could not be read.
      this.#untold.push(...effects);
    }
  }

  /** Work goes to the owner here as far as that has its partition; the others are told of the rest. */
  async #split(effects: readonly Effect[]) {
    const owned = this.owned();
    const { database, installation, places } = this.#parts;
    if (owned.size === installation.partitions) return { own: effects, others: [] };
    if (owned.size === 0) return { own: [], others: effects.filter(isWork) };
    await places.learn(database, effects.flatMap(endpointsOf));
    const isOwn = (endpoint: EndpointId) => owned.has(places.known(endpoint)?.partition ?? -1);
    return {
      own: effects.map((effect) => workWhere(effect, isOwn)),
      others: effects.filter(isWork).map((effect) => workWhere(effect, (id) => !isOwn(id))),
    };
  }

  /** Tells what could not be told when it was committed, once the database is back. */
  async tellAgain(): Promise<void> {
    if (this.#untold.length > 0) await this.#tell(this.#untold.splice(0).filter(isChange));
  }

  async #hear({ changes, lanes, targets }: Bulletin): Promise<void> {
    this.#changed(changes);
    if (this.#owner === undefined) return;
    const effects: readonly Effect[] = [
      ...targets.map((endpoint): Effect => ({ kind: "target", endpoint })),
      ...lanes.map((lane): Effect => ({ kind: "waiting", ...lane })),
    ];
    try {
      const { own } = await this.#split(effects);
      await this.#owner.tell(own);
    } catch {
      this.#untold.push(...effects);
    }
  }

  #changed(changes: readonly Change[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }

  /** Resolves when what is being committed now has been told, or has failed. */
  async #settled(): Promise<void> {
    await Promise.allSettled([this.#queue.settled(), ...this.#underWay]);
  }
}

const notRejected = { kind: "not-rejected" } as const;

const none: ReadonlySet<number> = new Set();

/** Deliveries are found in the queue, also by an owner that nobody told. */
function isChange({ kind }: Effect): boolean {
  return kind === "target" || kind === "change";
}

function isWork({ kind }: Effect): boolean {
  return kind === "committed" || kind === "waiting";
}

function endpointsOf(effect: Effect): readonly EndpointId[] {
  if (effect.kind === "committed") return effect.deliveries.map(({ endpoint }) => endpoint);
  return effect.kind === "waiting" ? [effect.endpoint] : [];
}

/** What of it is for some endpoints. */
function workWhere(effect: Effect, isMeant: (endpoint: EndpointId) => boolean): Effect {
  const left = { kind: "committed", deliveries: [], bytes: 0 } as const;
  if (effect.kind === "waiting") return isMeant(effect.endpoint) ? effect : left;
  if (effect.kind !== "committed") return effect;
  return { ...effect, deliveries: effect.deliveries.filter(({ endpoint }) => isMeant(endpoint)) };
}
