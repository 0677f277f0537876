import { compareHash, hashClaim } from "../checks/claims.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";

/** The key is the JWK that the token's `kid` names: give those that you have, or `resolveKey`, which asks Plaid. */
export const plaid: Scheme = {
  name: "plaid",
  title: "Plaid",
  docs: "https://plaid.com/docs/api/webhooks/webhook-verification/",
  check: jwt({
    header: "plaid-verification",
    algorithms: ["ES256"],
    issuedAt: true,
    matches: (claims, input) => compareHash(claims, bodyHash, input.request.body, input),
    claims: async (input) => ({ request_body_sha256: await hashClaim("hex", input.body, input) }),
  }),
  event: { type: { join: [{ json: "webhook_type" }, { json: "webhook_code" }], with: "." } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 10_000,
  retries: "For 24 hours.",
  unconfirmed: [
    "The form of the token.",
    "Keys expire 24 hours after a rotation.",
    "The answer may take 10 seconds, and retries go on for 24 hours.",
  ],
};

const bodyHash = { name: "request_body_sha256", encoding: "hex" } as const;
