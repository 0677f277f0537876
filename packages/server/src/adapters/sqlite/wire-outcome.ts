import { dueRules, triggers, type Attempt } from "../../domain/delivery.ts";
import { errorClasses, outcomes } from "../../domain/outcome.ts";
import type { Phases, ReceivedResponse } from "../../domain/outcome.ts";
import { reasonsOf } from "../../domain/reasons.ts";
import type { Settlement } from "../../ports/dispatch-store.ts";
import type { Packer, Unpacker } from "../sql/packing.ts";

const kinds = ["end", "retry", "discard"] as const;
const endReasons = reasonsOf("succeeded", "failed", "discarded");

export function packSettlement(to: Packer, settlement: Settlement): void {
  to.oneOf(kinds, settlement.kind);
  switch (settlement.kind) {
    case "end":
      packAttempt(to, settlement.attempt);
      to.oneOf(endReasons, settlement.reason);
      return;
    case "retry":
      packAttempt(to, settlement.attempt);
      to.number(settlement.due);
      to.oneOf(dueRules, settlement.rule);
      return;
    case "discard":
      to.number(settlement.delivery);
      to.number(settlement.endpoint);
      to.oneOf(endReasons, settlement.reason);
      to.number(settlement.at);
  }
}

export function unpackSettlement(from: Unpacker): Settlement {
  const kind = from.oneOf(kinds);
  switch (kind) {
    case "end":
      return { kind, attempt: unpackAttempt(from), reason: from.oneOf(endReasons) };
    case "retry":
      return {
        kind,
        attempt: unpackAttempt(from),
        due: from.number(),
        rule: from.oneOf(dueRules),
      };
    case "discard":
      return {
        kind,
        delivery: from.id("delivery"),
        endpoint: from.id("endpoint"),
        reason: from.oneOf(endReasons),
        at: from.number(),
      };
  }
}

function packAttempt(to: Packer, attempt: Attempt): void {
  to.number(attempt.id);
  to.number(attempt.application);
  to.number(attempt.endpoint);
  to.number(attempt.message);
  to.number(attempt.delivery);
  to.number(attempt.number);
  to.oneOf(triggers, attempt.trigger);
  to.number(attempt.startedAt);
  to.oneOf(outcomes, attempt.outcome);
  to.maybeNumber(attempt.errorClass === null ? null : errorClasses.indexOf(attempt.errorClass));
  to.maybeText(attempt.detail);
  packPhases(to, attempt.phases);
  to.flag(attempt.response !== null);
  if (attempt.response !== null) packResponse(to, attempt.response);
  to.maybeText(attempt.address);
  to.number(attempt.endpointVersion);
  to.text(attempt.worker);
}

function unpackAttempt(from: Unpacker): Attempt {
  return {
    id: from.id("attempt"),
    application: from.id("application"),
    endpoint: from.id("endpoint"),
    message: from.id("message"),
    delivery: from.id("delivery"),
    number: from.number(),
    trigger: from.oneOf(triggers),
    startedAt: from.number(),
    outcome: from.oneOf(outcomes),
    errorClass: errorClasses[from.maybeNumber() ?? -1] ?? null,
    detail: from.maybeText(),
    phases: unpackPhases(from),
    response: from.flag() ? unpackResponse(from) : null,
    address: from.maybeText(),
    endpointVersion: from.number(),
    worker: from.text(),
  };
}

function packPhases(to: Packer, phases: Phases): void {
  to.number(phases.queueMs);
  to.number(phases.totalMs);
  to.flag(phases.reused);
  to.maybeNumber(phases.firstByteMs);
  to.maybeNumber(phases.dnsMs);
  to.maybeNumber(phases.connectMs);
  to.maybeNumber(phases.tlsMs);
}

function unpackPhases(from: Unpacker): Phases {
  const phases: { -readonly [Name in keyof Phases]: Phases[Name] } = {
    queueMs: from.number(),
    totalMs: from.number(),
    reused: from.flag(),
  };
  for (const name of ["firstByteMs", "dnsMs", "connectMs", "tlsMs"] as const) {
    const value = from.maybeNumber();
    if (value !== null) phases[name] = value;
  }
  return phases;
}

function packResponse(to: Packer, { body, headers, status, truncated }: ReceivedResponse): void {
  to.number(status);
  to.list(headers, ([name, value]) => {
    to.text(name);
    to.text(value);
  });
  to.bytes(body);
  to.flag(truncated);
}

function unpackResponse(from: Unpacker): ReceivedResponse {
  return {
    status: from.number(),
    headers: from.list(() => [from.text(), from.text()] as const),
    body: from.bytes(),
    truncated: from.flag(),
  };
}
