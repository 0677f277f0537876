import type { Scheme, SchemeConfig } from "../scheme.ts";
import type { Exchange, OutgoingBody } from "./exchange.ts";
import type { Finding } from "./finding.ts";
import type { Delivery, HeaderPairs, Provider } from "./provider.ts";
import type { SampleEvent } from "./sample-event.ts";

/** One thing that a receiver must do, and how it is tried. */
export interface CheckCase {
  /** Kebab-case: what `only` and `skip` name. */
  readonly name: string;
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  /** How a receiver that fails is mended. */
  readonly mend: string;
  /** `accepted`: says nothing of a receiver that refuses genuine deliveries, so it is skipped for one. */
  readonly needs: "nothing" | "trusted-key" | "accepted";
  /** A refusal is all that it wants: no merit in a receiver that refuses everything. */
  readonly wantsRefusal?: true;
  run(bench: Bench): Promise<Finding>;
}

export interface SendOptions {
  /** @default the whole body at once */
  readonly body?: OutgoingBody;
  /** @default that of the run */
  readonly timeoutMs?: number;
  /** Whether the answer's time counts for how fast the receiver is. @default true */
  readonly isTimed?: boolean;
  /** How header names are written. @default "Title-Case" */
  readonly names?: "lower-case" | "Title-Case";
}

/** `unasked`: nobody said where to ask. `unknown`: what came was no number. */
export type Handled = number | "unasked" | "unknown";

/** What the checks work with. */
export interface Bench {
  readonly scheme: Scheme;
  readonly provider: Provider;
  readonly config: SchemeConfig;
  /** The URL as the provider calls it. */
  readonly calledUrl: string;
  /** What goes with every request. */
  readonly headers: HeaderPairs;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** The slowest of the small genuine deliveries that were accepted; undefined before there was one. */
  readonly slowestMs: () => number | undefined;
  /** What was seen over all answers, by the checks that look at each of them. */
  readonly leaks: () => readonly string[];
  readonly redirects: () => readonly string[];

  /** A new event, `ageSeconds` old. */
  event(ageSeconds?: number): SampleEvent;

  /** Sends it; `what` is for the report. */
  send(what: string, delivery: Delivery, options?: SendOptions): Promise<Exchange>;

  /** How many events the receiver says it handled. */
  handled(): Promise<Handled>;
}
