import { utf8Text } from "./bytes.ts";
import { parseJson } from "./event-places.ts";
import type { RequestView } from "./request.ts";

/** The members of a JSON body; none when it is no object. */
export function jsonBody({ body }: RequestView): Readonly<Record<string, unknown>> {
  const value = parseJson(utf8Text(body) ?? "");
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
