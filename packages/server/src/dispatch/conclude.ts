import { decideBreaker } from "../domain/breaker.ts";
import type { Breaker } from "../domain/breaker.ts";
import { growConcurrency, reduceConcurrency, slowStart } from "../domain/concurrency.ts";
import type { Attempt } from "../domain/delivery.ts";
import type { EndpointEvent, EndpointEventKind, EndpointRule } from "../domain/endpoint.ts";
import { decideFailing } from "../domain/failing.ts";
import type { Failing } from "../domain/failing.ts";
import { judgeAttempt } from "../domain/judge-attempt.ts";
import type { Judgement } from "../domain/judge-attempt.ts";
import { decideNext } from "../domain/retry.ts";
import { parseRetryAfter } from "../domain/retry-after.ts";
import type { DisableByRule, Settlement } from "../ports/dispatch-store.ts";
import type { SendResult } from "../ports/sender.ts";
import { buildAttempt, factsOf } from "./attempt.ts";
import { deletionOf, isDeleted } from "./lane.ts";
import type { Flight, Lane } from "./lane.ts";
import type { DispatcherParts } from "./parts.ts";

export interface Conclusion {
  readonly settlement: Settlement;
  readonly events: readonly EndpointEvent[];
  readonly disable: DisableByRule | undefined;
}

type Tools = Pick<DispatcherParts, "clock" | "random" | "ids" | "settings">;

/** Judges an attempt: what becomes of the delivery, and what the lane learns from it. */
export function concludeAttempt(
  tools: Tools,
  lane: Lane,
  flight: Flight,
  result: SendResult,
): Conclusion {
  const now = tools.clock.now();
  const retryAfterMs = askedWaitMs(tools, result);
  const attempt = buildAttempt(tools, flight, result);
  const judgement = judgeAttempt(factsOf(attempt));
  learnPace(lane, judgement, result);
  noteAskedWait(lane, attempt, retryAfterMs, now);
  const events = flight.probe
    ? [makeEvent(tools, lane, "breaker-probing", { at: flight.startedAt, figures: {} })]
    : [];
  events.push(...moveBreaker(tools, lane, flight, judgement));
  adaptConcurrency(tools, lane, flight, { judgement, answerMs: result.totalMs });
  const failing = moveFailing(tools, lane, judgement, attempt);
  if (failing.warning !== undefined) events.push(failing.warning);
  return {
    settlement: settle(tools, lane, flight, { attempt, retryAfterMs }),
    events,
    disable: failing.disable,
  };
}

function settle(
  tools: Tools,
  lane: Lane,
  flight: Flight,
  made: { readonly attempt: Attempt; readonly retryAfterMs: number | undefined },
): Settlement {
  const { attempt, retryAfterMs } = made;
  const facts = { ...factsOf(attempt), number: attempt.number, retryAfterMs };
  const next = decideNext(tools.settings.retry, facts, tools.random());
  if (next.kind === "end") return { kind: "end", attempt, reason: next.reason };
  if (isDeleted(lane)) return { kind: "end", attempt, reason: deletionOf(lane) };
  const now = tools.clock.now();
  return flight.askedAgain
    ? { kind: "retry", attempt, due: now, rule: "manual" }
    : { kind: "retry", attempt, due: now + next.afterMs, rule: next.rule };
}

function askedWaitMs(tools: Tools, result: SendResult): number | undefined {
  if (result.response === undefined || result.outcome === "delivered") return undefined;
  const header = result.response.headers.find(([name]) => name === "retry-after");
  // Dates are compared with the wall's time, which the receiver took its own from.
  return header === undefined
    ? undefined
    : parseRetryAfter(header[1], tools.clock.wallMs(), tools.settings.retry.retryAfterCapMs);
}

function noteAskedWait(
  lane: Lane,
  attempt: Attempt,
  retryAfterMs: number | undefined,
  now: number,
): void {
  const status = attempt.response?.status;
  if (retryAfterMs === undefined || (status !== 429 && status !== 503)) return;
  lane.askedToWaitUntil = Math.max(lane.askedToWaitUntil ?? 0, now + retryAfterMs);
}

const averageShare = 0.25;

function learnPace(lane: Lane, judgement: Judgement, result: SendResult): void {
  if (judgement.kind === "no-word") return;
  if (result.response !== undefined) lane.proven = true;
  const timedOut = judgement.kind === "trouble" && judgement.overloaded;
  if (result.response === undefined && !timedOut) return;
  const before = lane.averageMs ?? result.totalMs;
  lane.averageMs = before + (result.totalMs - before) * averageShare;
}

