import type { Publication, PublishResult } from "../../ports/message-store.ts";
import { Effects, type Effect } from "../sql/effects.ts";
import { NotSent } from "./database.ts";
import { faultOf } from "./faults.ts";
import type { Publisher } from "./publish.ts";

interface Waiting {
  readonly publication: Publication;
  readonly resolve: (result: PublishResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Beyond some hundred in one statement the rate gains nothing and answers come late. */
const groupSize = 256;
/** Beside the sum of bodies, one statement's memory on both sides. */
const groupBytes = 4 * 1024 * 1024;

/**
 * Group commit: one group is under way, and what arrives meanwhile is the next. Each publication has
 * its own result; one that is wrong is tried alone, so that it fails alone.
 */
export class PublishQueue {
  readonly #publisher: Publisher;
  readonly #tell: (effects: readonly Effect[]) => Promise<void>;
  #pending: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** `tell` is called with what was committed, before the publishers hear of it. */
  constructor(publisher: Publisher, tell: (effects: readonly Effect[]) => Promise<void>) {
    this.#publisher = publisher;
    this.#tell = tell;
  }

  publish(publication: Publication): Promise<PublishResult> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ publication, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when what was under way at the call, or waited for it, is settled. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What arrives in the same turn of the event loop shares the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#pending.length > 0) await this.#store(this.#takeGroup());
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    const keys = new Set<string>();
    let bytes = 0;
    let size = 0;
    for (const { publication } of this.#pending) {
      if (size === groupSize || bytes >= groupBytes) break;
      const mine = keysOf(publication);
      // The second of one key must see the first's row, so it waits for the next group.
      if (mine.some((key) => keys.has(key))) break;
      for (const key of mine) keys.add(key);
      bytes += publication.message.content.body.byteLength;
      size += 1;
    }
    return this.#pending.splice(0, size);
  }

  async #store(group: readonly Waiting[]): Promise<void> {
    const effects = new Effects();
    try {
      const publications = group.map(({ publication }) => publication);
      const results = await this.#publisher.publish(publications, effects);
      await this.#tell(effects.take());
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error("a publication has no result"));
        else resolve(result);
      }
    } catch (error) {
      const ofDatabase = error instanceof NotSent || faultOf(error) !== undefined;
      if (ofDatabase || group.length === 1) {
        for (const { reject } of group) reject(error);
        return;
      }
      for (const one of group) await this.#store([one]);
    }
  }
}

function keysOf({ message, reception, remember }: Publication): readonly string[] {
  const keys: string[] = [];
  const dedupe = reception?.dedupe ?? null;
  if (dedupe !== null) keys.push(`request ${reception?.request.source} ${dedupe.keyHash}`);
  if (message.eventId !== null) keys.push(`event ${message.application} ${message.eventId}`);
  if (remember !== undefined) keys.push(`key ${remember.keyHash}`);
  return keys;
}
