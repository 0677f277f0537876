import type { ApplicationId, AttemptId, DeliveryId, EndpointId, MessageId } from "./ids.ts";
import type { ErrorClass, Outcome, Phases, ReceivedResponse } from "./outcome.ts";
import type { EndReason } from "./reasons.ts";

/** The rule that chose when a waiting delivery is due. */
export const dueRules = ["publish", "deliver-at", "schedule", "retry-after", "manual"] as const;
export type DueRule = (typeof dueRules)[number];

/** What made an attempt happen. */
export const triggers = ["schedule", "manual", "replay", "probe"] as const;
export type Trigger = (typeof triggers)[number];

/** A delivery that has not ended: its row in the queue. */
export interface WaitingDelivery {
  readonly id: DeliveryId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly due: number;
  readonly rule: DueRule;
  /** Attempts made so far. */
  readonly attempts: number;
  /** The finished delivery that this one repeats. */
  readonly resendOf: DeliveryId | null;
}

/** A delivery that has ended: written once, with its last attempt. */
export interface EndedDelivery {
  readonly id: DeliveryId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly reason: EndReason;
  readonly attempts: number;
  readonly endedAt: number;
  readonly resendOf: DeliveryId | null;
}

export interface Attempt {
  readonly id: AttemptId;
  readonly application: ApplicationId;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly delivery: DeliveryId;
  /** 1 is a delivery's first. */
  readonly number: number;
  readonly trigger: Trigger;
  /** Also the time that the request was signed with. */
  readonly startedAt: number;
  readonly outcome: Outcome;
  readonly errorClass: ErrorClass | null;
  readonly detail: string | null;
  readonly phases: Phases;
  readonly response: ReceivedResponse | null;
  /** The address connected to, or refused. */
  readonly address: string | null;
  /** The version of the endpoint's revision that it was sent under: URL and headers follow. */
  readonly endpointVersion: number;
  readonly worker: string;
}
