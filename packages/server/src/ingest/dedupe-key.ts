import { hash } from "node:crypto";
import type { Dedupe } from "../domain/source.ts";
import { headerOf, type Arrival } from "./arrival.ts";

/** What makes an event the same as another one of its source. */
export interface EventFacts {
  readonly eventId: string | null;
  readonly payload: object;
}

/** Hash of what makes two requests one event; `null`: the request is like no other. */
export function dedupeKeyOf(dedupe: Dedupe, arrival: Arrival, event: EventFacts): string | null {
  switch (dedupe.kind) {
    case "none":
      return null;
    case "event-id":
      return event.eventId === null ? null : hash("sha256", `id\n${event.eventId}`);
    case "fields": {
      const values = dedupe.fields.map((field) => valueAt(field, arrival, event.payload));
      if (values.includes(undefined)) return null;
      return hash("sha256", `fields\n${JSON.stringify([dedupe.fields, values])}`);
    }
  }
}

function valueAt(field: string, arrival: Arrival, payload: object): unknown {
  const [place, ...path] = field.split(".");
  if (place === "header") return headerOf(arrival.headers, path.join(".")) ?? undefined;
  let at: unknown = payload;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}
