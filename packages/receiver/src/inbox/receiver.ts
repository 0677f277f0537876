import { answerHandshake } from "../handshake.ts";
import { headerValues } from "../header-source.ts";
import type { InboundRequest } from "../request.ts";
import type { Rejected, Verified } from "../verdict.ts";
import { verify } from "../verify.ts";
import { accepted, methodNotAllowed, problem, refused, unavailable } from "./answer.ts";
import type { ReceiverAnswer } from "./answer.ts";
import { entriesOf } from "./delivery.ts";
import type { EntryCounts, EntryState, NewEntry, StoredEntry } from "./entry.ts";
import { logToConsole } from "./notice.ts";
import type { Notice } from "./notice.ts";
import type { EventSchemas, ReceiverOptions } from "./receiver-options.ts";
import { checkOptions, isWorker, makeRunner, ownOf, withPublicUrl } from "./receiver-setup.ts";
import type { Runner } from "./runner.ts";

/** Takes one provider's webhooks: verified, remembered, answered, and then handled. The doors bring requests to it. */
export interface Receiver {
  readonly name: string;
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;

  /** Gives the answer to a request, after the inbox committed its events. Never rejects. */
  handle(request: InboundRequest): Promise<ReceiverAnswer>;

  /** For the doors: something that a request could not even be handled for, such as a parsed body. */
  notify(notice: Notice): void;

  /** Runs handlers in the background. Called by `createReceiver` unless `background` is false. */
  start(): void;

  /**
   * Begins no more handlers and waits for those that run, at most `graceMs` (default 10000). What is not finished then is
   * tried again when its lease ends.
   */
  stop(graceMs?: number): Promise<void>;

  /** Runs the handlers of all that is due now; for Workers (`waitUntil`), Lambda, cron jobs and tests. */
  drain(): Promise<number>;

  counts(): Promise<EntryCounts>;

  /** Dead letters, for example: the oldest first, at most `limit` (default 100). */
  list(state: EntryState, limit?: number): Promise<readonly StoredEntry[]>;

  /** Handles ended events again, by id: dead letters, ignored ones, and also those that are done. */
  replay(ids: readonly string[]): Promise<number>;

  /** Gives dead letters up, by id. */
  discard(ids: readonly string[]): Promise<number>;
}

/** Makes a receiver of one provider's webhooks. Throws a `TypeError` for options that cannot work. */
export function createReceiver<
  Types extends string,
  const Schemas extends EventSchemas = EventSchemas,
  Transaction = undefined,
>(options: ReceiverOptions<Types, Schemas, Transaction>): Receiver {
  return new InboxReceiver(options);
}

class InboxReceiver<
  Types extends string,
  Schemas extends EventSchemas,
  Transaction,
