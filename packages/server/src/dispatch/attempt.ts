import type { Attempt } from "../domain/delivery.ts";
import type { AttemptResult } from "../domain/judge-attempt.ts";
import type { Phases } from "../domain/outcome.ts";
import type { SendResult } from "../ports/sender.ts";
import type { Flight } from "./lane.ts";
import type { DispatcherParts } from "./parts.ts";

export function buildAttempt(
  tools: Pick<DispatcherParts, "ids" | "settings">,
  flight: Omit<Flight, "slot" | "askedAgain">,
  result: SendResult,
): Attempt {
  const { delivery } = flight;
  return {
    id: tools.ids.next("attempt"),
    application: delivery.application,
    endpoint: delivery.endpoint,
    message: delivery.message,
    delivery: delivery.id,
    number: delivery.attempts + 1,
    trigger: flight.trigger,
    startedAt: flight.startedAt,
    outcome: result.outcome,
    errorClass: result.errorClass ?? null,
    detail: detailOf(flight.suspect, result),
    phases: phasesOf(flight.queueMs, result),
    response: result.response ?? null,
    address: result.address ?? null,
    endpointVersion: flight.target.version,
    worker: tools.settings.worker,
  };
}

const afterCrash =
  "The process ended before this attempt; an earlier one may have been under way then.";

function detailOf(suspect: boolean, { detail }: SendResult): string | null {
  if (!suspect) return detail ?? null;
  return detail === undefined ? afterCrash : `${detail} ${afterCrash}`;
}

function phasesOf(queueMs: number, result: SendResult): Phases {
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs, reused } = result;
  const phases: { -readonly [Name in keyof Phases]: Phases[Name] } = { queueMs, totalMs, reused };
  if (dnsMs !== undefined) phases.dnsMs = dnsMs;
  if (connectMs !== undefined) phases.connectMs = connectMs;
  if (tlsMs !== undefined) phases.tlsMs = tlsMs;
  if (firstByteMs !== undefined) phases.firstByteMs = firstByteMs;
  return phases;
}

export function factsOf(attempt: Attempt): AttemptResult {
  const { outcome, errorClass, response } = attempt;
  return { outcome, errorClass, status: response?.status ?? null };
}

/** A request that could not be made at all: nothing left this process. */
export function notMade(): SendResult {
  return {
    outcome: "not-sent",
    detail:
      "The request could not be made: the endpoint's secrets or headers cannot be read. " +
      "Is the master key the one that they were stored under?",
    totalMs: 0,
    reused: false,
  };
}

/** A request that this process cut short, or did not live to see answered. */
export function cutShort(totalMs: number, result?: SendResult): SendResult {
  return {
    ...(result ?? { totalMs, reused: false }),
    outcome: result?.outcome === "not-sent" ? "not-sent" : "unknown",
    errorClass: "process-ended",
    detail: "This process ended before the answer came.",
  };
}
