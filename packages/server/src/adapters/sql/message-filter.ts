import { firstIdAt, type MessageId } from "../../domain/ids.ts";
import type { MessageFilter } from "../../ports/message-store.ts";
import { textToList, type JsonText } from "./json.ts";
import { firstId, lastId } from "./keyed-rows.ts";

/** What filters look at, as the row has it. */
export interface MessageMeta {
  readonly id: MessageId;
  readonly event_type: string;
  readonly channels: JsonText<readonly string[]> | null;
  readonly tags: JsonText<readonly string[]> | null;
  readonly created_at: number;
}

export function isFiltering(filter: MessageFilter): boolean {
  const { after, before, channel, eventTypes, tag } = filter;
  return [after, before, channel, eventTypes, tag].some((value) => value !== undefined);
}

export function matchesMessage(filter: MessageFilter, meta: MessageMeta): boolean {
  return (
    isBetween(filter, meta.created_at) &&
    (filter.eventTypes === undefined || filter.eventTypes.includes(meta.event_type)) &&
    (filter.channel === undefined || textToList(meta.channels).includes(filter.channel)) &&
    (filter.tag === undefined || textToList(meta.tags).includes(filter.tag))
  );
}

export function isBetween(filter: MessageFilter, timeMs: number): boolean {
  const { after, before } = filter;
  return (after === undefined || timeMs > after) && (before === undefined || timeMs < before);
}

/** Ids follow the time, but run ahead of it under load or after the clock was set back. */
const slackMs = 86_400_000;

/** The ids that can have times between `after` and `before`, so that a read can skip the others. */
export function idBounds(filter: MessageFilter) {
  const { after, before } = filter;
  const above = after === undefined ? firstId : firstIdAt(after - slackMs) - 1;
  const below = before === undefined ? lastId : firstIdAt(before + slackMs);
  return {
    above,
    aboveOr: (bound: number | undefined) => Math.max(above, bound ?? above),
    below: (bound: number | undefined) => Math.min(below, bound ?? below),
  };
}
