/** What a sample is made of. */
export interface SampleFacts {
  readonly id: string;
  readonly type: string;
  readonly atMs: number;
}

type MakeBody = (facts: SampleFacts) => string;

const form = (fields: Readonly<Record<string, string>>): string =>
  new URLSearchParams(fields).toString();

/**
 * The bodies of providers that look for more in them than an id and a type. Harmless ones: a receiver that acts on
 * what it is sent should have nothing to do.
 */
export const providerBodies: Readonly<Record<string, MakeBody | undefined>> = {
  adyen: ({ id, type }) =>
    JSON.stringify({
      live: "false",
      notificationItems: [
        {
          NotificationRequestItem: {
            additionalData: {},
            amount: { currency: "EUR", value: 4900 },
            eventCode: type.toUpperCase().replaceAll(/\W/g, "_"),
            eventDate: "2026-01-01T00:00:00+00:00",
            merchantAccountCode: "PosthornCheck",
            merchantReference: "check",
            pspReference: id,
            success: "true",
          },
        },
      ],
    }),
  braintree: ({ id }) =>
    `<notification><kind>check</kind><subject><id>${id}</id><amount>4900</amount></subject></notification>`,
  github: ({ id }) =>
    JSON.stringify({ zen: "Keep it logically awesome.", hook_id: 4900, check: id }),
  linear: ({ id, atMs }) =>
    JSON.stringify({
      action: "create",
      type: "Issue",
      webhookId: id,
      webhookTimestamp: atMs,
      data: { amount: 4900 },
    }),
  mandrill: ({ id, type, atMs }) =>
    form({
      mandrill_events: JSON.stringify([{ event: type, _id: id, ts: atMs / 1000, amount: 4900 }]),
    }),
  meta: ({ atMs }) =>
    JSON.stringify({ object: "page", entry: [{ id: "4900", time: atMs, changes: [] }] }),
  "microsoft-graph": ({ id, type }) =>
    JSON.stringify({ value: [{ id, subscriptionId: "check", changeType: type, amount: 4900 }] }),
  plivo: ({ id, type }) => form({ MessageUUID: id, Status: type, Units: "4900" }),
  slack: ({ id, type, atMs }) =>
    JSON.stringify({
      type: "event_callback",
      event_id: id,
      event_time: Math.floor(atMs / 1000),
      event: { type, amount: 4900 },
    }),
  stripe: ({ id, type, atMs }) =>
    JSON.stringify({
      id: `evt_${id}`,
      object: "event",
      api_version: "2026-01-28",
      created: Math.floor(atMs / 1000),
      livemode: false,
      type,
      data: { object: { id: "check", object: "check", amount: 4900 } },
    }),
  twilio: ({ id, type }) => form({ MessageSid: id, MessageStatus: type, Units: "4900" }),
};
