import type { Attempt } from "../../domain/delivery.ts";
import type { Phases, ReceivedResponse } from "../../domain/outcome.ts";
import type { RecordBatch, Settlement } from "../../ports/dispatch-store.ts";
import { isEmpty, packBytes, unpackBytes, type WireBytes } from "../sql/wire-bytes.ts";

export type WireBatch = readonly [
  settlements: readonly WireSettlement[],
  rest: Omit<RecordBatch, "settlements">,
];

export function packBatch({ settlements, ...rest }: RecordBatch): WireBatch {
  return [settlements.map(packSettlement), rest];
}

export function unpackBatch([settlements, rest]: WireBatch): RecordBatch {
  return { ...rest, settlements: settlements.map(unpackSettlement) };
}

type Retry = Extract<Settlement, { kind: "retry" }>;
type End = Extract<Settlement, { kind: "end" }>;

type WireSettlement =
  | readonly [kind: "end", attempt: WireAttempt, reason: End["reason"]]
  | readonly [kind: "retry", attempt: WireAttempt, due: number, rule: Retry["rule"]]
  | readonly [kind: "other", settlement: Exclude<Settlement, Retry | End>];

function packSettlement(settlement: Settlement): WireSettlement {
  switch (settlement.kind) {
    case "end":
      return ["end", packAttempt(settlement.attempt), settlement.reason];
    case "retry":
      return ["retry", packAttempt(settlement.attempt), settlement.due, settlement.rule];
    case "discard":
      return ["other", settlement];
  }
}

function unpackSettlement(wire: WireSettlement): Settlement {
  switch (wire[0]) {
    case "end":
      return { kind: "end", attempt: unpackAttempt(wire[1]), reason: wire[2] };
    case "retry":
      return { kind: "retry", attempt: unpackAttempt(wire[1]), due: wire[2], rule: wire[3] };
    case "other":
      return wire[1];
  }
}

type WireAttempt = readonly [
  id: Attempt["id"],
  application: Attempt["application"],
  endpoint: Attempt["endpoint"],
  message: Attempt["message"],
  delivery: Attempt["delivery"],
  number: number,
  trigger: Attempt["trigger"],
  startedAt: number,
  outcome: Attempt["outcome"],
  errorClass: Attempt["errorClass"],
  detail: string | null,
  phases: WirePhases,
  response: WireResponse | null,
  address: string | null,
  endpointVersion: number,
  worker: string,
];

function packAttempt(attempt: Attempt): WireAttempt {
  return [
    attempt.id,
    attempt.application,
    attempt.endpoint,
    attempt.message,
    attempt.delivery,
    attempt.number,
    attempt.trigger,
    attempt.startedAt,
    attempt.outcome,
    attempt.errorClass,
    attempt.detail,
    packPhases(attempt.phases),
    attempt.response === null ? null : packResponse(attempt.response),
    attempt.address,
    attempt.endpointVersion,
    attempt.worker,
  ];
}

function unpackAttempt(wire: WireAttempt): Attempt {
  const response = wire[12];
  return {
    id: wire[0],
    application: wire[1],
    endpoint: wire[2],
    message: wire[3],
    delivery: wire[4],
    number: wire[5],
    trigger: wire[6],
    startedAt: wire[7],
    outcome: wire[8],
    errorClass: wire[9],
    detail: wire[10],
    phases: unpackPhases(wire[11]),
    response: response === null ? null : unpackResponse(response),
    address: wire[13],
    endpointVersion: wire[14],
    worker: wire[15],
  };
}

type WirePhases = readonly [
  queueMs: number,
  totalMs: number,
  reused: boolean,
  firstByteMs: number | undefined,
  /** What only a fresh connection has. */
  fresh: Pick<Phases, "dnsMs" | "connectMs" | "tlsMs"> | undefined,
];

function packPhases(phases: Phases): WirePhases {
  const { queueMs, totalMs, reused, firstByteMs, ...fresh } = phases;
  return [queueMs, totalMs, reused, firstByteMs, isEmpty(fresh) ? undefined : fresh];
}

function unpackPhases([queueMs, totalMs, reused, firstByteMs, fresh]: WirePhases): Phases {
  const all = { queueMs, ...fresh, totalMs, reused };
  return firstByteMs === undefined ? all : { ...all, firstByteMs };
}

type WireResponse = readonly [
  status: number,
  headers: ReceivedResponse["headers"],
  body: WireBytes,
  truncated: boolean,
];

function packResponse({ body, headers, status, truncated }: ReceivedResponse): WireResponse {
  return [status, headers, packBytes(body), truncated];
}

function unpackResponse([status, headers, body, truncated]: WireResponse): ReceivedResponse {
  return { status, headers, body: unpackBytes(body), truncated };
}
