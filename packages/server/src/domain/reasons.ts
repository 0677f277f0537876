/**
 * Every reason that a delivery can be in its state for, and what is still open then. This is the
 * one list that API, command line, dashboard and metrics read; `docs/reasons.md` is held equal.
 */
export const deliveryStates = ["scheduled", "held", "succeeded", "failed", "discarded"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What a person can still do about a delivery. */
export const options = {
  wait: "Wait: it goes on by itself.",
  "send-now": "Resend it: it becomes due at once.",
  resend: "Resend it: a new delivery of the same message, linked to this one.",
  "fix-receiver": "Mend the receiver; the attempts show what it answered.",
  "change-url": "Correct the endpoint's URL.",
  "enable-endpoint": "Enable the endpoint: what waits goes on.",
  "resume-endpoint": "Resume the endpoint: what waits goes on.",
  "disable-endpoint": "Disable the endpoint: nothing more is sent to it.",
  "raise-rate": "Raise or remove the throttle rate.",
  "allow-target": "Allow the address by CIDR in POSTHORN_ALLOWED_TARGETS, if it is yours.",
  "check-receiver": "Look at the receiver whether it has the message before resending.",
  "publish-again": "Publish the event again, with a later expiry or under an endpoint that exists.",
  none: "Nothing is left to do.",
} as const;
export type Option = keyof typeof options;

interface ReasonEntry {
  readonly state: DeliveryState;
  readonly sentence: string;
  readonly options: readonly Option[];
}

export const reasons = {
  queued: {
    state: "scheduled",
    sentence: "It is due and waits for its turn.",
    options: ["wait", "disable-endpoint"],
  },
  sending: {
    state: "scheduled",
    sentence: "An attempt is under way.",
    options: ["wait"],
  },
  "deliver-at": {
    state: "scheduled",
    sentence: "The publisher asked for a later time.",
    options: ["wait", "send-now"],
  },
  "retry-schedule": {
    state: "scheduled",
    sentence: "The last attempt failed; the schedule chose the time of the next one.",
    options: ["wait", "send-now", "fix-receiver", "disable-endpoint"],
  },
  "retry-after": {
    state: "scheduled",
    sentence: "The receiver's Retry-After chose the time of the next attempt.",
    options: ["wait", "send-now", "fix-receiver"],
  },
  "rate-limited": {
    state: "scheduled",
    sentence: "It is due; the endpoint's throttle rate lets it go later.",
    options: ["wait", "raise-rate"],
  },
  "application-rate-limited": {
    state: "scheduled",
    sentence: "It is due; the application's throttle rate lets it go later.",
    options: ["wait", "raise-rate"],
  },
  "concurrency-limited": {
    state: "scheduled",
    sentence: "It is due; as many requests as the endpoint can take are under way.",
    options: ["wait", "fix-receiver"],
  },
  "endpoint-paused": {
    state: "held",
    sentence: "The endpoint is paused; it goes on when the endpoint is resumed.",
    options: ["resume-endpoint", "wait"],
  },
  "endpoint-disabled": {
    state: "held",
    sentence: "The endpoint is disabled; it goes on when the endpoint is enabled.",
    options: ["enable-endpoint"],
  },
  "breaker-open": {
    state: "held",
    sentence: "The endpoint failed too often in a row; a probe decides when sending goes on.",
    options: ["wait", "fix-receiver", "disable-endpoint"],
  },
  "receiver-asked-to-wait": {
    state: "held",
    sentence: "The receiver asked, by Retry-After, not to be called before a time.",
    options: ["wait", "fix-receiver"],
  },
  delivered: {
    state: "succeeded",
    sentence: "The receiver answered 2xx.",
    options: ["resend"],
  },
  "attempts-exhausted": {
    state: "failed",
    sentence: "The receiver answered the last attempt of the schedule with an error.",
    options: ["fix-receiver", "resend"],
  },
  unreachable: {
    state: "failed",
    sentence: "The last attempt of the schedule did not reach the receiver.",
    options: ["change-url", "fix-receiver", "resend"],
  },
  "maybe-delivered": {
    state: "failed",
    sentence: "The last attempt was sent and no answer came: the receiver may have the message.",
    options: ["check-receiver", "resend"],
  },
  gone: {
    state: "failed",
    sentence:
      "The receiver answered 410: it does not want these any more. The endpoint is disabled.",
    options: ["enable-endpoint", "resend"],
  },
  "address-blocked": {
    state: "failed",
    sentence: "The endpoint's URL leads to an address that must not be called.",
    options: ["change-url", "allow-target", "resend"],
  },
  expired: {
    state: "discarded",
    sentence:
      "Its expiry, or the end of its message's retention, passed before it could be delivered.",
    options: ["resend", "publish-again"],
  },
  "content-deleted": {
    state: "discarded",
    sentence: "The message's content was deleted before it could be delivered.",
    options: ["publish-again"],
  },
  "endpoint-deleted": {
    state: "discarded",
    sentence: "The endpoint was deleted before it could be delivered.",
    options: ["publish-again"],
  },
  "application-deleted": {
    state: "discarded",
    sentence: "The application was deleted before it could be delivered.",
    options: ["none"],
  },
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof reasons;

/** The reasons that belong to one state. */
export type ReasonOf<S extends DeliveryState> = {
  [R in Reason]: (typeof reasons)[R]["state"] extends S ? R : never;
}[Reason];

/** A reason that a delivery ends with. */
export type EndReason = ReasonOf<"succeeded" | "failed" | "discarded">;

export function stateOf(reason: Reason): DeliveryState {
  return reasons[reason].state;
}
