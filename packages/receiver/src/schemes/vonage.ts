import { compareHash, hashClaim } from "../checks/claims.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";

/** The official library checks the token alone; here its hash of the body counts, too. */
export const vonage: Scheme = {
  name: "vonage",
  title: "Vonage",
  docs: "https://developer.vonage.com/en/getting-started/concepts/webhooks",
  check: jwt({
    header: "authorization",
    bearer: true,
    algorithms: ["HS256"],
    id: "jti",
    matches: (claims, input) => compareHash(claims, payloadHash, input.request.body, input),
    claims: async (input) => ({
      iss: "Vonage",
      payload_hash: await hashClaim("hex", input.body, input),
    }),
  }),
  event: { type: { json: "status" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};

const payloadHash = { name: "payload_hash", encoding: "hex" } as const;
