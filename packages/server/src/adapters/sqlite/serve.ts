import type { MessagePort } from "node:worker_threads";
import type { Change } from "../../ports/store.ts";
import type { CheckpointDone } from "./checkpoint-thread.ts";
import type { Checkpointer } from "./checkpointer.ts";
import type { Effect } from "../sql/effects.ts";
import { sweepRows, type Engine, type Result } from "./engine.ts";
import { Feed, type FeedBatch } from "../sql/feed.ts";
import type { Slices } from "./paging.ts";
import {
  carry,
  type Answer,
  type Call,
  type CallName,
  type FromStore,
  type ToStore,
} from "./protocol.ts";
import { packFromStore, unpackToStore, type WireToStore } from "./wire.ts";

/** Writes in one transaction: beyond some hundred the rate gains nothing and answers come late. */
const flushWrites = 512;
const idleMs = 20;
/** So long outcomes alone wait for a publish, whose sync they share. Nobody waits for them. */
const companyMs = 5;
/** Between two steps of the sweep when the last one came round, and when there is more. */
const sweepMs = 1_000;
const sweepMoreMs = 50;
/** A step grows with the load, or more would come than goes; up to some milliseconds of work. */
const sweepRowsAtMost = 500;

interface Client {
  readonly post: (message: FromStore) => void;
  readonly feed: Feed | undefined;
}

interface Pending {
  readonly client: Client;
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

interface Reading {
  readonly client: Client;
  readonly id: number;
  readonly slices: Slices<Result>;
}

/**
 * The loop of the store's thread. A turn commits the writes that have arrived, tells the dispatcher
 * and the caches, answers, and then gives each read one slice.
 */
export class StoreLoop {
  readonly #engine: Engine;
  readonly #main: Client;
  readonly #now: () => number;
  readonly #onClosed: () => void;
  readonly #checkpointer: Checkpointer | undefined;
  #writes: Pending[] = [];
  #reads: Reading[] = [];
  readonly #ports = new Set<MessagePort>();
  #owner: Client | undefined;
  #scheduled = false;
  #company: NodeJS.Timeout | undefined;
  #hasWaited = false;
  #life: "open" | "closing" | "closed" = "open";
  #commitsAtLook = 0;
  #idle: NodeJS.Timeout | undefined;
  #nextSweep = 0;
  #writesSinceSweep = 0;

  constructor(
    engine: Engine,
    parts: {
      readonly post: (message: FromStore) => void;
      readonly now: () => number;
      readonly onClosed: () => void;
      /** Without it the loop does all of a checkpoint itself. */
      readonly checkpointer?: Checkpointer;
    },
  ) {
    this.#engine = engine;
    this.#main = { post: parts.post, feed: undefined };
    this.#now = parts.now;
    this.#onClosed = parts.onClosed;
    this.#checkpointer = parts.checkpointer;
    this.#rest();
  }

  receive(message: ToStore, client: Client = this.#main): void {
    switch (message.kind) {
      case "calls": {
        for (const call of message.calls) this.#enqueue(call, client);
        break;
      }
      case "credit": {
        client.feed?.returned(message.bytes);
        return;
      }
      case "dispatch-port": {
        this.#attach(message.port);
        return;
      }
      case "close": {
        this.#life = "closing";
        break;
      }
    }
    this.#schedule();
  }

  #attach(port: MessagePort): void {
    const feed = new Feed((endpoints) => this.#engine.targets(endpoints));
    const client: Client = { post: (message) => port.postMessage(packFromStore(message)), feed };
    port.on("message", (message: WireToStore) => this.receive(unpackToStore(message), client));
    this.#ports.add(port);
    port.on("close", () => {
      this.#ports.delete(port);
      if (this.#owner === client) this.#owner = undefined;
    });
  }

  #enqueue(call: Call, client: Client): void {
    const { args, id, name } = call;
    if (this.#engine.isWrite(name)) {
      this.#writes.push({ client, id, name, args });
    } else {
      this.#reads.push({ client, id, slices: this.#engine.read({ name, args }) });
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    clearTimeout(this.#idle);
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#life !== "closed") this.#turn();
    });
  }

