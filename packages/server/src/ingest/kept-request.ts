import { z } from "zod";
import type { SealedText } from "../domain/endpoint.ts";
import type { Vault } from "../ports/vault.ts";
import type { NewRequest } from "../ports/source-store.ts";
import type { InboundRequest } from "../domain/inbound-request.ts";
import type { Arrival } from "./arrival.ts";

const head = z.object({
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});

/** URL and headers of a rejected request, encrypted: signatures and tokens are among them. */
export function sealKept(vault: Vault, { headers, url }: Arrival): SealedText {
  return vault.seal(JSON.stringify({ url, headers }));
}

/** The request as it came. Throws when it was sealed under another key. */
export function openKept(
  vault: Vault,
  { method, receivedAt }: InboundRequest,
  kept: NonNullable<NewRequest["kept"]>,
): Arrival {
  const { headers, url } = head.parse(JSON.parse(vault.open(kept.sealed)));
  return { method, url, headers, body: kept.body, receivedAt };
}
