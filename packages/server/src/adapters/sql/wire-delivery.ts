import { dueRules } from "../../domain/delivery.ts";
import type { MessageContent } from "../../domain/message.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import { Packer, Unpacker, type Packed } from "./packing.ts";

export function packContent(to: Packer, content: MessageContent): void {
  const { body, contentType, headers, source } = content;
  to.bytes(body);
  to.maybeText(contentType);
  to.maybeText(isEmpty(headers) ? null : JSON.stringify(headers));
  to.maybeNumber(source);
}

export function unpackContent(from: Unpacker): MessageContent {
  const body = from.bytes();
  const contentType = from.maybeText();
  const headersJson = from.maybeText();
  const headers: MessageContent["headers"] = headersJson === null ? {} : JSON.parse(headersJson);
  const source = from.maybeId("source");
  const content = { body, contentType, headers };
  return source === null ? content : { ...content, source };
}

const packer = new Packer();

/** Deliveries of one message share its content here, and on the other side. */
export function packDeliveries(deliveries: readonly QueuedDelivery[]): Packed {
  const places = new Map<MessageContent, number>();
  packer.number(deliveries.length);
  for (const delivery of deliveries) {
    packer.number(delivery.id);
    packer.number(delivery.application);
    packer.number(delivery.endpoint);
    packer.number(delivery.message);
    packer.number(delivery.due);
    packer.oneOf(dueRules, delivery.rule);
    packer.number(delivery.attempts);
    packer.maybeNumber(delivery.resendOf);
    packer.maybeNumber(delivery.expiresAt);
    packPlace(places, delivery.content);
  }
  return packer.take();
}

/** A content follows where its place is new. */
function packPlace(places: Map<MessageContent, number>, content: MessageContent | null): void {
  const known = content === null ? undefined : places.get(content);
  packer.maybeNumber(content === null ? null : (known ?? places.size));
  if (content === null || known !== undefined) return;
  places.set(content, places.size);
  packContent(packer, content);
}

export function unpackDeliveries(packed: Packed): readonly QueuedDelivery[] {
  const from = new Unpacker(packed);
  const contents: MessageContent[] = [];
  return from.list(() => unpackDelivery(from, contents));
}

function unpackDelivery(from: Unpacker, contents: MessageContent[]): QueuedDelivery {
  return {
    id: from.id("delivery"),
    application: from.id("application"),
    endpoint: from.id("endpoint"),
    message: from.id("message"),
    due: from.number(),
    rule: from.oneOf(dueRules),
    attempts: from.number(),
    resendOf: from.maybeId("delivery"),
    expiresAt: from.maybeNumber(),
    content: unpackPlace(from, contents),
  };
}

function unpackPlace(from: Unpacker, contents: MessageContent[]): MessageContent | null {
  const place = from.maybeNumber();
  if (place === null) return null;
  const content = contents[place] ?? unpackContent(from);
  contents[place] = content;
  return content;
}

function isEmpty(record: object): boolean {
  for (const _name in record) return false;
  return true;
}
