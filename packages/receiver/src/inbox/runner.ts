import type { Claim, Failure } from "./entry.ts";
import { runHandler } from "./handler.ts";
import type { Handler } from "./handler.ts";
import type { Inbox } from "./inbox.ts";
import type { Notice } from "./notice.ts";
import { pause, yieldTurn } from "./pause.ts";
import { decideFailure } from "./retry.ts";
import type { RetryPolicy } from "./retry.ts";
import type { StandardSchema } from "./standard-schema.ts";

export interface RunnerOptions<Transaction> {
  readonly source: string;
  readonly inbox: Inbox<Transaction>;
  /** Undefined when nobody handles that type (any more). */
  readonly handlerFor: (type: string | undefined) => Handler<unknown, Transaction> | undefined;
  readonly schemaFor: (type: string | undefined) => StandardSchema | undefined;
  readonly retry: RetryPolicy;
  readonly handlerTimeoutMs: number;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly rememberMs: number;
  readonly notify: (notice: Notice) => void;
}

/** How often what was remembered long enough is forgotten. */
const pruneEveryMs = 60_000;
/** After an inbox that could not be reached, the wait doubles up to this. */
const longestBackoffMs = 30_000;

/** Claims events and runs their handlers, at most `concurrency` at once. */
export class Runner<Transaction> {
  readonly #options: RunnerOptions<Transaction>;
  readonly #inFlight = new Set<Promise<void>>();
  #stop: AbortController | undefined;
  #loop: Promise<void> | undefined;
  // Made when the loop begins: Workers allow no controller outside of a request.
  #wake: AbortController | undefined;

  constructor(options: RunnerOptions<Transaction>) {
    this.#options = options;
  }

  /** Works in the background until `stop`. A second call does nothing. */
  start(): void {
    if (this.#stop !== undefined) return;
    this.#stop = new AbortController();
    this.#loop = this.#run(this.#stop.signal);
  }

  /** Looks for due events now instead of at the next poll. */
  wake(): void {
    this.#wake?.abort();
  }

  /** Claims nothing more and waits for what runs, at most `graceMs`; what is left then runs again elsewhere. */
  async stop(graceMs: number): Promise<void> {
    this.#stop?.abort();
    this.wake();
    const idle = (async () => {
      await this.#loop;
      await Promise.all(this.#inFlight);
    })();
    const given = new AbortController();
    await Promise.race([idle, pause(graceMs, given.signal)]);
    given.abort();
    this.#stop = undefined;
  }

  /** Handles what is due now, until nothing is. Gives how many runs there were. */
  async drain(): Promise<number> {
    let runs = 0;
    for (;;) {
      const claims = await this.#claim(this.#options.concurrency);
      if (claims.length === 0) return runs;
      runs += claims.length;
      await Promise.all(claims.map((claim) => this.#handle(claim)));
      await yieldTurn();
    }
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { concurrency, pollMs } = this.#options;
    let failures = 0;
    let pruneAtMs = performance.now() + pruneEveryMs;
    while (!stopped.aborted) {
      const free = concurrency - this.#inFlight.size;
      if (free === 0) {
        await Promise.race(this.#inFlight);
        continue;
      }
      // Before the claim: what arrives while it is under way must not wait for the next poll.
      const wake = new AbortController();
      this.#wake = wake;
      try {
        const claims = await this.#claim(free);
        failures = 0;
        for (const claim of claims) this.#begin(claim);
        if (performance.now() >= pruneAtMs) pruneAtMs = performance.now() + (await this.#prune());
        // With an inbox that answers at once, a backlog would shut out the requests.
        if (claims.length > 0) await yieldTurn();
        if (claims.length < free) await pause(pollMs, wake.signal);
      } catch (error) {
        failures += 1;
        this.#options.notify({ kind: "inbox-unavailable", error: errorText(error) });
        const backoffMs = Math.min(pollMs * 2 ** failures, longestBackoffMs);
        await pause(backoffMs * (0.5 + Math.random() / 2), stopped);
      }
    }
  }

  #claim(limit: number): Promise<readonly Claim[]> {
    const { inbox, source, leaseMs } = this.#options;
    return inbox.claim(source, limit, leaseMs);
  }

  async #prune(): Promise<number> {
    const { inbox, source, rememberMs } = this.#options;
    const pruned = await inbox.prune(source, rememberMs);
    // There may be more: go on at the next turn of the loop.
    return pruned > 0 ? 0 : pruneEveryMs;
  }

  #begin(claim: Claim): void {
    const work: Promise<void> = this.#handle(claim).finally(() => {
      this.#inFlight.delete(work);
      // The next of its order key may be due, and a slot is free.
      this.wake();
    });
    this.#inFlight.add(work);
  }

  /** Never rejects: what goes wrong here leaves the lease to end, and the event to be claimed again. */
  async #handle(claim: Claim): Promise<void> {
    const { notify } = this.#options;
    const done = new AbortController();
    const renewal = this.#renew(claim, done.signal);
    try {
      const settled = await this.#settle(claim);
      if (settled === "lease_lost") notify({ kind: "lease-lost", id: claim.key });
    } catch (error) {
      notify({ kind: "inbox-unavailable", error: errorText(error) });
    }
    done.abort();
    await renewal;
  }

  async #settle(claim: Claim): Promise<"settled" | "lease_lost"> {
    const { inbox, notify, handlerFor, schemaFor, handlerTimeoutMs, retry } = this.#options;
    const { key: id, attempt, type } = claim;
    // Each run that threw was counted below; one more means that the process ended during the last.
    if (attempt > retry.maxAttempts) {
      const error = `The process ended while it handled the event, or lost its lease, in run ${attempt - 1}.`;
      return this.#fail(claim, { kind: "dead", reason: "crashed", error });
    }
    const handler = handlerFor(type);
    try {
      const settled = await inbox.complete(claim, async (transaction) => {
        if (handler === undefined) throw new Error(`No handler for "${type ?? ""}".`);
        const how = { timeoutMs: handlerTimeoutMs, transaction };
        await runHandler(handler, schemaFor(type), claim, how);
      });
      if (settled === "settled") notify({ kind: "handled", id, attempt });
      return settled;
    } catch (thrown) {
      return this.#fail(claim, decideFailure(retry, attempt, thrown, Math.random()));
    }
  }

  async #fail(claim: Claim, failure: Failure): Promise<"settled" | "lease_lost"> {
    const { inbox, notify } = this.#options;
    const { key: id, attempt } = claim;
    const settled = await inbox.fail(claim, failure);
    if (settled === "lease_lost") return settled;
    const { error } = failure;
    if (failure.kind === "dead") notify({ kind: "dead", id, reason: failure.reason, error });
    else notify({ kind: "failed", id, attempt, afterMs: failure.afterMs, error });
    return settled;
  }

  /** Renews at a third of the lease, so that two renewals may fail before it ends. */
  async #renew(claim: Claim, done: AbortSignal): Promise<void> {
    const { inbox, notify, leaseMs } = this.#options;
    for (;;) {
      await pause(leaseMs / 3, done);
      if (done.aborted) return;
      try {
        await inbox.extend(claim, leaseMs);
      } catch (error) {
        notify({ kind: "inbox-unavailable", error: errorText(error) });
      }
    }
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