  #turn(): void {
    if (this.#mayWait()) this.#company ??= setTimeout(() => this.#waited(), companyMs);
    else if (this.#writes.length > 0) this.#commit();
    if (this.#reads.length > 0) this.#read();
    // Also under load: whatever comes without a pause, reads too, would put it off for ever.
    this.#attend("the sweep", () => this.#sweep());
    const hasWrites = this.#writes.length > 0 && this.#company === undefined;
    if (hasWrites || this.#reads.length > 0) this.#schedule();
    else if (this.#life === "closing") void this.#close();
    else this.#rest();
  }

  #mayWait(): boolean {
    if (this.#writes.length === 0 || this.#hasWaited || this.#life !== "open") return false;
    return this.#writes.every(({ name }) => name === "record");
  }

  #waited(): void {
    this.#company = undefined;
    this.#hasWaited = true;
    this.#schedule();
  }

  #commit(): void {
    clearTimeout(this.#company);
    this.#company = undefined;
    this.#hasWaited = false;
    const writes = this.#writes.splice(0, flushWrites);
    const { effects, results } = this.#engine.flush(writes);
    const answers = new Map<Client, Answer[]>();
    for (const [index, { client, id, name }] of writes.entries()) {
      const result = results[index];
      if (result === undefined) throw new Error("a write has no result");
      if (name === "takeOver" && result.kind === "value") this.#owner = client;
      let list = answers.get(client);
      if (list === undefined) answers.set(client, (list = []));
      list.push(toAnswer(id, result));
    }
    this.#tell(effects, answers);
    this.#look();
    this.#writesSinceSweep += writes.length;
  }

  /** Caches forget and the owner knows before anybody hears that it was written. */
  #tell(effects: readonly Effect[], answers: ReadonlyMap<Client, readonly Answer[]>): void {
    const changes: Change[] = [];
    for (const effect of effects) if (effect.kind === "change") changes.push(effect.change);
    if (changes.length > 0) post(this.#main, { changes });
    const owner = this.#owner;
    const feed = owner?.feed?.batch(afterTakeover(effects));
    if (owner !== undefined && feed !== undefined && feed.items.length > 0) {
      post(owner, { feed, answers: answers.get(owner) ?? [] });
    } else if (owner !== undefined && answers.has(owner)) {
      post(owner, { answers: answers.get(owner) ?? [] });
    }
    for (const [client, list] of answers) if (client !== owner) post(client, { answers: list });
  }

  #read(): void {
    const answers = new Map<Client, Answer[]>();
    const unfinished: Reading[] = [];
    for (const reading of this.#reads) {
      const step = reading.slices.next();
      if (step.done !== true) {
        unfinished.push(reading);
        continue;
      }
      let list = answers.get(reading.client);
      if (list === undefined) answers.set(reading.client, (list = []));
      list.push(toAnswer(reading.id, step.value));
    }
    this.#reads = unfinished;
    for (const [client, list] of answers) post(client, { answers: list });
  }

  /** Nothing is to do: look after the files, and come back for the next step of the sweep. */
  #rest(): void {
    clearTimeout(this.#idle);
    const delayMs = Math.max(idleMs, Math.min(sweepMs, this.#nextSweep - this.#now()));
    this.#idle = setTimeout(() => {
      this.#look();
      this.#attend("the sweep", () => this.#sweep());
      this.#rest();
    }, delayMs);
    this.#idle.unref();
  }

  #sweep(): void {
    const now = this.#now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + sweepMs;
    const rows = Math.min(Math.max(sweepRows, 2 * this.#writesSinceSweep), sweepRowsAtMost);
    this.#writesSinceSweep = 0;
    if (!this.#engine.sweep(now, rows)) this.#nextSweep = now + sweepMoreMs;
  }

  #look(): void {
    const { checkpoints, commits } = this.#engine;
    if (commits === this.#commitsAtLook) return;
    this.#commitsAtLook = commits;
    this.#attend("the checkpoint", () => {
      if (!checkpoints.isWorth) return;
      const isBegun = this.#checkpointer?.begin((fault) => this.#finishCheckpoint(fault));
      if (isBegun !== true) checkpoints.run();
    });
  }

  #finishCheckpoint(fault: CheckpointDone): void {
    const { checkpoints } = this.#engine;
    this.#attend("the checkpoint", () => {
      if (fault !== null) throw new Error(fault);
      if (checkpoints.shouldEnd) checkpoints.run();
    });
  }

  #attend(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const line = { level: "warn", message: `${what} of the store failed: ${detail}` } as const;
      this.#main.post({ kind: "log", line });
    }
  }

  async #close(): Promise<void> {
    this.#life = "closed";
    clearTimeout(this.#idle);
    await this.#checkpointer?.close();
    this.#engine.close();
    this.#checkpointer?.closeFile();
    // An open port would keep the thread alive; the other end rejects what it still waits for.
    for (const port of this.#ports) port.close();
    this.#onClosed();
  }
}

function post(
  client: Client,
  parts: {
    readonly changes?: readonly Change[];
    readonly feed?: FeedBatch;
    readonly answers?: readonly Answer[];
  },
): void {
  client.post({
    kind: "answers",
    changes: parts.changes ?? [],
    feed: parts.feed?.items ?? [],
    feedBytes: parts.feed?.bytes ?? 0,
    answers: parts.answers ?? [],
  });
}

function toAnswer(id: number, result: Result): Answer {
  return result.kind === "value"
    ? { id, kind: "value", value: result.value }
    : { id, kind: "error", error: carry(result.error) };
}

/** Whoever takes over reads what was there before. */
function afterTakeover(effects: readonly Effect[]): readonly Effect[] {
  return effects.slice(effects.findLastIndex((effect) => effect.kind === "taken-over") + 1);
}
