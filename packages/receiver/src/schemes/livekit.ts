import { compareHash, compareIssuer, hashClaim } from "../checks/claims.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";

export const livekit: Scheme = {
  name: "livekit",
  title: "LiveKit",
  docs: "https://docs.livekit.io/home/server/webhooks/",
  check: jwt({
    header: "authorization",
    algorithms: ["HS256"],
    async matches(claims, input) {
      const { apiKey } = input.config;
      const other = apiKey === undefined ? undefined : compareIssuer(claims, apiKey);
      return (
        other ??
        compareHash(claims, { name: "sha256", encoding: "base64" }, input.request.body, input)
      );
    },
    async claims(input) {
      const exp = Math.floor(input.timestampMs / 1000) + 300;
      const sha256 = await hashClaim("base64", input.body, input);
      return { iss: input.config["apiKey"] ?? "API", exp, sha256 };
    },
  }),
  event: { id: { json: "id" }, type: { json: "event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    {
      name: "apiKey",
      required: false,
      what: "The API key that the secret belongs to: the token's issuer",
    },
  ],
};
