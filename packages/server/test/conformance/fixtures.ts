import type { Application } from "../../src/domain/application.ts";
import type { Attempt } from "../../src/domain/delivery.ts";
import type { Actor, EndpointConfig, SealedText } from "../../src/domain/endpoint.ts";
import {
  createIdSource,
  type ApplicationId,
  type EndpointId,
  type IdSource,
} from "../../src/domain/ids.ts";
import type { LaneRecord } from "../../src/domain/lane.ts";
import { createVault } from "../../src/adapters/crypto/vault.ts";
import type {
  DispatchFeed,
  DispatchStore,
  QueuedDelivery,
  RecordBatch,
} from "../../src/ports/dispatch-store.ts";
import type { NewEndpoint } from "../../src/ports/endpoint-store.ts";
import type { NewMessage, PlannedDelivery, Publication } from "../../src/ports/message-store.ts";
import type { Listed, Page } from "../../src/ports/paging.ts";
import type { Remember } from "../../src/ports/remember.ts";
import type { Store } from "../../src/ports/store.ts";

/** A fresh store and the owner's connection to it; `close` ends and removes both. */
export interface OpenedStore {
  readonly store: Store;
  readonly dispatch: DispatchStore & DispatchFeed;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** Far ahead, so that what a store removes by the real time does not meddle. */
export const t0 = Date.UTC(2050, 0, 15, 12, 0, 0);
export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const person: Actor = { kind: "key", key: null };

const vault = createVault(new Uint8Array(32));

export function sealed(text: string): SealedText {
  return vault.seal(text);
}

/** Makes things with ids and times of a clock that the test moves. */
export class Maker {
  time = t0;
  readonly ids: IdSource = createIdSource(() => this.time);

  application(parts: Partial<Application> = {}): Application {
    return {
      id: this.ids.next("application"),
      partition: 5,
      uid: null,
      name: "Acme",
      throttleRate: null,
      metadata: {},
      createdAt: this.time,
      updatedAt: this.time,
      ...parts,
    };
  }

  config(parts: Partial<EndpointConfig> = {}): EndpointConfig {
    return {
      url: "https://receiver.example/hooks",
      description: "",
      uid: null,
      eventTypes: null,
      channels: null,
      filter: null,
      disabled: false,
      paused: false,
      throttleRate: null,
      metadata: {},
      headers: null,
      ...parts,
    };
  }

  endpoint(application: ApplicationId, config: Partial<EndpointConfig> = {}): NewEndpoint {
    return {
      id: this.ids.next("endpoint"),
      application,
      partition: 5,
      config: this.config(config),
      createdAt: this.time,
      updatedAt: this.time,
      secret: { sealed: sealed("first"), createdAt: this.time, expiresAt: null },
      by: person,
    };
  }

  message(application: ApplicationId, parts: Partial<NewMessage> = {}): NewMessage {
    return {
      id: this.ids.next("message"),
      application,
      partition: 5,
      eventType: "invoice.paid",
      eventId: null,
      channels: [],
      tags: [],
      content: { body: new TextEncoder().encode('{"n":1}'), contentType: null, headers: {} },
      payloadJson: null,
      createdAt: this.time,
      deliverAt: null,
      expiresAt: null,
      retainUntil: this.time + 90 * dayMs,
      configVersion: 1,
      ...parts,
    };
  }

  planned(endpoint: EndpointId, parts: Partial<PlannedDelivery> = {}): PlannedDelivery {
    return {
      id: this.ids.next("delivery"),
      endpoint,
      due: this.time,
      rule: "publish",
      ...parts,
    };
  }

  publication(
    application: ApplicationId,
    endpoints: readonly EndpointId[],
    parts: Partial<NewMessage> = {},
  ): Publication {
    const message = this.message(application, parts);
    return { message, deliveries: endpoints.map((endpoint) => this.planned(endpoint)) };
  }

  attempt(
    of: Pick<QueuedDelivery, "id" | "application" | "endpoint" | "message">,
    parts: Partial<Attempt> = {},
  ): Attempt {
    return {
      id: this.ids.next("attempt"),
      application: of.application,
      endpoint: of.endpoint,
      message: of.message,
      delivery: of.id,
      number: 1,
      trigger: "schedule",
      startedAt: this.time,
      outcome: "delivered",
      errorClass: null,
      detail: null,
      phases: { queueMs: 1.25, dnsMs: 0.5, firstByteMs: 3.75, totalMs: 5.5, reused: false },
      response: {
        status: 200,
        headers: [
          ["content-type", "text/plain"],
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
        ],
        body: new TextEncoder().encode("thanks"),
        truncated: false,
      },
      address: "192.0.2.7",
      endpointVersion: 1,
      worker: "worker-1",
      ...parts,
    };
  }

  lane(endpoint: EndpointId, parts: Partial<LaneRecord> = {}): LaneRecord {
    return {
      endpoint,
      breaker: "closed",
      probeAt: null,
      opened: 0,
      consecutiveFailures: 0,
      failingSince: null,
      warnedAt: null,
      askedToWaitUntil: null,
      concurrency: 8,
      limitedBy: null,
      sending: [],
      updatedAt: this.time,
      ...parts,
    };
  }

  remember(parts: Partial<Remember> = {}): Remember {
    return {
      keyHash: "1".repeat(64),
      requestHash: "2".repeat(64),
      expiresAt: this.time + dayMs,
      answer: { kind: "body", status: 201, json: '{"id":"x"}' },
      ...parts,
    };
  }
}

/** An application with endpoints, in the store. */
export async function settle(store: Store, maker: Maker, endpoints = 1) {
  const application = maker.application();
  await store.createApplication(application);
  const made: EndpointId[] = [];
  for (let n = 0; n < endpoints; n += 1) {
    const endpoint = maker.endpoint(application.id);
    await store.createEndpoint(endpoint);
    made.push(endpoint.id);
  }
  const [first] = made;
  if (first === undefined) throw new Error("at least one endpoint");
  return { application: application.id, endpoint: first, endpoints: made };
}

export function batch(epoch: number, parts: Partial<RecordBatch> = {}): RecordBatch {
  return {
    epoch,
    settlements: [],
    lanes: [],
    restedLanes: [],
    events: [],
    disables: [],
    ...parts,
  };
}

/** Reads the lane's due deliveries as the owner would. */
export async function due(dispatch: DispatchStore, endpoint: EndpointId, now: number) {
  const window = await dispatch.readLane({
    endpoint,
    now,
    limit: 1000,
    maxBytes: 2 ** 30,
    skip: [],
  });
  return window.deliveries;
}

export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`one expected: ${items.length}`);
  return item;
}

export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error("a value expected");
  return value;
}

/** Follows a list from page to page until it says that it is done. */
export async function pages<Item, Key>(
  page: Page<Key>,
  read: (page: Page<Key>) => Promise<Listed<Item>>,
  keyOf: (item: Item) => Key,
): Promise<Item[][]> {
  const all: Item[][] = [];
  let next = page;
  for (;;) {
    const { done, items } = await read(next);
    all.push([...items]);
    const last = items.at(-1);
    if (done || last === undefined) return all;
    next = { ...page, from: { key: keyOf(last), side: "after" } };
  }
}
