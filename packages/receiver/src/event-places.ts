import { utf8Text } from "./bytes.ts";
import type { RequestView } from "./request.ts";
import type { EventPlaces, Place } from "./scheme.ts";

interface FoundEvent {
  readonly id: string | undefined;
  readonly type: string | undefined;
}

/** Reads which event a verified request is. The body is parsed only when a place asks for it. */
export function readEvent(places: EventPlaces, request: RequestView): FoundEvent {
  const body = lazyBody(request.body);
  return { id: readPlace(places.id, request, body), type: readPlace(places.type, request, body) };
}

/** Whether the signature covers what stands there; `coversBody` says so for the body. */
export function isSigned(place: Place | undefined, coversBody: boolean): boolean {
  if (place === undefined) return false;
  if ("header" in place) return place.signed === true;
  const parts = "join" in place ? place.join : "first" in place ? place.first : undefined;
  return parts?.every((each) => isSigned(each, coversBody)) ?? coversBody;
}

interface LazyBody {
  json(): unknown;
  form(): URLSearchParams;
}

function lazyBody(bytes: Uint8Array): LazyBody {
  let text: string | undefined;
  let json: { readonly value: unknown } | undefined;
  let form: URLSearchParams | undefined;
  return {
    json() {
      text ??= utf8Text(bytes) ?? "";
      json ??= { value: parseJson(text) };
      return json.value;
    },
    form() {
      text ??= utf8Text(bytes) ?? "";
      form ??= new URLSearchParams(text);
      return form;
    },
  };
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    // A byte order mark belongs to the signed bytes, and not to the value.
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch {
    // No JSON, or nested deeper than the parser goes.
    return undefined;
  }
}

function readPlace(
  place: Place | undefined,
  request: RequestView,
  body: LazyBody,
): string | undefined {
  if (place === undefined) return undefined;
  if ("header" in place) return request.headers(place.header)[0] || undefined;
  if ("json" in place) return asText(atPath(body.json(), place.json));
  if ("form" in place) return body.form().get(place.form) || undefined;
  if ("read" in place) return place.read(body.json());
  if ("readForm" in place) return place.readForm(body.form());
  if ("first" in place) {
    for (const each of place.first) {
      const found = readPlace(each, request, body);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const parts = place.join.map((each) => readPlace(each, request, body));
  return parts.every((part) => part !== undefined) ? parts.join(place.with) : undefined;
}

/** The text or whole number at a path of names and positions. */
export function textAt(value: unknown, path: string): string | undefined {
  return asText(atPath(value, path));
}

/** The value at a path of names and positions, such as `events.0.id`. Own members only. */
export function atPath(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

/** Ids and types are text or whole numbers. */
export function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
