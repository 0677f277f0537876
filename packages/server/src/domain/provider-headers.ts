import { isProofHeader } from "./sensitive-header.ts";

/** Headers in their order, as they came: one may be there twice. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

// What belongs to one connection (RFC 9110 §7.6.1), frames its body, or logs somebody in here. A signature is
// none of these: the receiver verifies it again. The last would be the prototype of what it is kept in.
const dropped = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
  "authorization",
  "cookie",
  "set-cookie",
  "forwarded",
  "via",
  "x-real-ip",
  "__proto__",
]);

/**
 * What of a provider's headers goes on to the endpoints, names in lower case. `secrets` are texts that
 * must not lie in the store: a header that has one in it is left out.
 */
export function forwardedHeaders(
  pairs: HeaderPairs,
  secrets: readonly string[] = [],
): Readonly<Record<string, string>> {
  const named = connectionOptions(pairs);
  const kept: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (dropped.has(lower) || named?.has(lower) === true) continue;
    // What is said by us must be ours.
    if (lower.startsWith("posthorn-") || lower.startsWith("x-forwarded-")) continue;
    if (secrets.some((secret) => value.includes(secret))) continue;
    kept[lower] = Object.hasOwn(kept, lower) ? `${kept[lower]}, ${value}` : value;
  }
  return kept;
}

const masked = "[secret]";

/** As they are shown: what is a secret by its name, or has one of `secrets` in it, is masked. */
export function maskedHeaders(
  pairs: HeaderPairs,
  secrets: readonly string[] = [],
): Readonly<Record<string, string>> {
  const shown = new Map<string, string>();
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    const hidden = isProofHeader(lower) || secrets.some((secret) => value.includes(secret));
    const before = shown.get(lower);
    const text = hidden ? masked : value;
    shown.set(lower, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(shown);
}

/** Headers that `Connection` names belong to that connection, too; most name none. */
function connectionOptions(pairs: HeaderPairs): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (const [name, value] of pairs) {
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    if (value === "keep-alive" || value === "close") continue;
    named ??= new Set();
    for (const option of value.split(",")) named.add(option.trim().toLowerCase());
  }
  return named;
}
