import { z } from "zod";
import { dueRules } from "../../domain/delivery.ts";
import type { IdCodec } from "../../domain/ids.ts";
import type { LaneRecord } from "../../domain/lane.ts";
import {
  deliveryStates,
  options,
  reasons,
  stateOf,
  type DeliveryReason,
} from "../../domain/reasons.ts";
import type { DeliveryState, Option } from "../../domain/reasons.ts";
import { judgeDelivery } from "../../domain/waiting.ts";
import type { DeliveryView } from "../../ports/message-store.ts";
import { endpointOutFields } from "./endpoint.ts";
import { messageOutFields } from "./message.ts";
import { showTimeOrNull, timeOut } from "./common.ts";

const statusTexts = ["success", "pending", "fail", "sending", "canceled"] as const;

export const status = z
  .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
  .meta({
    description: "0 success, 1 pending, 2 fail, 3 sending, 4 canceled.",
    openapi: { type: "integer", enum: [0, 1, 2, 3, 4] },
  });
export type Status = z.output<typeof status>;
export const statusText = z.enum(statusTexts);

const deliveryOutFields = {
  status,
  statusText,
  nextAttempt: timeOut.nullable(),
  deliveryId: z.string(),
  state: z.enum(deliveryStates),
  reason: z.string().meta({ description: "See docs/reasons.md." }),
  reasonText: z.string(),
  rule: z.enum(dueRules).nullable().meta({ description: "What chose the next time." }),
  asOf: timeOut
    .nullable()
    .meta({ description: "When the endpoint's queue was last looked at, where that counts." }),
  attempts: z.int(),
  options: z.array(z.object({ code: z.string(), text: z.string() })),
  endedAt: timeOut.nullable(),
  resendOf: z.string().nullable(),
};

const deliveryOut = z.object(deliveryOutFields);
export type DeliveryOut = z.output<typeof deliveryOut>;

export const endpointMessageOut = z
  .object({ ...messageOutFields, ...deliveryOutFields })
  .meta({ id: "EndpointMessageOut" });

export const messageEndpointOut = z
  .object({ ...endpointOutFields, ...deliveryOutFields })
  .meta({ id: "MessageEndpointOut" });

/** Shows a delivery at `now`: ended ones as the ledger has them, waiting ones as their lane has them. */
export function showDelivery(codec: IdCodec, view: DeliveryView, now: number): DeliveryOut {
  const { delivery } = view;
  const shared = {
    deliveryId: codec.format("delivery", delivery.id),
    attempts: delivery.attempts,
    resendOf: delivery.resendOf === null ? null : codec.format("delivery", delivery.resendOf),
  };
  switch (view.kind) {
    case "ended":
      return {
        ...shared,
        ...showReason(view.delivery.reason),
        nextAttempt: null,
        rule: null,
        asOf: null,
        endedAt: showTimeOrNull(view.delivery.endedAt),
      };
    case "waiting": {
      const { lane, endpoint } = view;
      const judged = judgeDelivery(
        { delivery: view.delivery, lane, endpoint: endpoint?.config },
        now,
      );
      return {
        ...shared,
        ...showReason(judged.reason),
        nextAttempt: showTimeOrNull(judged.nextAttemptAt),
        rule: view.delivery.rule,
        asOf: showTimeOrNull(judged.asOf),
        endedAt: null,
      };
    }
  }
}

function showReason(reason: DeliveryReason) {
  const state = stateOf(reason);
  const entry = reasons[reason];
  const open: readonly Option[] = entry.options;
  const status = statusOf(state, reason);
  return {
    status,
    statusText: statusTexts[status],
    state,
    reason,
    reasonText: entry.sentence,
    options: open.map((code) => ({ code, text: options[code] })),
  };
}

function statusOf(state: DeliveryState, reason: DeliveryReason): Status {
  switch (state) {
    case "scheduled":
      return reason === "sending" ? 3 : 1;
    case "held":
      return 1;
    case "succeeded":
      return 0;
    case "failed":
      return 2;
    case "discarded":
      return 4;
  }
}

/**
 * What to ask the store for. All that waits for one endpoint is held or none of it is, so `pending`
 * is one state at a time.
 */
export function stateFilter(
  status: Status,
  endpoint: { readonly disabled: boolean; readonly paused: boolean },
  lane: LaneRecord | undefined,
): DeliveryState {
  switch (status) {
    case 0:
      return "succeeded";
    case 2:
      return "failed";
    case 4:
      return "discarded";
    case 3:
      return "scheduled";
    case 1:
      return isHeld(endpoint, lane) ? "held" : "scheduled";
  }
}

function isHeld(
  endpoint: { readonly disabled: boolean; readonly paused: boolean },
  lane: LaneRecord | undefined,
): boolean {
  if (endpoint.disabled || endpoint.paused) return true;
  if (lane === undefined) return false;
  return lane.breaker === "open" || lane.breaker === "probing" || lane.askedToWaitUntil !== null;
}

/** As text of a query. */
export const statusQuery = z
  .enum(["0", "1", "2", "3", "4"], "must be 0, 1, 2, 3 or 4")
  .transform((value) => status.parse(Number(value)))
  .optional()
  .meta({ openapi: { type: "integer", enum: [0, 1, 2, 3, 4] } });
