import { randomBytes } from "node:crypto";
import pg from "pg";
import type { EndpointId } from "../../domain/ids.ts";
import type { LaneStart } from "../../ports/dispatch-store.ts";
import type { Change } from "../../ports/store.ts";
import type { Effect } from "../sql/effects.ts";
import { parseJson } from "../sql/json.ts";
import { clientConfig, statement, type Database } from "./database.ts";

/** What a process tells the others of its commits. */
export interface Bulletin {
  readonly changes: readonly Change[];
  readonly targets: readonly EndpointId[];
  /** Work that was not handed to an owner in the process that committed it. */
  readonly lanes: readonly LaneStart[];
}

interface Sent extends Bulletin {
  readonly from: string;
}

export interface BulletinParts {
  readonly database: Database;
  readonly url: string;
  readonly hear: (bulletin: Bulletin) => void;
  /** It listens from here on; bulletins from before may have been missed. */
  readonly missed: () => void;
}

const channel = "posthorn";
const notify = statement("bulletins-notify", `SELECT pg_notify('${channel}', $1)`);
/** Commits with a notification wait for each other in the database: so few of them. */
const betweenMs = 5;
/** A notification has at most 8,000 bytes; an entry of the longest kind has about 60. */
const entriesAtOnce = 100;
const firstRetryMs = 100;
const longestRetryMs = 5_000;
const longestTellMs = 1_000;

/**
 * Wakes other processes: at once when nothing was told for a while, and under load what gathered in
 * some milliseconds. A change is told again until it is; work that was not told of is found by the look
 * that each owner takes each second.
 */
export class Bulletins {
  readonly #parts: BulletinParts;
  readonly #me = randomBytes(6).toString("base64url");
  readonly #lanes = new Map<EndpointId, number>();
  readonly #targets = new Set<EndpointId>();
  #changes: Change[] = [];
  #telling: Promise<void> | undefined;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: BulletinParts) {
    this.#parts = parts;
  }

  /** Resolves when it listens. */
  async open(): Promise<void> {
    await this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#telling;
    await this.#client?.end();
  }

  tell(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "change") this.#changes.push(effect.change);
      if (effect.kind === "target") this.#targets.add(effect.endpoint);
      if (effect.kind === "waiting") this.#addLane(effect);
      if (effect.kind === "committed") effect.deliveries.forEach((each) => this.#addLane(each));
    }
    if (this.#isEmpty() || this.#closed) return;
    this.#telling ??= this.#tellAll();
  }

  #addLane({ due, endpoint }: LaneStart): void {
    this.#lanes.set(endpoint, Math.min(due, this.#lanes.get(endpoint) ?? due));
  }

  #isEmpty(): boolean {
    return this.#changes.length + this.#targets.size + this.#lanes.size === 0;
  }

  async #tellAll(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#isEmpty()) {
      const bulletin = this.#take();
      let waitMs = betweenMs;
      try {
        await this.#parts.database.run(notify, JSON.stringify(bulletin));
        retryMs = firstRetryMs;
      } catch {
        // Those that listen may have been cut off by nothing: they would never hear of it.
        this.#changes.unshift(...bulletin.changes);
        for (const endpoint of bulletin.targets) this.#targets.add(endpoint);
        waitMs = retryMs;
        retryMs = Math.min(2 * retryMs, longestTellMs);
      }
      if (this.#closed && waitMs > betweenMs) break;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    this.#telling = undefined;
  }

  #take(): Sent {
    const changes = this.#changes.splice(0, entriesAtOnce);
    let left = entriesAtOnce - changes.length;
    const targets = Array.from(this.#targets).slice(0, left);
    for (const endpoint of targets) this.#targets.delete(endpoint);
    left -= targets.length;
    const lanes = Array.from(this.#lanes, ([endpoint, due]) => ({ endpoint, due })).slice(0, left);
    for (const { endpoint } of lanes) this.#lanes.delete(endpoint);
    return { from: this.#me, changes, targets, lanes };
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(
      clientConfig({ url: this.#parts.url, name: "posthorn bulletins" }),
    );
    client.on("error", () => undefined);
    client.on("notification", ({ payload }) => this.#receive(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.on("end", () => this.#connectAgain(firstRetryMs));
    this.#client = client;
  }

  #connectAgain(afterMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connect().then(
        () => this.#parts.missed(),
        () => this.#connectAgain(Math.min(2 * afterMs, longestRetryMs)),
      );
    }, afterMs);
    this.#timer.unref();
  }

  #receive(payload: string): void {
    // Nothing else is sent over this channel.
    const sent = parseJson<Sent>(payload);
    if (sent.from !== this.#me) this.#parts.hear(sent);
  }
}
