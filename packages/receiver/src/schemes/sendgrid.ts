import { signed } from "../checks/signed.ts";
import type { Scheme } from "../scheme.ts";

/** The line end at the end of the body is signed, too. A body holds many events. */
export const sendgrid: Scheme = {
  name: "sendgrid",
  title: "Twilio SendGrid",
  docs: "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
  check: signed({
    algorithm: { kind: "ecdsa" },
    signature: { header: "x-twilio-email-event-webhook-signature", encoding: "base64" },
    timestamp: { header: "x-twilio-email-event-webhook-timestamp", unit: "seconds" },
    content: "{timestamp}{body}",
  }),
  event: { id: { json: "0.sg_event_id" }, type: { json: "0.event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  body: "json",
};
