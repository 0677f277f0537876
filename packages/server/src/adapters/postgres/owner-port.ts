import type { MessagePort } from "node:worker_threads";
import type { EndpointId } from "../../domain/ids.ts";
import type { LaneStart, Target } from "../../ports/dispatch-store.ts";
import type { Change } from "../../ports/store.ts";
import type { Effect } from "../sql/effects.ts";
import { Feed } from "../sql/feed.ts";
import { packItem } from "../sql/wire-feed.ts";
import type { FromStore, ToStore } from "./protocol.ts";

export interface OwnerPortParts {
  readonly targets: (endpoints: readonly EndpointId[]) => Promise<readonly Target[]>;
  /** Resolves when everything that was being committed at the call has been told. */
  readonly settled: () => Promise<void>;
  readonly changed: (changes: readonly Change[]) => void;
  /** It has partitions, or others than before. */
  readonly owns: (port: OwnerPort) => void;
}

/** The store's end of a port to a dispatcher: what is committed goes to it, within its credit. */
export class OwnerPort {
  readonly #port: MessagePort;
  readonly #parts: OwnerPortParts;
  readonly #feed: Feed;
  #targets: readonly Target[] = [];
  #partitions: ReadonlySet<number> = new Set();

  constructor(port: MessagePort, parts: OwnerPortParts) {
    this.#port = port;
    this.#parts = parts;
    this.#feed = new Feed(() => this.#targets);
    port.on("message", (message: ToStore) => this.#receive(message));
  }

  get partitions(): ReadonlySet<number> {
    return this.#partitions;
  }

  /** Resolves when it is on its way to the dispatcher. */
  async tell(effects: readonly Effect[]): Promise<void> {
    const changed = effects.flatMap((effect) =>
      effect.kind === "target" ? [effect.endpoint] : [],
    );
    const targets = changed.length === 0 ? [] : await this.#parts.targets([...new Set(changed)]);
    this.#targets = targets;
    const { bytes, items } = this.#feed.batch(effects);
    if (items.length > 0) this.#post({ kind: "feed", items: items.map(packItem), bytes });
  }

  wake(lanes: readonly LaneStart[]): void {
    if (lanes.length === 0) return;
    this.#post({ kind: "feed", items: [packItem({ kind: "waiting", lanes })], bytes: 0 });
  }

  /** Other processes may have changed targets unheard. */
  missed(): void {
    this.#post({ kind: "feed", items: [packItem({ kind: "changes-missed" })], bytes: 0 });
  }

  close(): void {
    this.#port.close();
  }

  #receive(message: ToStore): void {
    switch (message.kind) {
      case "own":
        this.#partitions = new Set(message.partitions);
        return this.#parts.owns(this);
      case "credit":
        return this.#feed.returned(message.bytes);
      case "changes":
        return this.#parts.changed(message.changes);
      case "sync": {
        const answer = () => this.#post({ kind: "synced", id: message.id });
        void this.#parts.settled().then(answer, answer);
      }
    }
  }

  #post(message: FromStore): void {
    this.#port.postMessage(message);
  }
}
