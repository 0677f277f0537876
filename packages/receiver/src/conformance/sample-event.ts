import { utf8, utf8Text } from "../bytes.ts";
import { parseJson, textAt } from "../event-places.ts";
import type { Place, Scheme } from "../scheme.ts";
import { providerBodies } from "./provider-bodies.ts";
import type { SampleFacts } from "./provider-bodies.ts";

/** An event before it is signed. */
export interface SampleEvent {
  readonly id: string;
  readonly type: string | undefined;
  readonly body: Uint8Array;
  readonly atMs: number;
}

/** An event of the caller's own, instead of a made-up one. */
export interface GivenEvent {
  readonly body: Uint8Array;
  /** Where the scheme sends it in a header. */
  readonly type: string | undefined;
}

/**
 * An event of that scheme with an id of its own. The id is set in a given body, too, when it is found there; its
 * other bytes stay.
 */
export function makeEvent(
  scheme: Scheme,
  given: GivenEvent | undefined,
  facts: SampleFacts,
): SampleEvent {
  if (given !== undefined) {
    const body = withId(given.body, scheme.event.id, facts.id);
    return { id: facts.id, type: given.type, body, atMs: facts.atMs };
  }
  const own = providerBodies[scheme.name];
  const text = own === undefined ? commonBody(scheme, facts) : own(facts);
  return { ...facts, body: utf8(text) };
}

/** The same event with another type; undefined where the type stands in no place that can be written. */
export function withType(
  scheme: Scheme,
  event: SampleEvent,
  type: string,
): SampleEvent | undefined {
  const place = leadingPlace(scheme.event.type);
  if (place === undefined) return undefined;
  if ("header" in place) return { ...event, type };
  const body = replaceAt(event.body, place.json, type);
  return body === undefined ? undefined : { ...event, type, body };
}

function commonBody(scheme: Scheme, facts: SampleFacts): string {
  const places = [
    ...pathsOf(scheme.event.id).map((path) => [path, facts.id] as const),
    ...pathsOf(scheme.event.type).map((path) => [path, facts.type] as const),
  ];
  const isList = places.some(([path]) => path.startsWith("0."));
  const details = { amount: 4900, currency: "EUR", sentAtMs: facts.atMs };
  const body: object = isList ? [{ ...details }] : { posthornCheck: details };
  for (const [path, value] of places) setAt(body, path.split("."), value);
  return JSON.stringify(body);
}

/** The JSON paths that a place is read from. */
function pathsOf(place: Place | undefined): readonly string[] {
  if (place === undefined) return [];
  if ("json" in place) return [place.json];
  if ("join" in place) return place.join.flatMap(pathsOf);
  return "first" in place ? pathsOf(place.first[0]) : [];
}

function setAt(target: object, [name = "", ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    Reflect.set(target, name, value);
    return;
  }
  const inner: unknown = Reflect.get(target, name);
  const next = typeof inner === "object" && inner !== null ? inner : containerFor(rest);
  Reflect.set(target, name, next);
  setAt(next, rest, value);
}

function containerFor([name = ""]: readonly string[]): object {
  return /^\d+$/.test(name) ? [] : {};
}

type WritablePlace = Extract<Place, { readonly header: string } | { readonly json: string }>;

function leadingPlace(place: Place | undefined): WritablePlace | undefined {
  if (place === undefined) return undefined;
  if ("header" in place || "json" in place) return place;
  return "first" in place ? leadingPlace(place.first[0]) : undefined;
}

function withId(body: Uint8Array, place: Place | undefined, id: string): Uint8Array {
  const written = leadingPlace(place);
  if (written === undefined || "header" in written) return body;
  return replaceAt(body, written.json, id) ?? body;
}

/** Replaces a text in a JSON body and no byte beside it; undefined when that cannot be done. */
function replaceAt(body: Uint8Array, path: string, value: string): Uint8Array | undefined {
  const text = utf8Text(body);
  const before = text === undefined ? undefined : textAt(parseJson(text), path);
  if (text === undefined || before === undefined) return undefined;
  const name = JSON.stringify(path.split(".").at(-1) ?? "");
  const shown = JSON.stringify(before);
  let at = text.indexOf(name);
  while (at >= 0) {
    const [lead = ""] = /^\s*:\s*/.exec(text.slice(at + name.length)) ?? [];
    const start = at + name.length + lead.length;
    if (lead !== "" && text.startsWith(shown, start)) {
      const changed =
        text.slice(0, start) + JSON.stringify(value) + text.slice(start + shown.length);
      if (textAt(parseJson(changed), path) === value) return utf8(changed);
    }
    at = text.indexOf(name, at + 1);
  }
  return undefined;
}
