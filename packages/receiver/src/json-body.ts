import { utf8Text } from "./bytes.ts";
import { parseJson } from "./event-places.ts";
import type { RequestView } from "./request.ts";

/** The members of a JSON body; none when it is no object. */
export function jsonBody({ body }: Pick<RequestView, "body">): Readonly<Record<string, unknown>> {
  const value = parseJson(utf8Text(body) ?? "");
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first member's name: some providers say what happened by it. */
export function firstKey(body: unknown): string | undefined {
  return isRecord(body) ? Object.keys(body)[0] : undefined;
}
