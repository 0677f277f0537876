import { basicAuth } from "../checks/static-secret.ts";
import type { Scheme } from "../scheme.ts";

/** The secret is the `user:password` of the webhook's URL. */
export const postmark: Scheme = {
  name: "postmark",
  title: "Postmark",
  docs: "https://postmarkapp.com/developer/webhooks/webhooks-overview",
  check: basicAuth(),
  event: { id: { json: "MessageID" }, type: { json: "RecordType" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  retries: "For about 10 hours.",
};
