import { compareHash, compareIssuer, hashClaim } from "../checks/claims.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";

export const netlify: Scheme = {
  name: "netlify",
  title: "Netlify",
  docs: "https://docs.netlify.com/deploy/deploy-notifications/",
  check: jwt({
    header: "x-webhook-signature",
    algorithms: ["HS256"],
    async matches(claims, input) {
      const other = compareIssuer(claims, "netlify");
      return (
        other ?? compareHash(claims, { name: "sha256", encoding: "hex" }, input.request.body, input)
      );
    },
    claims: async (input) => ({
      iss: "netlify",
      sha256: await hashClaim("hex", input.body, input),
    }),
  }),
  event: { id: { json: "id" }, type: { header: "x-netlify-event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The claims are iss and sha256, in hex."],
};
