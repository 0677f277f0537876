import type { HandshakeEffect } from "@posthorn/receiver";
import type { InboundRequest } from "../domain/inbound-request.ts";
import type { Source } from "../domain/source.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { WebhookSchemes } from "../ports/webhook-schemes.ts";
import { confirmation, judgeRequest, refused, type Refused } from "./judge-request.ts";
import { openKept } from "./kept-request.ts";
import type { KnownSources } from "./known-sources.ts";
import type { ProviderKeys } from "./provider-keys.ts";
import { acceptedStatus, receive, type Genuine, type ReceiveParts } from "./receive.ts";

export interface VerifyAgainParts extends ReceiveParts {
  readonly store: Pick<Store, "acceptRejected" | "keptRequest" | "updateRejected">;
  readonly known: Pick<KnownSources, "open">;
  readonly schemes: WebhookSchemes;
  readonly keys: ProviderKeys;
  readonly vault: Vault;
  readonly now: () => number;
}

export type VerifiedAgain =
  /** It is a message now, or a duplicate, or rejected still, for the reason that its row has now. */
  | { readonly kind: "judged" }
  | { readonly kind: "not-rejected" }
  | { readonly kind: "not-kept" }
  | { readonly kind: "application-not-found" };

/**
 * Verifies a rejected request again, with what the source has now: as of its arrival, or every one that
 * carries a timestamp would be too old. What fits becomes a message, once.
 */
export async function verifyAgain(
  parts: VerifyAgainParts,
  source: Source,
  request: InboundRequest,
): Promise<VerifiedAgain> {
  const { store } = parts;
  if (request.outcome !== "rejected") return { kind: "not-rejected" };
  const kept = await store.keptRequest(source.id, request.id);
  if (kept == null) return { kind: "not-kept" };
  const arrival = openKept(parts.vault, request, kept);
  const known = parts.known.open(source);
  const asOfNow = { ...known, secrets: () => known.secrets(parts.now()) };
  const judged = await judgeRequest(asOfNow, arrival, {
    crypto: parts.schemes.crypto,
    keys: parts.keys,
    nowMs: request.receivedAt,
  });
  switch (judged.kind) {
    case "handshake":
      return note(parts, request, late(judged.effect));
    case "refused":
      return note(parts, request, judged);
    case "genuine":
      return accept(parts, request, { known: asOfNow, arrival, ...judged });
  }
}

/** It is no event, so it does not become a message. */
function late(effect: HandshakeEffect): Refused {
  const detail = effect.kind === "confirm" ? confirmation(effect.url) : "";
  return refused("handshake-late", detail, acceptedStatus);
}

async function accept(
  parts: VerifyAgainParts,
  request: InboundRequest,
  genuine: Genuine,
): Promise<VerifiedAgain> {
  const row = { id: request.id, reason: "event-received-later" } as const;
  const received = await receive(parts, genuine, row, (each) => parts.store.acceptRejected(each));
  switch (received.kind) {
    case "published":
    case "duplicate":
      return { kind: "judged" };
    case "not-rejected":
    case "application-not-found":
      return received;
    case "refused":
      return note(parts, request, received);
  }
}

async function note(
  { store }: VerifyAgainParts,
  { id, source }: InboundRequest,
  { detail, diagnosis, reason }: Refused,
): Promise<VerifiedAgain> {
  await store.updateRejected({ id, source, reason, diagnosis, detail: detail || null });
  return { kind: "judged" };
}
