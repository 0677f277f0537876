import { mac } from "../checks/mac.ts";
import { jsonBody } from "../json-body.ts";
import type { Check, Checked, Scheme } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const overBody = mac({
  hash: "SHA-256",
  signature: { header: "linear-signature", encoding: "hex" },
});

/** Code of its own: the signed time stands in the body. The header Linear-Timestamp is not signed. */
const withBodyTime: Check = {
  kind: overBody.kind,
  coversBody: true,
  async verify(input): Promise<Checked | Rejected> {
    const checked = await overBody.verify(input);
    if (checked.kind === "rejected") return checked;
    const { webhookTimestamp } = jsonBody(input.request);
    if (typeof webhookTimestamp !== "number" || !Number.isSafeInteger(webhookTimestamp)) {
      return rejected("malformed", "The body has no webhookTimestamp in milliseconds.");
    }
    return { ...checked, timestampMs: webhookTimestamp };
  },
  sign: (input) => overBody.sign(input),
};

export const linear: Scheme = {
  name: "linear",
  title: "Linear",
  docs: "https://linear.app/developers/webhooks",
  check: withBodyTime,
  event: { id: { header: "linear-delivery" }, type: { header: "linear-event" } },
  defaultToleranceSeconds: 60,
  answerWithinMs: 5000,
  retries: "After 1 minute, 1 hour and 6 hours.",
  unconfirmed: ["The answer may take 5 seconds, and there are 3 retries."],
};
