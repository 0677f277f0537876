import type { Handshake, HandshakeInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import { answered, emptyAnswer, refused } from "./answers.ts";

/**
 * CloudEvents' abuse protection (HTTP 1.1 Web Hooks for Event Delivery, section 4): permits deliveries from the
 * configured `allowedOrigins`. The request may name a callback; it is never called, because whoever asks chooses
 * its address.
 */
export function permitAllowedOrigin({ request, config }: HandshakeInput): Handshake | undefined {
  if (request.method !== "OPTIONS") return undefined;
  const [origin = "", ...more] = request.headers("webhook-request-origin");
  if (origin === "") return undefined;
  const allowed = (config["allowedOrigins"] ?? "").split(",").map((each) => each.trim());
  if (more.length > 0 || !allowed.includes(origin)) return refused(403, otherOrigin);
  return answered(
    emptyAnswer(200, {
      "webhook-allowed-origin": origin,
      "webhook-allowed-rate": "*",
      allow: "POST",
    }),
  );
}

const otherOrigin = rejected(
  "signature",
  "The origin is none of allowedOrigins: nobody asked for its deliveries.",
);
