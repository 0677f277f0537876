import type { EndpointHeaders } from "../domain/endpoint.ts";
import type { Vault } from "../ports/vault.ts";

/** Custom headers as people see them: names as they were written. */
export type HeaderValues = Readonly<Record<string, string>>;

const forbidden: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);
const forbiddenPrefixes = ["webhook-", "svix-", "posthorn-"];

// RFC 9110 §5.6.2 and §5.5: a token, and visible characters with blanks and tabs inside.
const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;
const valuePattern = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;

export const maxHeaders = 50;

/** Why a header cannot be sent with deliveries; `undefined`: it can. */
export function whyHeaderRefused(name: string, value: string): string | undefined {
  if (!namePattern.test(name)) return "is no name that HTTP allows";
  const lower = name.toLowerCase();
  if (forbidden.has(lower)) return "is set by Posthorn or by HTTP itself";
  const prefix = forbiddenPrefixes.find((each) => lower.startsWith(each));
  if (prefix !== undefined) return `begins with ${prefix}, which is Posthorn's own`;
  if (!valuePattern.test(value)) {
    return "has a value that is longer than 4096 characters, or not of visible Latin-1 characters";
  }
  return value.trim() === value ? undefined : "has a value that begins or ends with a blank";
}

/** Names that differ in case alone are one header. */
export function repeatedName(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => {
    const lower = name.toLowerCase();
    if (seen.has(lower)) return true;
    seen.add(lower);
    return false;
  });
}

export function openHeaders(vault: Vault, headers: EndpointHeaders | null): HeaderValues {
  if (headers === null) return {};
  const opened: unknown = JSON.parse(vault.open(headers.sealed));
  if (!isHeaderValues(opened)) throw new Error("sealed headers are no object of texts");
  return opened;
}

export function sealHeaders(vault: Vault, headers: HeaderValues): EndpointHeaders | null {
  const names = Object.keys(headers);
  return names.length === 0 ? null : { sealed: vault.seal(JSON.stringify(headers)), names };
}

/** `null` removes; the names of `changes` win over those they replace. */
export function mergeHeaders(
  current: HeaderValues,
  changes: Readonly<Record<string, string | null>>,
): HeaderValues {
  const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(current).filter(([name]) => !changed.has(name.toLowerCase()));
  const set = Object.entries(changes).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return Object.fromEntries([...kept, ...set]);
}

function isHeaderValues(value: unknown): value is HeaderValues {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((each) => typeof each === "string")
  );
}
