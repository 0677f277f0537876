import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** The next-generation webhooks. Classic ones (a form with `id=tr_…`) are unsigned: fetch the payment. */
export const mollie: Scheme = {
  name: "mollie",
  title: "Mollie",
  docs: "https://docs.mollie.com/reference/webhooks-new",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "x-mollie-signature",
      prefix: "sha256=",
      encoding: "hex",
    },
  }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
