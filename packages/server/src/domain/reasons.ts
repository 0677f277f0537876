/**
 * Every reason that a delivery can be in its state for, or a request can have its outcome for, and
 * what is still open then. This is the one list that API, command line, dashboard and metrics read;
 * `docs/reasons.md` is held equal.
 */
export const deliveryStates = ["scheduled", "held", "succeeded", "failed", "discarded"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What can come of a request at a source. */
export const requestOutcomes = ["accepted", "duplicate", "handshake", "rejected"] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

/** What a person can still do about a delivery or a request. */
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
  "verify-again": "Verify the request again, as long as it is kept: what fits then is accepted.",
  "fix-secret": "Correct the source's secret; what is kept can be verified again.",
  "fix-source": "Correct the source's scheme or settings; what is kept can be verified again.",
  "fix-provider": "Correct the webhook's settings at the provider: URL, secret, or version.",
  "check-proxy": "Look for a proxy that changes bodies or headers on the way.",
  "check-clock": "Set this server's clock; what is kept can be verified again.",
  "redeliver-at-provider": "Have the provider send it again.",
  "resume-source": "Resume the source; what is kept can be verified again.",
  "raise-source-rate": "Raise or remove the source's throttle rate.",
  "raise-body-limit": "Raise the source's body limit, or the server's.",
  "fix-schema": "Correct the event type's schema, or do not enforce it; then verify it again.",
  none: "Nothing is left to do.",
} as const;
export type Option = keyof typeof options;

interface ReasonEntry {
  readonly state: DeliveryState | RequestOutcome;
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
  "event-received": {
    state: "accepted",
    sentence: "It became a message.",
    options: ["none"],
  },
  "event-received-later": {
    state: "accepted",
    sentence: "It was rejected at first; verified again, it became a message.",
    options: ["none"],
  },
  "duplicate-event": {
    state: "duplicate",
    sentence: "An earlier request had the same event; no second message was made.",
    options: ["none"],
  },
  "handshake-answered": {
    state: "handshake",
    sentence: "The provider asked whether this URL is in order; it was answered as it expects.",
    options: ["none"],
  },
  "signature-missing": {
    state: "rejected",
    sentence: "A header that the scheme needs for its verification is not there.",
    options: ["fix-provider", "fix-source", "check-proxy"],
  },
  "signature-malformed": {
    state: "rejected",
    sentence:
      "The signature, or another header of the scheme, is not in the form that it must have.",
    options: ["fix-provider", "fix-source", "check-proxy"],
  },
  "signature-mismatch": {
    state: "rejected",
    sentence: "The signature does not belong to these bytes and any secret of the source.",
    options: ["fix-secret", "verify-again", "check-proxy"],
  },
  "timestamp-too-old": {
    state: "rejected",
    sentence: "It is genuine, but older than the tolerance: late, sent again, or a clock is wrong.",
    options: ["check-clock", "fix-source", "redeliver-at-provider"],
  },
  "timestamp-too-new": {
    state: "rejected",
    sentence: "Its timestamp lies ahead by more than the tolerance: a clock is wrong.",
    options: ["check-clock", "fix-source", "verify-again"],
  },
  "secret-missing": {
    state: "rejected",
    sentence: "The source has no secret yet, so nothing could be verified.",
    options: ["fix-secret", "verify-again"],
  },
  "source-misconfigured": {
    state: "rejected",
    sentence: "The source's secret or settings cannot be used with its scheme.",
    options: ["fix-secret", "fix-source", "verify-again"],
  },
  "key-unavailable": {
    state: "rejected",
    sentence: "The provider's key could not be fetched; the provider was asked to send it again.",
    options: ["verify-again", "redeliver-at-provider"],
  },
  "secret-offered-again": {
    state: "rejected",
    sentence: "The provider offered a secret, and the source has one already.",
    options: ["fix-provider", "fix-secret"],
  },
  "body-unreadable": {
    state: "rejected",
    sentence: "The body's compression cannot be undone, or is of a kind that is not taken.",
    options: ["fix-provider", "redeliver-at-provider"],
  },
  "body-too-large": {
    state: "rejected",
    sentence: "The body is larger than the limit.",
    options: ["raise-body-limit", "redeliver-at-provider"],
  },
  "schema-violated": {
    state: "rejected",
    sentence: "The body does not keep the schema of its event type.",
    options: ["fix-schema", "verify-again"],
  },
  "handshake-late": {
    state: "rejected",
    sentence: "It was a handshake, whose answer the provider no longer waits for.",
    options: ["redeliver-at-provider"],
  },
  "source-paused": {
    state: "rejected",
    sentence: "The source is paused; providers that retry send it again.",
    options: ["resume-source", "verify-again"],
  },
  "source-rate-limited": {
    state: "rejected",
    sentence: "More requests came in a second than the source may take.",
    options: ["raise-source-rate", "redeliver-at-provider"],
  },
} as const satisfies Record<string, ReasonEntry>;

type Reason = keyof typeof reasons;

/** The reasons that belong to one state, or one outcome. */
export type ReasonOf<S extends DeliveryState | RequestOutcome> = {
  [R in Reason]: (typeof reasons)[R]["state"] extends S ? R : never;
}[Reason];

export type DeliveryReason = ReasonOf<DeliveryState>;
export type RequestReason = ReasonOf<RequestOutcome>;
export type RejectedReason = ReasonOf<"rejected">;

/** A reason that a delivery ends with. */
export type EndReason = ReasonOf<"succeeded" | "failed" | "discarded">;

/** In the order of the list above. */
export function reasonsOf<S extends DeliveryState | RequestOutcome>(
  ...states: readonly S[]
): readonly ReasonOf<S>[] {
  const entries: Readonly<Record<string, ReasonEntry>> = reasons;
  const isOf = (name: string): name is ReasonOf<S> =>
    states.some((state) => state === entries[name]?.state);
  return Object.keys(reasons).filter(isOf);
}

export function stateOf(reason: DeliveryReason): DeliveryState {
  return reasons[reason].state;
}
