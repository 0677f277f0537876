import type { Claim, EntryCounts, EntryState, Failure, NewEntry, StoredEntry } from "./entry.ts";
import type { EntryQuery, Inbox } from "./inbox.ts";

/**
 * An inbox in this process's memory: for tests, and where losing events with the process is fine. It deduplicates,
 * retries and orders as the others do, but a restart forgets everything, also what was answered with 2xx.
 */
export function memoryInbox(): Inbox {
  return new MemoryInbox();
}

interface Slot {
  readonly sequence: number;
  readonly contentId: string | undefined;
  entry: StoredEntry;
  /** When it may be claimed (again), on the steady clock; so is `endedMs`. */
  dueMs: number;
  endedMs: number;
  lease: string | undefined;
}

class MemoryInbox implements Inbox {
  readonly durable = false;
  readonly #slots = new Map<string, Slot>();
  /** Those of `#slots` that are open, so that a claim does not walk over what has ended. */
  readonly #open = new Set<Slot>();
  readonly #contents = new Set<string>();
  #sequence = 0;

  async record(entries: readonly NewEntry[]): Promise<readonly ("recorded" | "duplicate")[]> {
    return entries.map((entry) => this.#recordOne(entry));
  }

  #recordOne(entry: NewEntry): "recorded" | "duplicate" {
    const { source, key, contentKey, state, body, type, orderKey, headers } = entry;
    const id = idOf(source, key);
    const contentId = contentKey === undefined ? undefined : idOf(source, contentKey);
    if (this.#slots.has(id)) return "duplicate";
    if (contentId !== undefined && this.#contents.has(contentId)) return "duplicate";
    const now = performance.now();
    this.#sequence += 1;
    const start = { attempt: 0, deadReason: undefined, lastError: undefined };
    const stored = { source, key, type, orderKey, headers, state, ...start };
    const slot: Slot = {
      sequence: this.#sequence,
      contentId,
      entry: { ...stored, body: body.slice(), receivedAtMs: Date.now() },
      dueMs: now,
      endedMs: now,
      lease: undefined,
    };
    this.#slots.set(id, slot);
    if (contentId !== undefined) this.#contents.add(contentId);
    if (state === "open") this.#open.add(slot);
    return "recorded";
  }

  async claim(source: string, limit: number, leaseMs: number): Promise<readonly Claim[]> {
    const now = performance.now();
    const open = [...this.#open].filter((slot) => slot.entry.source === source);
    return pickDue(open, now)
      .slice(0, limit)
      .map((slot) => {
        const lease = crypto.randomUUID();
        slot.entry = { ...slot.entry, attempt: slot.entry.attempt + 1 };
        slot.dueMs = now + leaseMs;
        slot.lease = lease;
        return { ...slot.entry, lease };
      });
  }

  async extend(claim: Claim, leaseMs: number): Promise<void> {
    const slot = this.#held(claim);
    if (slot !== undefined) slot.dueMs = performance.now() + leaseMs;
  }

  async complete(
    claim: Claim,
    handle: (transaction: undefined) => Promise<void>,
  ): Promise<"settled" | "lease_lost"> {
    await handle(undefined);
    const slot = this.#held(claim);
    if (slot === undefined) return "lease_lost";
    this.#end(slot, { state: "done", lastError: undefined });
    return "settled";
  }

  async fail(claim: Claim, failure: Failure): Promise<"settled" | "lease_lost"> {
    const slot = this.#held(claim);
    if (slot === undefined) return "lease_lost";
    const lastError = failure.error;
    if (failure.kind === "dead") {
      this.#end(slot, { state: "dead", deadReason: failure.reason, lastError });
    } else {
      slot.dueMs = performance.now() + failure.afterMs;
      slot.lease = undefined;
      slot.entry = { ...slot.entry, lastError };
    }
    return "settled";
  }

  async counts(source: string): Promise<EntryCounts> {
    const counts = { open: 0, done: 0, dead: 0, ignored: 0 };
    for (const { entry } of this.#ofSource(source)) counts[entry.state] += 1;
    return counts;
  }

  async list(source: string, query: EntryQuery): Promise<readonly StoredEntry[]> {
    const { state, limit = 100 } = query;
    const found = this.#ofSource(source).filter((slot) => slot.entry.state === state);
    return found.slice(0, limit).map((slot) => slot.entry);
  }

  async replay(source: string, keys: readonly string[]): Promise<number> {
    const found = this.#find(source, keys, ["done", "dead", "ignored"]);
    for (const slot of found) {
      const again = { state: "open", attempt: 0, deadReason: undefined } as const;
      slot.entry = { ...slot.entry, ...again };
      slot.dueMs = performance.now();
      this.#open.add(slot);
    }
    return found.length;
  }

  async discard(source: string, keys: readonly string[]): Promise<number> {
    const found = this.#find(source, keys, ["dead"]);
    for (const slot of found) this.#end(slot, { state: "done" });
    return found.length;
  }

  async prune(source: string, olderThanMs: number): Promise<number> {
    const before = performance.now() - olderThanMs;
    const old = this.#ofSource(source).filter(({ entry: { state }, endedMs }) => {
      return (state === "done" || state === "ignored") && endedMs <= before;
    });
    for (const { entry, contentId } of old) {
      this.#slots.delete(idOf(entry.source, entry.key));
      if (contentId !== undefined) this.#contents.delete(contentId);
    }
    return old.length;
  }

  #held(claim: Claim): Slot | undefined {
    const slot = this.#slots.get(idOf(claim.source, claim.key));
    return slot?.entry.state === "open" && slot.lease === claim.lease ? slot : undefined;
  }

  #end(slot: Slot, change: Partial<StoredEntry>): void {
    slot.entry = { ...slot.entry, ...change };
    slot.lease = undefined;
    slot.endedMs = performance.now();
    this.#open.delete(slot);
  }

  #ofSource(source: string): Slot[] {
    return [...this.#slots.values()].filter((slot) => slot.entry.source === source);
  }

  #find(source: string, keys: readonly string[], states: readonly EntryState[]): Slot[] {
    return keys
      .map((key) => this.#slots.get(idOf(source, key)))
      .filter((slot) => slot !== undefined)
      .filter((slot) => states.includes(slot.entry.state));
  }
}

/** The due slots, the longest due first; of an order key only the one that came first. */
function pickDue(open: readonly Slot[], now: number): Slot[] {
  const heads = new Set<string>();
  const due: Slot[] = [];
  // A replay opened entries again behind younger ones.
  for (const slot of open.toSorted((a, b) => a.sequence - b.sequence)) {
    const { orderKey } = slot.entry;
    const isBehind = orderKey !== undefined && heads.has(orderKey);
    if (orderKey !== undefined) heads.add(orderKey);
    if (!isBehind && slot.dueMs <= now) due.push(slot);
  }
  return due.sort((a, b) => a.dueMs - b.dueMs);
}

function idOf(source: string, key: string): string {
  return JSON.stringify([source, key]);
}
