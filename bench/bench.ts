import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Load, Produced, ProducerCommands } from "./load/producer.ts";
import type { Received, ReceiverCommands } from "./load/receiver.ts";
import type { Place, StoreKind } from "./load/place.ts";
import { openPostgres, type BenchPostgres } from "./load/postgres.ts";
import {
  otherServer,
  startPosthorn,
  type PosthornProcess,
  type Role,
  type Server,
} from "./load/server.ts";
import { startChild, type Child } from "./load/start-child.ts";
import { cpuBetween } from "./load/usage.ts";
import type { Options } from "./options.ts";
import { noCounts, type Counts } from "./report.ts";

export const payloadBytes = 1024;
export const channel = "bench";

const arrivalMs = 60_000;

export interface Run {
  readonly produced: Produced;
  readonly received: Received;
  /** Messages a second, from the first publish to the last arrival. */
  readonly rate: number;
  readonly deliveryRate: number;
  /** CPU time of the server, and of its database, in µs for each delivery. */
  readonly cpuUs: number;
}

export interface RunOptions {
  readonly url: string;
  readonly others?: readonly string[];
  readonly token: string;
  readonly body?: "message" | "payload" | "empty";
  readonly count: number;
  readonly pace: Load["pace"];
  readonly channel?: string;
  /** Which of the receiver's ports get all messages. @default all endpoints' */
  readonly ports: readonly number[];
  readonly server?: Pick<Server, "usage">;
  /** A process is killed meanwhile: what was under way there may come again. */
  readonly mayRepeat?: boolean;
}

/** The load tools that all scenarios share, and what they have counted. */
export class Bench {
  readonly options: Options;
  readonly receiver: Child<ReceiverCommands>;
  readonly producer: Child<ProducerCommands>;
  counts: Counts = noCounts;
  #ports: readonly number[] = [];
  #base = 0;
  #postgres: BenchPostgres | undefined;
  readonly #folders: string[] = [];

  constructor(options: Options) {
    this.options = options;
    this.receiver = startChild<ReceiverCommands>("load/receiver.ts");
    this.producer = startChild<ProducerCommands>("load/producer.ts");
    process.once("exit", () => this.#removeFolders());
    process.once("SIGINT", () => void this.stop().finally(() => process.exit(130)));
    process.once("SIGTERM", () => void this.stop().finally(() => process.exit(143)));
  }

  get kind(): StoreKind {
    return this.options.store;
  }

  get postgres(): BenchPostgres | undefined {
    return this.#postgres;
  }

  get rounds(): number {
    return this.options.quick ? 1 : this.options.rounds;
  }

  size(full: number, quick: number): number {
    return this.options.quick ? quick : full;
  }

  say(line: string): void {
    console.error(`  ${line}`);
  }

  async start(ports: number): Promise<void> {
    this.#ports = await this.receiver.ask("listen", ports);
    const { against, folder, store } = this.options;
    if (store === "postgres" && against === undefined) this.#postgres = await openPostgres(folder);
  }

  /** The URL of the receiver's n-th port. */
  target(index: number): string {
    return `http://127.0.0.1:${this.#ports[index]}/hook`;
  }

  folder(): string {
    const folder = mkdtempSync(join(this.options.folder, "posthorn-bench-"));
    this.#folders.push(folder);
    return folder;
  }

  /** Where a new store of the run's kind lies. */
  async place(): Promise<Place> {
    const folder = join(this.folder(), "data");
    if (this.#postgres === undefined) return { kind: "sqlite", folder };
    return { kind: "postgres", folder, url: await this.#postgres.newDatabase() };
  }

  /** Posthorn in a process of its own, or the server that the bench was pointed at. */
  async open(place?: Place): Promise<Server> {
    const { against } = this.options;
    if (against !== undefined) return otherServer(against.url, against.token);
    return this.openProcess(place ?? (await this.place()), ["api", "worker"]);
  }

  openProcess(
    place: Place,
    roles: readonly Role[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<PosthornProcess> {
    const { profileTo } = this.options;
    return startPosthorn({
      fromSources: this.options.quick,
      place,
      roles,
      env,
      ...(profileTo === undefined ? {} : { profileTo }),
    });
  }

  /** Numbers for messages that no run counts. */
  takeNumbers(count: number): number {
    this.#base += count;
    return this.#base - count;
  }

  async begin(count: number): Promise<number> {
    const base = this.takeNumbers(count);
    await this.receiver.ask("begin", { base, count });
    return base;
  }

  async finish(
    ports: readonly number[],
    of: Partial<Pick<Produced, "refused" | "sent">> & Pick<RunOptions, "mayRepeat"> = {},
  ): Promise<Received> {
    const timeoutMs = arrivalMs;
    const { mayRepeat = false, refused = [], sent } = of;
    const received = await this.receiver.ask("finish", { ports, refused, sent, timeoutMs });
    const { confusedIds, duplicates, lost } = received;
    this.counts = {
      arrived: this.counts.arrived + received.arrived,
      refused: this.counts.refused + refused.length,
      lost: this.counts.lost + lost,
      duplicates: this.counts.duplicates + (mayRepeat ? 0 : duplicates),
      confusedIds: this.counts.confusedIds + confusedIds,
    };
    return received;
  }

  /** Publishes, waits until all of it has arrived, and counts. */
  async run(options: RunOptions): Promise<Run> {
    const { count, mayRepeat = false, others = [], pace, ports, server, token, url } = options;
    const base = await this.begin(count);
    const before = server?.usage();
    const databaseBefore = this.#postgres?.usage();
    const kind = options.body ?? "message";
    const body =
      kind === "message"
        ? ({ kind, token, channel: options.channel ?? channel } as const)
        : ({ kind } as const);
    const produced = await this.producer.ask("send", {
      url,
      others,
      body,
      payloadBytes,
      base,
      count,
      pace,
    });
    const received = await this.finish(ports, { ...produced, mayRepeat });
    const cpuSeconds =
      cpuBetween(before, server?.usage()) +
      (this.#postgres === undefined ? 0 : cpuBetween(databaseBefore, this.#postgres.usage()));
    const tookMs = received.lastAtMs - produced.firstAtMs;
    return {
      produced,
      received,
      rate: (produced.sent / tookMs) * 1000,
      deliveryRate: (received.arrived / tookMs) * 1000,
      cpuUs: (cpuSeconds * 1e6) / received.arrived,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.receiver.stop(), this.producer.stop()]);
    await this.#postgres?.stop();
    this.#removeFolders();
  }

  /** Removes the stores of the scenario that ended. */
  async clear(): Promise<void> {
    await this.#postgres?.clear();
    this.#removeFolders();
  }

  #removeFolders(): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `first` and `second` in turns, so that a drift of the machine meets both. */
export async function inTurns(
  rounds: number,
  first: () => Promise<void>,
  second: () => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const [a, b] = round % 2 === 0 ? [first, second] : [second, first];
    await a();
    await b();
  }
}
