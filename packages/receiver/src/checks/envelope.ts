import type { CheckInput, SignInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { calledUrl, urlToSign } from "./called-url.ts";
import type { Content, ContentFields } from "./content.ts";
import { headerOnce } from "./header-once.ts";
import { readSignatures, writeSignatures } from "./signature-carrier.ts";
import type { SignatureCarrier } from "./signature-carrier.ts";
import { formatTime, parseTime } from "./timestamp.ts";
import type { TimeUnit } from "./timestamp.ts";

/** Where the signature stands, and what it covers. */
export interface EnvelopePlan {
  readonly signature: SignatureCarrier;
  /** A template of body, timestamp, id, url, method and secret. @default "{body}" */
  readonly content?: string;
  /** The signed time: in a header of its own, or a part of the signature's. */
  readonly timestamp?: { readonly header?: string; readonly unit: TimeUnit };
  /** The header of the signed id. */
  readonly id?: string;
}

export interface Envelope {
  readonly kind: "envelope";
  readonly signatures: readonly Uint8Array[];
  readonly timestampMs: number | undefined;
  readonly fields: ContentFields;
}

/** Reads everything but the key; `signatureBytes` is undefined where the key decides the length. */
export function readEnvelope(
  plan: EnvelopePlan,
  content: Content,
  input: Pick<CheckInput, "request" | "config">,
  signatureBytes: number | undefined,
): Envelope | Rejected {
  const { request, config } = input;
  const carried = readSignatures(plan.signature, request.headers, signatureBytes);
  if (carried.kind === "rejected") return carried;
  const id = plan.id === undefined ? undefined : headerOnce(plan.id, request.headers);
  if (typeof id === "object") return id;
  const timeHeader = plan.timestamp?.header;
  const timestamp =
    timeHeader === undefined ? carried.timestamp : headerOnce(timeHeader, request.headers);
  if (typeof timestamp === "object") return timestamp;
  const timestampMs = readTime(plan, timestamp);
  if (typeof timestampMs === "object") return timestampMs;
  const url = content.needs.has("url") ? calledUrl({ url: request.url, config }) : undefined;
  if (typeof url === "object") return url;
  const { body, method } = request;
  return {
    kind: "envelope",
    signatures: carried.signatures,
    timestampMs,
    fields: { body, method, id, timestamp, url },
  };
}

function readTime(plan: EnvelopePlan, text: string | undefined): number | undefined | Rejected {
  if (plan.timestamp === undefined || text === undefined) return undefined;
  return (
    parseTime(plan.timestamp.unit, text) ??
    rejected(
      "malformed",
      `The timestamp is not in the form of this scheme (${plan.timestamp.unit}).`,
    )
  );
}

interface WrittenEnvelope {
  readonly fields: ContentFields;
  /** The headers for the signatures that were made. */
  headers(signatures: readonly Uint8Array[]): Readonly<Record<string, string>>;
}

export function writeEnvelope(
  plan: EnvelopePlan,
  content: Content,
  input: SignInput,
): WrittenEnvelope {
  const { body, method, id } = input;
  const timestamp =
    plan.timestamp === undefined ? undefined : formatTime(plan.timestamp.unit, input.timestampMs);
  const url = content.needs.has("url") ? urlToSign(input) : undefined;
  return {
    fields: { body, method, id, timestamp, url },
    headers: (signatures) => ({
      ...(plan.id === undefined ? {} : { [plan.id]: id }),
      ...(plan.timestamp?.header === undefined ? {} : { [plan.timestamp.header]: timestamp ?? "" }),
      ...writeSignatures(plan.signature, signatures, timestamp),
    }),
  };
}
