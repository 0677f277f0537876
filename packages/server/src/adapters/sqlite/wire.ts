/**
 * What crosses threads most, as tuples. A structured clone writes and reads the name of every
 * member of every object: 8 µs for a publication or an attempt, and a fifth of that for a tuple
 * (November 2026). Whatever is rare crosses as it is.
 */
import type { LaneWindow } from "../../ports/dispatch-store.ts";
import type { Answer, Call, FromStore, ToStore } from "./protocol.ts";
import {
  packDeliveries,
  packPublication,
  unpackDeliveries,
  unpackPublication,
  type WireDeliveries,
  type WirePublication,
} from "../sql/wire-delivery.ts";
import { packItem, unpackItem, type WireFeedItem } from "../sql/wire-feed.ts";
import { packBatch, unpackBatch, type WireBatch } from "./wire-outcome.ts";

type Calls = Extract<ToStore, { kind: "calls" }>;
type Answers = Extract<FromStore, { kind: "answers" }>;

export type WireToStore =
  | { readonly kind: "calls"; readonly calls: readonly WireCall[] }
  | Exclude<ToStore, Calls>;

export type WireFromStore =
  | {
      readonly kind: "answers";
      readonly changes: Answers["changes"];
      readonly feed: readonly WireFeedItem[];
      readonly feedBytes: number;
      readonly answers: readonly WireAnswer[];
    }
  | Exclude<FromStore, Answers>;

export function packToStore(message: ToStore): WireToStore {
  if (message.kind !== "calls") return message;
  return { kind: "calls", calls: message.calls.map(packCall) };
}

export function unpackToStore(message: WireToStore): ToStore {
  if (message.kind !== "calls") return message;
  return { kind: "calls", calls: message.calls.map(unpackCall) };
}

export function packFromStore(message: FromStore): WireFromStore {
  if (message.kind !== "answers") return message;
  const { changes, feed, feedBytes, answers } = message;
  return {
    kind: "answers",
    changes,
    feed: feed.map(packItem),
    feedBytes,
    answers: answers.map(packAnswer),
  };
}

export function unpackFromStore(message: WireFromStore): FromStore {
  if (message.kind !== "answers") return message;
  const { changes, feed, feedBytes, answers } = message;
  return {
    kind: "answers",
    changes,
    feed: feed.map(unpackItem),
    feedBytes,
    answers: answers.map(unpackAnswer),
  };
}

type WireCall =
  | readonly [kind: "publish", id: number, publication: WirePublication]
  | readonly [kind: "record", id: number, batch: WireBatch]
  | readonly [kind: "other", call: Call];

function packCall(call: Call): WireCall {
  switch (call.name) {
    case "publish":
      return ["publish", call.id, packPublication(call.args[0])];
    case "record":
      return ["record", call.id, packBatch(call.args[0])];
    default:
      return ["other", call];
  }
}

function unpackCall(call: WireCall): Call {
  switch (call[0]) {
    case "publish":
      return { id: call[1], name: "publish", args: [unpackPublication(call[2])] };
    case "record":
      return { id: call[1], name: "record", args: [unpackBatch(call[2])] };
    case "other":
      return call[1];
  }
}

type WireAnswer =
  | readonly [kind: "value", id: number, value: unknown]
  | readonly [kind: "window", id: number, deliveries: WireDeliveries, nextDue: number | null]
  | readonly [kind: "error", answer: Extract<Answer, { kind: "error" }>];

function packAnswer(answer: Answer): WireAnswer {
  if (answer.kind === "error") return ["error", answer];
  const { id, value } = answer;
  return isWindow(value)
    ? ["window", id, packDeliveries(value.deliveries), value.nextDue]
    : ["value", id, value];
}

function unpackAnswer(answer: WireAnswer): Answer {
  switch (answer[0]) {
    case "value":
      return { id: answer[1], kind: "value", value: answer[2] };
    case "window": {
      const [, id, deliveries, nextDue] = answer;
      return { id, kind: "value", value: { deliveries: unpackDeliveries(deliveries), nextDue } };
    }
    case "error":
      return answer[1];
  }
}

function isWindow(value: unknown): value is LaneWindow {
  return typeof value === "object" && value !== null && "nextDue" in value && "deliveries" in value;
}
