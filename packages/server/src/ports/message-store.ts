import type { Endpoint } from "../domain/endpoint.ts";
import type { Attempt, DueRule, EndedDelivery, WaitingDelivery } from "../domain/delivery.ts";
import type {
  ApplicationId,
  AttemptId,
  DeliveryId,
  EndpointId,
  MessageId,
  RequestId,
} from "../domain/ids.ts";
import type { InboundRequest } from "../domain/inbound-request.ts";
import type { LaneRecord } from "../domain/lane.ts";
import type { Message } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { DeliveryState } from "../domain/reasons.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export type NewMessage = Message & { readonly content: NonNullable<Message["content"]> };

export interface PlannedDelivery {
  readonly id: DeliveryId;
  readonly endpoint: EndpointId;
  readonly due: number;
  readonly rule: DueRule;
}

export interface Publication {
  readonly message: NewMessage;
  readonly deliveries: readonly PlannedDelivery[];
  readonly remember?: Remember;
  readonly reception?: Reception;
}

/** The request at a source that became the message. */
export interface Reception {
  /** Its outcome is `accepted`: nothing is wrong with it, kept of it, or shown that its message has. */
  readonly request: AcceptedRequest;
  /** Hash of what makes its event the same as another's; `null`: it is like no other. */
  readonly dedupe: { readonly keyHash: string; readonly until: number } | null;
}

export type AcceptedRequest = InboundRequest & {
  readonly outcome: "accepted";
  readonly detail: null;
  readonly diagnosis: null;
  readonly duplicateOf: null;
  readonly headers: null;
  readonly keptUntil: null;
};

export type PublishResult =
  | { readonly kind: "published" }
  /** Another request of the source had the same event: this one's row says so, no message is made. */
  | { readonly kind: "duplicate"; readonly of: RequestId; readonly message: MessageId }
  | { readonly kind: "event-id-taken"; readonly by: MessageId }
  | { readonly kind: "application-not-found" }
  | Repeated;

export type MessageRef =
  | { readonly kind: "id"; readonly id: MessageId }
  | { readonly kind: "event-id"; readonly eventId: string };

export interface MessageFilter {
  readonly channel?: string;
  readonly tag?: string;
  readonly eventTypes?: readonly string[];
  /** ms; messages created strictly before / after. */
  readonly before?: number;
  readonly after?: number;
}

/** A delivery as the ledger has it, and what its state is derived from. */
export type DeliveryView =
  | { readonly kind: "ended"; readonly delivery: EndedDelivery }
  | {
      readonly kind: "waiting";
      readonly delivery: WaitingDelivery;
      readonly lane: LaneRecord | undefined;
      /** The endpoint as it is now; `undefined` once it is deleted. */
      readonly endpoint: Endpoint | undefined;
    };

/** `before` and `after` are of the attempt's start; the rest of `MessageFilter` of its message. */
export interface AttemptFilter extends MessageFilter {
  readonly outcome?: readonly Outcome[];
  /** 100 to 500 by hundreds; 0 is "no status". */
  readonly statusCodeClass?: number;
  readonly endpoint?: EndpointId;
}

export interface Resend {
  readonly application: ApplicationId;
  readonly message: MessageId;
  readonly endpoint: EndpointId;
  /** The id that a new delivery gets. */
  readonly delivery: DeliveryId;
  readonly at: number;
  readonly remember?: Remember;
}

export type ResendResult =
  /** A waiting delivery was moved to now. */
  | { readonly kind: "moved"; readonly delivery: DeliveryId }
  /** A new delivery was made; `resendOf` is the finished one, if there was one. */
  | { readonly kind: "created"; readonly resendOf: DeliveryId | null }
  | { readonly kind: "endpoint-disabled" }
  | { readonly kind: "content-deleted" }
  | { readonly kind: "not-found" }
  | Repeated;

export interface MessageStore {
  /** Resolves after the commit is on disk. Each call has its own result, also in a shared commit. */
  publish(publication: Publication): Promise<PublishResult>;
  findMessage(application: ApplicationId, ref: MessageRef): Promise<Message | undefined>;
  listMessages(
    application: ApplicationId,
    filter: MessageFilter,
    page: Page<MessageId>,
  ): Promise<Listed<Message>>;
  /** Removes body and payload; what waits is discarded by its owner (`content-deleted`). */
  deleteMessageContent(message: MessageId): Promise<void>;

  /** The latest delivery of the message to each endpoint, by endpoint. */
  listDeliveriesOfMessage(
    message: MessageId,
    page: Page<EndpointId>,
  ): Promise<Listed<{ readonly view: DeliveryView; readonly endpoint: Endpoint }>>;
  /** The endpoint's messages with their latest delivery to it. */
  listDeliveriesOfEndpoint(
    endpoint: EndpointId,
    filter: MessageFilter & { readonly state?: DeliveryState },
    page: Page<MessageId>,
  ): Promise<Listed<{ readonly view: DeliveryView; readonly message: Message }>>;

  findAttempt(message: MessageId, id: AttemptId): Promise<Attempt | undefined>;
  listAttemptsOfMessage(
    message: MessageId,
    filter: AttemptFilter,
    page: Page<AttemptId>,
  ): Promise<Listed<Attempt>>;
  listAttemptsOfEndpoint(
    endpoint: EndpointId,
    filter: AttemptFilter,
    page: Page<AttemptId>,
  ): Promise<Listed<Attempt>>;
  /** Removes the kept response body and headers. */
  deleteAttemptContent(message: MessageId, id: AttemptId): Promise<"deleted" | "not-found">;

  /** Moves a waiting delivery to now, or makes a new one of a finished (or never planned) one. */
  resend(resend: Resend): Promise<ResendResult>;
}
