import { utf8 } from "../bytes.ts";
import { queryOf } from "../handshakes/query.ts";
import type { Check } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import { matchSecret, onlySecret } from "./static-secret.ts";

/**
 * A provider that proves nothing itself. What it sends is accepted by a secret of your own in the URL's query,
 * under the name `token`, and refused without one.
 */
export const urlToken: Check = {
  kind: "static-secret",
  coversBody: false,
  verify(input) {
    const token = queryOf(input.request)("token");
    if (token === undefined || token === "") return noToken;
    return matchSecret([utf8(token)], input);
  },
  async sign(input) {
    if (input.url === undefined) throw new TypeError("The token goes into the URL: give one.");
    const url = new URL(input.url);
    url.searchParams.set("token", await onlySecret(input));
    return { headers: {}, url: url.href };
  },
};

const noToken = rejected(
  "missing-header",
  "This provider signs nothing: register the URL with a secret of yours in it, as ?token=….",
);