function moveBreaker(
  tools: Tools,
  lane: Lane,
  flight: Flight,
  judgement: Judgement,
): readonly EndpointEvent[] {
  const now = tools.clock.now();
  const before = lane.breaker;
  const after = decideBreaker(tools.settings.breaker, before, {
    judgement,
    delivery: flight.delivery.id,
    probe: flight.probe,
    now,
    random: tools.random(),
  });
  lane.breaker = after;
  if (after.state === "closed" && (before.state === "open" || before.state === "probing")) {
    lane.concurrency = slowStart(now);
    lane.releasedAt = now;
  }
  const kind = eventOf(before, after);
  return kind === undefined
    ? []
    : [makeEvent(tools, lane, kind, { at: now, figures: breakerFigures(before, after, now) })];
}

function eventOf(before: Breaker, after: Breaker): EndpointEventKind | undefined {
  if (before.state === after.state) return undefined;
  switch (after.state) {
    case "closed":
      return "breaker-closed";
    case "slow":
      return "breaker-slowed";
    case "open":
      return "breaker-opened";
    case "probing":
      return "breaker-probing";
  }
}

function breakerFigures(
  before: Breaker,
  after: Breaker,
  now: number,
): Readonly<Record<string, number>> {
  return {
    consecutiveFailures: Math.max(before.troubles, after.troubles),
    opened: Math.max(before.opened, after.opened),
    ...(after.probeAt === null ? {} : { openForMs: after.probeAt - now }),
  };
}

function adaptConcurrency(
  tools: Tools,
  lane: Lane,
  flight: Flight,
  seen: { readonly judgement: Judgement; readonly answerMs: number },
): void {
  switch (seen.judgement.kind) {
    case "success":
    case "answered": {
      // A slow start begins with what is sent from now on.
      if (flight.startedAt < lane.concurrency.reducedAt) return;
      const policy = tools.settings.concurrency;
      lane.concurrency = growConcurrency(policy, lane.concurrency, seen.answerMs);
      return;
    }
    case "trouble":
      if (!seen.judgement.overloaded) return;
      lane.concurrency = reduceConcurrency(lane.concurrency, flight.startedAt, tools.clock.now());
      return;
    case "gone":
    case "no-word":
      return;
  }
}

function moveFailing(
  tools: Tools,
  lane: Lane,
  judgement: Judgement,
  attempt: Attempt,
): { readonly warning: EndpointEvent | undefined; readonly disable: DisableByRule | undefined } {
  const now = tools.clock.now();
  const step = decideFailing(tools.settings.failing, lane.failing, judgement, now);
  lane.failing = step.failing;
  const rule = judgement.kind === "gone" ? "gone" : step.act === "disable" && "failing-too-long";
  if (!rule && step.act !== "warn") return nothingNew;
  const at = { at: now, figures: failingFigures(step.failing, attempt, now) };
  return rule
    ? { warning: undefined, disable: disableLane(tools, lane, rule, at) }
    : { warning: makeEvent(tools, lane, "warned", at), disable: undefined };
}

const nothingNew = { warning: undefined, disable: undefined };

function failingFigures(
  failing: Failing,
  attempt: Attempt,
  now: number,
): Readonly<Record<string, number | string>> {
  return {
    failedAttempts: failing.failures,
    failingForMs: now - (failing.since ?? now),
    ...(attempt.response === null ? {} : { lastStatus: attempt.response.status }),
    ...(attempt.errorClass === null ? {} : { lastError: attempt.errorClass }),
  };
}

interface Occasion {
  readonly at: number;
  readonly figures: EndpointEvent["figures"];
}

/** Closes the lane at once; the feed confirms it once it is committed. */
function disableLane(
  tools: Tools,
  lane: Lane,
  rule: EndpointRule,
  occasion: Occasion,
): DisableByRule | undefined {
  if (lane.target === undefined) return undefined;
  if (lane.target.gate !== "open" && lane.target.gate !== "paused") return undefined;
  lane.target = { ...lane.target, gate: "disabled" };
  const event = makeEvent(tools, lane, "disabled", occasion);
  return {
    endpoint: lane.endpoint,
    rule,
    event: { ...event, by: { kind: "rule", rule } },
  };
}

function makeEvent(
  tools: Tools,
  lane: Lane,
  kind: EndpointEventKind,
  occasion: Occasion,
): EndpointEvent {
  const rule: EndpointRule = kind === "warned" ? "failing-too-long" : "breaker";
  return {
    id: tools.ids.next("endpointEvent"),
    endpoint: lane.endpoint,
    at: occasion.at,
    kind,
    by: { kind: "rule", rule },
    figures: occasion.figures,
  };
}
