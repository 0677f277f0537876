import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const vercel: Scheme = {
  name: "vercel",
  title: "Vercel",
  docs: "https://vercel.com/docs/webhooks/webhooks-api",
  check: mac({ hash: "SHA-1", signature: { header: "x-vercel-signature", encoding: "hex" } }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 30_000,
  retries: "For 24 hours.",
};
