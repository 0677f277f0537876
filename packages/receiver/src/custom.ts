import { signedUrlField } from "./checks/called-url.ts";
import { mac } from "./checks/mac.ts";
import type { MacPlan } from "./checks/mac.ts";
import { signed } from "./checks/signed.ts";
import type { SignedPlan } from "./checks/signed.ts";
import { staticHeader } from "./checks/static-secret.ts";
import type { EventPlaces, Scheme } from "./scheme.ts";

/** How a scheme that is not in the list proves where its requests come from. */
export type CustomCheck =
  /** An HMAC, or with `construction: "digest"` a plain hash that covers `{secret}`. */
  | ({ readonly kind: "hmac" } & MacPlan)
  /** A signature of the sender's private key. */
  | ({ readonly kind: "public-key" } & SignedPlan)
  /** A secret repeated in a header: covers nothing of the body. */
  | { readonly kind: "static"; readonly header: string };

export interface CustomScheme extends Pick<
  Scheme,
  "answerWithinMs" | "retries" | "rejectStatus" | "acceptBody" | "handshake"
> {
  readonly name: string;
  readonly check: CustomCheck;
  readonly event?: EventPlaces;
  /** Needed where a time is signed; `Infinity` says that any age will do. */
  readonly toleranceSeconds?: number;
}

/**
 * Describes a scheme of your own. Header names may be in any letter case. Throws a TypeError for a content with
 * unknown fields, and for a signed time without a tolerance.
 */
export function custom(described: CustomScheme): Scheme {
  const { check, event = {}, toleranceSeconds, name, ...rest } = described;
  const signsUrl = check.kind !== "static" && check.content?.includes("{url}") === true;
  const signsTime = check.kind !== "static" && check.timestamp !== undefined;
  if (signsTime && toleranceSeconds === undefined) {
    throw new TypeError("This scheme signs a time: say how old it may be (toleranceSeconds).");
  }
  return {
    name,
    title: name,
    docs: "",
    check: checkOf(check),
    event,
    defaultToleranceSeconds: toleranceSeconds ?? Number.POSITIVE_INFINITY,
    ...(signsUrl ? { config: [signedUrlField] } : {}),
    ...rest,
  };
}

function checkOf(check: CustomCheck): Scheme["check"] {
  switch (check.kind) {
    case "hmac":
      return mac(lowerCase(check));
    case "public-key":
      return signed(lowerCase(check));
    case "static":
      return staticHeader(check.header.toLowerCase());
  }
}

function lowerCase<Plan extends MacPlan | SignedPlan>(plan: Plan): Plan {
  const { signature, timestamp, id } = plan;
  const header = timestamp?.header?.toLowerCase();
  return {
    ...plan,
    signature: {
      ...signature,
      header: signature.header.toLowerCase(),
      ...(signature.more === undefined
        ? {}
        : { more: signature.more.map((name) => name.toLowerCase()) }),
    },
    ...(timestamp === undefined || header === undefined
      ? {}
      : { timestamp: { ...timestamp, header } }),
    ...(id === undefined ? {} : { id: id.toLowerCase() }),
  };
}
