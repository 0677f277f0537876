import { dueRules } from "../../domain/delivery.ts";
import type { PlannedDelivery, Publication } from "../../ports/message-store.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Packer, Unpacker } from "../sql/packing.ts";
import { packContent, unpackContent } from "../sql/wire-delivery.ts";
import { packReception, unpackReception } from "./wire-reception.ts";

export function packPublication(to: Packer, publication: Publication): void {
  const { deliveries, message, reception, remember } = publication;
  to.number(message.id);
  to.number(message.application);
  to.number(message.partition);
  to.text(message.eventType);
  to.maybeText(message.eventId);
  to.list(message.channels, (channel) => to.text(channel));
  to.list(message.tags, (tag) => to.text(tag));
  packContent(to, message.content);
  to.maybeText(message.payloadJson);
  to.number(message.createdAt);
  to.maybeNumber(message.deliverAt);
  to.maybeNumber(message.expiresAt);
  to.number(message.retainUntil);
  to.number(message.configVersion);
  to.list(deliveries, (planned) => packPlanned(to, planned));
  to.flag(remember !== undefined);
  if (remember !== undefined) packRemember(to, remember);
  to.flag(reception !== undefined);
  if (reception !== undefined) packReception(to, reception);
}

export function unpackPublication(from: Unpacker): Publication {
  const message = {
    id: from.id("message"),
    application: from.id("application"),
    partition: from.number(),
    eventType: from.text(),
    eventId: from.maybeText(),
    channels: from.list(() => from.text()),
    tags: from.list(() => from.text()),
    content: unpackContent(from),
    payloadJson: from.maybeText(),
    createdAt: from.number(),
    deliverAt: from.maybeNumber(),
    expiresAt: from.maybeNumber(),
    retainUntil: from.number(),
    configVersion: from.number(),
  };
  const deliveries = from.list(() => unpackPlanned(from));
  const remember = from.flag() ? unpackRemember(from) : undefined;
  const reception = from.flag() ? unpackReception(from) : undefined;
  return {
    message,
    deliveries,
    ...(remember === undefined ? {} : { remember }),
    ...(reception === undefined ? {} : { reception }),
  };
}

function packPlanned(to: Packer, { due, endpoint, id, rule }: PlannedDelivery): void {
  to.number(id);
  to.number(endpoint);
  to.number(due);
  to.oneOf(dueRules, rule);
}

function unpackPlanned(from: Unpacker): PlannedDelivery {
  return {
    id: from.id("delivery"),
    endpoint: from.id("endpoint"),
    due: from.number(),
    rule: from.oneOf(dueRules),
  };
}

function packRemember(to: Packer, { answer, expiresAt, keyHash, requestHash }: Remember): void {
  to.text(keyHash);
  to.text(requestHash);
  to.number(expiresAt);
  to.number(answer.status);
  to.flag(answer.kind === "message");
  if (answer.kind === "message") to.number(answer.message);
  else to.maybeText(answer.json);
}

function unpackRemember(from: Unpacker): Remember {
  const remember = { keyHash: from.text(), requestHash: from.text(), expiresAt: from.number() };
  const status = from.number();
  const answer: Remember["answer"] = from.flag()
    ? { kind: "message", status, message: from.id("message") }
    : { kind: "body", status, json: from.maybeText() };
  return { ...remember, answer };
}
