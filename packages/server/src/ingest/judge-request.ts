import { answerHandshake, verify } from "@posthorn/receiver";
import type {
  CryptoProvider,
  Handshake,
  HandshakeEffect,
  HandshakeResponse,
  Rejected,
  Scheme,
  Verified,
} from "@posthorn/receiver";
import type { RejectedReason } from "../domain/reasons.ts";
import type { Arrival } from "./arrival.ts";
import type { KnownSource } from "./known-sources.ts";
import type { ProviderKeys, RequestKeys } from "./provider-keys.ts";

export interface Refused {
  readonly kind: "refused";
  readonly reason: RejectedReason;
  readonly detail: string;
  readonly diagnosis: string | null;
  readonly status: number;
}

export type Judged =
  | { readonly kind: "genuine"; readonly scheme: Scheme; readonly verified: Verified }
  | {
      readonly kind: "handshake";
      readonly response: HandshakeResponse;
      readonly effect: HandshakeEffect;
    }
  | (Refused & { readonly response?: HandshakeResponse });

export interface JudgeOptions {
  readonly crypto: CryptoProvider;
  readonly keys: ProviderKeys;
  /** The system's clock, by which the provider's timestamps are judged. */
  readonly nowMs: number;
}

/** What is refused for a fault on this side is asked for again. */
const again = 503;

/** Says whether a request is the provider's, by its scheme and the source's secrets. Never rejects. */
export async function judgeRequest(
  known: KnownSource,
  arrival: Arrival,
  options: JudgeOptions,
): Promise<Judged> {
  const { scheme, source } = known;
  if (scheme === undefined) {
    const detail = `This version of Posthorn knows no scheme ${source.config.scheme}.`;
    return refused("source-misconfigured", detail, again);
  }
  const { body, headers, method, receivedAt, url } = arrival;
  const request = { method, url, headers, body };
  const secrets = known.secrets(receivedAt);
  const { schemeConfig, toleranceSeconds } = source.config;
  const keys = options.keys.of(known);
  const how = {
    crypto: options.crypto,
    config: schemeConfig,
    nowSeconds: options.nowMs / 1000,
    ...(toleranceSeconds === null ? {} : { toleranceSeconds }),
    ...(keys === undefined ? {} : { resolveKey: keys.resolveKey }),
  };
  if (scheme.handshake !== undefined) {
    const handshake = await answerHandshake(scheme, request, secrets, how);
    if (handshake !== undefined) return toHandshake(scheme, handshake, keys);
  }
  if (secrets.length === 0 && keys === undefined) return refused("secret-missing", noSecret, again);
  const verdict = await verify(scheme, request, secrets, how);
  return verdict.kind === "verified"
    ? { kind: "genuine", scheme, verified: verdict }
    : toRefused(scheme, verdict, keys);
}

const noSecret =
  "Give the source the secret that the provider shows, or that you gave it; then verify this again.";

/** What a person has to know. */
export function confirmation(url: string): string {
  return `To confirm the subscription, open ${url}`;
}

function toHandshake(scheme: Scheme, handshake: Handshake, keys: RequestKeys | undefined): Judged {
  const { response } = handshake;
  if (handshake.kind === "handshake") {
    return { kind: "handshake", response, effect: handshake.effect };
  }
  const refusal = toRefused(scheme, handshake.rejection, keys);
  // The gate's own answer says when to come again.
  return refusal.reason === "key-unavailable" ? refusal : { ...refusal, response };
}

function toRefused(scheme: Scheme, rejection: Rejected, keys: RequestKeys | undefined): Refused {
  const { detail, diagnosis } = rejection;
  const status = scheme.rejectStatus ?? 401;
  const judged = { detail, diagnosis: diagnosis?.kind ?? null };
  switch (rejection.reason) {
    case "missing-header":
      return { ...refused("signature-missing", "", status), ...judged };
    case "malformed":
      return { ...refused("signature-malformed", "", status), ...judged };
    case "signature":
      return { ...refused("signature-mismatch", "", status), ...judged };
    case "timestamp": {
      const ahead = diagnosis?.kind === "clock" && diagnosis.offsetSeconds < 0;
      const reason = ahead ? "timestamp-too-new" : "timestamp-too-old";
      return { ...refused(reason, "", status), ...judged };
    }
    case "bad-secret":
    case "bad-config":
      return { ...refused("source-misconfigured", "", again), ...judged };
    case "key-unavailable":
      return refused("key-unavailable", keys?.failure() ?? detail, again);
    case "body-already-parsed":
      throw new Error("the gate gave a body that is no bytes");
  }
}

export function refused(reason: RejectedReason, detail: string, status: number): Refused {
  return { kind: "refused", reason, detail, diagnosis: null, status };
}
