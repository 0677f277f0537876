/** What crosses threads most goes packed; whatever is rare, as it is. */
import type { LaneWindow, RecordBatch } from "../../ports/dispatch-store.ts";
import type { PublishResult } from "../../ports/message-store.ts";
import { cutShort, Packer, Unpacker, type Packed } from "../sql/packing.ts";
import { packDeliveries, unpackDeliveries } from "../sql/wire-delivery.ts";
import { packItem, unpackItem, type WireFeedItem } from "../sql/wire-feed.ts";
import type { Answer, Call, FromStore, ToStore } from "./protocol.ts";
import { packSettlement, unpackSettlement } from "./wire-outcome.ts";
import { packPublication, unpackPublication } from "./wire-publication.ts";

type Calls = Extract<ToStore, { kind: "calls" }>;
type Answers = Extract<FromStore, { kind: "answers" }>;

export type WireToStore =
  | {
      readonly kind: "calls";
      /** The calls in their order: publications and outcomes whole, of the others their place. */
      readonly packed: Packed;
      readonly rests: readonly RecordRest[];
      readonly others: readonly Call[];
    }
  | Exclude<ToStore, Calls>;

type RecordRest = Omit<RecordBatch, "settlements">;

export type WireFromStore =
  | {
      readonly kind: "answers";
      readonly changes: Answers["changes"];
      readonly feed: readonly WireFeedItem[];
      readonly feedBytes: number;
      /** Calls that were answered as nearly all publishes are. */
      readonly published: readonly number[];
      readonly answers: readonly WireAnswer[];
    }
  | Exclude<FromStore, Answers>;

const packedCalls = ["publish", "record", "other"] as const;
const packer = new Packer();

export function packToStore(message: ToStore): WireToStore {
  if (message.kind !== "calls") return message;
  const rests: RecordRest[] = [];
  const others: Call[] = [];
  packer.list(message.calls, (call) => {
    switch (call.name) {
      case "publish":
        packer.oneOf(packedCalls, "publish");
        packer.number(call.id);
        packPublication(packer, call.args[0]);
        return;
      case "record": {
        const { settlements, ...rest } = call.args[0];
        packer.oneOf(packedCalls, "record");
        packer.number(call.id);
        packer.list(settlements, (settlement) => packSettlement(packer, settlement));
        rests.push(rest);
        return;
      }
      default:
        packer.oneOf(packedCalls, "other");
        others.push(call);
    }
  });
  return { kind: "calls", packed: packer.take(), rests, others };
}

export function unpackToStore(message: WireToStore): ToStore {
  if (message.kind !== "calls") return message;
  const from = new Unpacker(message.packed);
  const rests = message.rests.values();
  const others = message.others.values();
  const calls = from.list((): Call => {
    switch (from.oneOf(packedCalls)) {
      case "publish":
        return { id: from.number(), name: "publish", args: [unpackPublication(from)] };
      case "record": {
        const id = from.number();
        const settlements = from.list(() => unpackSettlement(from));
        return { id, name: "record", args: [{ ...next(rests), settlements }] };
      }
      case "other":
        return next(others);
    }
  });
  return { kind: "calls", calls };
}

function next<T>(items: Iterator<T>): T {
  const { done, value } = items.next();
  if (done === true) throw cutShort();
  return value;
}

export function packFromStore(message: FromStore): WireFromStore {
  if (message.kind !== "answers") return message;
  const { changes, feed, feedBytes } = message;
  const published: number[] = [];
  const answers: WireAnswer[] = [];
  for (const answer of message.answers) {
    if (isPublished(answer)) published.push(answer.id);
    else answers.push(packAnswer(answer));
  }
  return { kind: "answers", changes, feed: feed.map(packItem), feedBytes, published, answers };
}

export function unpackFromStore(message: WireFromStore): FromStore {
  if (message.kind !== "answers") return message;
  const { changes, feed, feedBytes, published } = message;
  const value: PublishResult = { kind: "published" };
  const answers = published.map((id): Answer => ({ id, kind: "value", value }));
  for (const answer of message.answers) answers.push(unpackAnswer(answer));
  return { kind: "answers", changes, feed: feed.map(unpackItem), feedBytes, answers };
}

type WireAnswer =
  | readonly [kind: "window", id: number, deliveries: Packed, nextDue: number | null]
  | readonly [kind: "other", answer: Answer];

function packAnswer(answer: Answer): WireAnswer {
  if (answer.kind === "error" || !isWindow(answer.value)) return ["other", answer];
  const { deliveries, nextDue } = answer.value;
  return ["window", answer.id, packDeliveries(deliveries), nextDue];
}

function unpackAnswer(answer: WireAnswer): Answer {
  if (answer[0] === "other") return answer[1];
  const [, id, deliveries, nextDue] = answer;
  return { id, kind: "value", value: { deliveries: unpackDeliveries(deliveries), nextDue } };
}

function isPublished(answer: Answer): boolean {
  if (answer.kind === "error") return false;
  const { value } = answer;
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "published"
  );
}

function isWindow(value: unknown): value is LaneWindow {
  return typeof value === "object" && value !== null && "nextDue" in value && "deliveries" in value;
}
