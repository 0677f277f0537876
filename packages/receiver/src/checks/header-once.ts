import type { HeaderValues } from "../header-source.ts";
import { missingHeader, sentTwice } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** The one value of a header that must be there once. */
export function headerOnce(name: string, headers: HeaderValues): string | Rejected {
  const [value = "", ...more] = headers(name);
  if (more.length > 0) return sentTwice(name);
  return value.trim() === "" ? missingHeader(name) : value;
}
