import { compareHash, hashClaim } from "../checks/claims.ts";
import { jwt } from "../checks/jwt.ts";
import type { Scheme } from "../scheme.ts";

/**
 * A shared secret checks HS tokens, and a public key (PEM, JWK, SubjectPublicKeyInfo) the others: neither is ever
 * taken for the other. Bare 32 bytes count as a shared secret, so give an Ed25519 key as PEM or JWK.
 */
export const fusionauth: Scheme = {
  name: "fusionauth",
  title: "FusionAuth",
  docs: "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
  check: jwt({
    header: "x-fusionauth-signature-jwt",
    algorithms: [
      "HS256",
      "HS384",
      "HS512",
      "RS256",
      "RS384",
      "RS512",
      "ES256",
      "ES384",
      "ES512",
      "EdDSA",
    ],
    matches: (claims, input) => compareHash(claims, bodyHash, input.request.body, input),
    claims: async (input) => ({
      request_body_sha256: await hashClaim("base64", input.body, input),
    }),
  }),
  event: { id: { json: "event.id" }, type: { json: "event.type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};

const bodyHash = { name: "request_body_sha256", encoding: "base64" } as const;
