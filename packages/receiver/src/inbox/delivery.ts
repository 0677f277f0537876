import type { Verified } from "../verdict.ts";
import { duplicateMarks } from "./deduplicate.ts";
import type { Deduplication } from "./deduplicate.ts";
import type { NewEntry } from "./entry.ts";
import { parseData } from "./event.ts";
import type { Delivery, DeliveryPart } from "./receiver-options.ts";

export interface EntryRules {
  readonly source: string;
  readonly deduplication?: Deduplication;
  readonly split?: (delivery: Delivery) => readonly DeliveryPart[];
  readonly orderBy?: (event: Delivery) => string | undefined;
  /** Whether a handler takes the type. */
  readonly has: (type: string | undefined) => boolean;
}

/** What a verified delivery puts into the inbox. Throws what `split` and `orderBy` throw. */
export async function entriesOf(
  verified: Verified,
  headers: Readonly<Record<string, string>>,
  rules: EntryRules,
): Promise<readonly NewEntry[]> {
  const { body, eventType } = verified;
  const marks = await duplicateMarks(verified, rules.deduplication);
  const { split, orderBy } = rules;
  // Parsed for those who ask only: a body of 25 MiB takes a while.
  const data =
    split === undefined && orderBy === undefined
      ? undefined
      : parseData(body, headers["content-type"]);
  const whole: Delivery = { id: marks.key, type: eventType, data, body, headers };
  if (split === undefined) return [entryOf(whole, marks.contentKey, rules)];
  return split(whole).map((part) => entryOf(deliveryOf(part, headers), undefined, rules));
}

function deliveryOf(
  { id, type, data }: DeliveryPart,
  headers: Readonly<Record<string, string>>,
): Delivery {
  const body = new TextEncoder().encode(JSON.stringify(data));
  return { id, type, data, body, headers: { ...headers, "content-type": "application/json" } };
}

function entryOf(event: Delivery, contentKey: string | undefined, rules: EntryRules): NewEntry {
  const { id: key, type, body, headers } = event;
  return {
    source: rules.source,
    key,
    contentKey,
    type,
    orderKey: rules.orderBy?.(event) || undefined,
    headers,
    body,
    state: rules.has(type) ? "open" : "ignored",
  };
}
