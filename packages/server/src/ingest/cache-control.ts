import type { ReceivedResponse } from "../domain/outcome.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * How long an answer may be kept: as its headers say, but a minute at least. Some providers forbid to keep
 * what never changes, and without that minute each request would cost a fetch.
 */
export function keepMsOf(headers: ReceivedResponse["headers"]): number {
  const said = valuesOf(headers, "cache-control").toLowerCase();
  if (/\bno-(?:store|cache)\b/.test(said)) return minuteMs;
  const maxAge = /\bmax-age\s*=\s*"?(\d{1,10})\b/.exec(said)?.[1];
  if (maxAge === undefined) return hourMs;
  const age = /^\d{1,10}$/.exec(valuesOf(headers, "age"))?.[0] ?? "0";
  const leftMs = (Number(maxAge) - Number(age)) * 1000;
  return Math.min(Math.max(leftMs, minuteMs), 6 * hourMs);
}

function valuesOf(headers: ReceivedResponse["headers"], wanted: string): string {
  return headers
    .filter(([name]) => name === wanted)
    .map(([, value]) => value)
    .join(", ");
}
