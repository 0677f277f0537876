import { utf8 } from "../bytes.ts";
import { compareHash, compareIssuer, hashClaim } from "../checks/claims.ts";
import { calledUrl, signedUrlField, urlToSign } from "../checks/called-url.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";
import { rejected } from "../verdict.ts";

export const messagebird: Scheme = {
  name: "messagebird",
  title: "Bird (MessageBird)",
  docs: "https://developers.messagebird.com/api/#verifying-http-requests",
  check: jwt({
    header: "messagebird-signature-jwt",
    algorithms: ["HS256", "HS384", "HS512"],
    leewaySeconds: 5,
    id: "jti",
    async matches(claims, input) {
      const url = calledUrl({ url: input.request.url, config: input.config });
      if (typeof url === "object") return url;
      if (typeof claims["jti"] !== "string") return rejected("malformed", "The token has no jti.");
      const { body } = input.request;
      const wrong =
        compareIssuer(claims, "MessageBird") ??
        (await compareHash(claims, { name: "url_hash", encoding: "hex" }, utf8(url), input));
      if (wrong !== undefined || (body.length === 0 && claims["payload_hash"] === undefined))
        return wrong;
      return compareHash(claims, { name: "payload_hash", encoding: "hex" }, body, input);
    },
    async claims(input) {
      const url = urlToSign(input);
      const nbf = Math.floor(input.timestampMs / 1000);
      const url_hash = await hashClaim("hex", utf8(url), input);
      const payload_hash = await hashClaim("hex", input.body, input);
      return { iss: "MessageBird", nbf, exp: nbf + 60, url_hash, payload_hash };
    },
  }),
  event: {},
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
};