> implements Receiver {
  readonly name: string;
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
  readonly #options: ReceiverOptions<Types, Schemas, Transaction>;
  readonly #answerWithinMs: number;
  readonly #runner: Runner<Transaction>;
  readonly #runsInBackground: boolean;

  constructor(options: ReceiverOptions<Types, Schemas, Transaction>) {
    const { scheme, inbox, background = !isWorker() } = options;
    checkOptions(options);
    this.#options = options;
    this.name = options.name ?? scheme.name;
    this.maxBodyBytes = options.maxBodyBytes ?? 25 * 2 ** 20;
    this.bodyTimeoutMs = options.bodyTimeoutMs ?? 10_000;
    // Half of the provider's patience is left to the network and to a queue in front of this process.
    this.#answerWithinMs =
      options.answerWithinMs ?? Math.min(3000, (scheme.answerWithinMs ?? 6000) / 2);
    this.#runsInBackground = background;
    this.#runner = makeRunner(this.name, options, (notice) => this.notify(notice));
    if (!background) return;
    if (!inbox.durable) this.notify({ kind: "not-durable" });
    this.start();
  }

  notify(notice: Notice): void {
    const { onNotice } = this.#options;
    if (onNotice === undefined) logToConsole(this.name, notice);
    else onNotice(notice);
  }

  async handle(request: InboundRequest): Promise<ReceiverAnswer> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<ReceiverAnswer>((resolve) => {
      timer = setTimeout(() => {
        const error = `no commit within ${this.#answerWithinMs} ms`;
        this.notify({ kind: "inbox-unavailable", error });
        resolve(unavailable("The webhook could not be stored in time."));
      }, this.#answerWithinMs);
    });
    try {
      return await Promise.race([this.#receive(request), late]);
    } catch (error) {
      this.notify({ kind: "inbox-unavailable", error: textOf(error) });
      return unavailable("The webhook could not be stored.");
    } finally {
      clearTimeout(timer);
    }
  }

  async #receive(given: InboundRequest): Promise<ReceiverAnswer> {
    const { scheme, secrets, verification, publicUrl, onHandshake } = this.#options;
    const request = publicUrl === undefined ? given : withPublicUrl(given, publicUrl);
    const handshake = await answerHandshake(scheme, request, secrets, verification);
    if (handshake?.kind === "refused") this.#reportRejection(handshake.rejection);
    if (handshake?.kind === "handshake" && handshake.effect.kind !== "none") {
      await onHandshake?.(handshake.effect);
    }
    if (handshake !== undefined) return handshake.response;
    if ((request.method ?? "POST").toUpperCase() !== "POST") return methodNotAllowed();
    const verdict = await verify(scheme, request, secrets, verification);
    if (verdict.kind === "rejected") {
      this.#reportRejection(verdict);
      return refused(verdict, scheme.rejectStatus ?? 401);
    }
    return this.#record(verdict, request);
  }

  async #record(verified: Verified, request: InboundRequest): Promise<ReceiverAnswer> {
    const { inbox, scheme, acceptBody, on, keepHeaders = [] } = this.#options;
    const values = headerValues(request.headers);
    const headers: Record<string, string> = {};
    for (const name of ["content-type", ...keepHeaders].map((each) => each.toLowerCase())) {
      const [value] = values(name);
      if (value !== undefined) headers[name] = value;
    }
    let entries: readonly NewEntry[];
    try {
      const has = (type: string | undefined) => ownOf(on, type) !== undefined;
      entries = await entriesOf(verified, headers, { ...this.#options, source: this.name, has });
    } catch (error) {
      const detail = `split or orderBy threw: ${textOf(error)}`;
      this.notify({ kind: "rejected", reason: "receiver-failed", detail });
      return problem(500, "receiver-failed", "The receiver's own code failed: see its log.");
    }
    const results = await inbox.record(entries);
    for (const [index, result] of results.entries()) this.#report(entries[index], result);
    if (this.#runsInBackground && results.includes("recorded")) this.#runner.wake();
    return accepted(acceptBody ?? scheme.acceptBody);
  }

  #report(entry: NewEntry | undefined, result: "recorded" | "duplicate"): void {
    if (entry === undefined) return;
    if (result === "duplicate") this.notify({ kind: "duplicate", id: entry.key });
    else if (entry.state === "ignored") {
      this.notify({ kind: "ignored", id: entry.key, type: entry.type });
    }
  }

  #reportRejection({ reason, detail }: Rejected): void {
    this.notify({ kind: "rejected", reason, detail });
  }

  start(): void {
    this.#runner.start();
  }

  stop(graceMs = 10_000): Promise<void> {
    return this.#runner.stop(graceMs);
  }

  drain(): Promise<number> {
    return this.#runner.drain();
  }

  counts(): Promise<EntryCounts> {
    return this.#options.inbox.counts(this.name);
  }

  list(state: EntryState, limit = 100): Promise<readonly StoredEntry[]> {
    return this.#options.inbox.list(this.name, { state, limit });
  }

  async replay(ids: readonly string[]): Promise<number> {
    const opened = await this.#options.inbox.replay(this.name, ids);
    this.#runner.wake();
    return opened;
  }

  discard(ids: readonly string[]): Promise<number> {
    return this.#options.inbox.discard(this.name, ids);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
