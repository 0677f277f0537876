import type { EndpointSecret } from "../../src/domain/endpoint.ts";
import { createIdCodec, createIdSource } from "../../src/domain/ids.ts";
import type { ApplicationId, EndpointId } from "../../src/domain/ids.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import type { Dispatcher } from "../../src/dispatch/dispatcher.ts";
import { defaultDispatchSettings } from "../../src/dispatch/settings.ts";
import type { DispatchSettings } from "../../src/dispatch/settings.ts";
import { createVault } from "../../src/adapters/crypto/vault.ts";
import { createSigner } from "../../src/adapters/crypto/signer.ts";
import type { QueuedDelivery, Target } from "../../src/ports/dispatch-store.ts";
import type { PartitionSharing } from "../../src/ports/partition-sharing.ts";
import type { Signer } from "../../src/ports/signer.ts";
import { createFakeClock } from "./fake-clock.ts";
import type { FakeClock } from "./fake-clock.ts";
import { createFakeSender } from "./fake-sender.ts";
import type { Behaviour, FakeSender, SentRequest } from "./fake-sender.ts";
import { createMemoryDispatchStore } from "./memory-dispatch-store.ts";
import type { MemoryDispatchStore } from "./memory-dispatch-store.ts";

export const testSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** A dispatcher on a fake clock between a store in memory and receivers that are a function. */
export interface Bench {
  readonly clock: FakeClock;
  readonly store: MemoryDispatchStore;
  readonly sender: FakeSender;
  readonly fatal: readonly Error[];
  readonly vault: ReturnType<typeof createVault>;
  dispatcher: Dispatcher;
  application(): ApplicationId;
  /** An endpoint whose URL is `http://{name}/`. */
  endpoint(name: string, given?: Partial<Target>): Target;
  delivery(target: Target, given?: Partial<QueuedDelivery>): QueuedDelivery;
  /** Makes and commits `count` deliveries. */
  publish(target: Target, count?: number): readonly QueuedDelivery[];
  /** A new dispatcher over the same store, as after the process ended. */
  restart(): Promise<void>;
}

export interface BenchOptions {
  readonly behave?: (request: SentRequest) => Behaviour;
  readonly settings?: Partial<DispatchSettings>;
  readonly signer?: Signer;
  readonly sharing?: PartitionSharing;
  readonly random?: () => number;
}

export function createBench(options: BenchOptions = {}): Bench {
  const clock = createFakeClock();
  const store = createMemoryDispatchStore();
  const ids = createIdSource(clock.now);
  const idCodec = createIdCodec("abc123");
  const vault = createVault(new Uint8Array(32).fill(1));
  const secret: EndpointSecret = {
    sealed: vault.seal(testSecret),
    createdAt: 0,
    expiresAt: null,
  };
  const fatal: Error[] = [];
  const behave = options.behave ?? ((): Behaviour => ({ kind: "answer", status: 200 }));
  const sender = createFakeSender(clock, behave);
  const home = ids.next("application");
  const silent = { info: () => {}, warn: () => {}, error: () => {} };

  const open = (): Dispatcher =>
    createDispatcher({
      store,
      feed: store,
      ...(options.sharing === undefined ? {} : { sharing: options.sharing }),
      sender,
      signer: options.signer ?? createSigner(),
      vault,
      clock,
      random: options.random ?? (() => 0.5),
      ids,
      idCodec,
      log: silent,
      settings: { ...defaultDispatchSettings, ...options.settings },
      onFatal: (error) => fatal.push(error),
    });

  const bench: Bench = {
    clock,
    store,
    sender,
    fatal,
    vault,
    dispatcher: open(),
    application: () => ids.next("application"),
    endpoint(name, given = {}) {
      const endpoint: EndpointId = ids.next("endpoint");
      const target: Target = {
        endpoint,
        application: home,
        partition: 0,
        version: 1,
        url: `http://${name}/`,
        headers: null,
        secrets: [secret],
        throttleRate: null,
        applicationThrottleRate: null,
        gate: "open",
        ...given,
      };
      store.setTarget(target);
      return target;
    },
    delivery: (target, given = {}) => ({
      id: ids.next("delivery"),
      application: target.application,
      endpoint: target.endpoint,
      message: ids.next("message"),
      due: clock.now(),
      rule: "publish",
      attempts: 0,
      resendOf: null,
      expiresAt: null,
      content: { body: new TextEncoder().encode('{"a":1}'), contentType: null, headers: {} },
      ...given,
    }),
    publish(target, count = 1) {
      const made = Array.from({ length: count }, () => bench.delivery(target));
      store.commit(made);
      return made;
    },
    async restart() {
      bench.dispatcher = open();
      await bench.dispatcher.start();
    },
  };
  return bench;
}
