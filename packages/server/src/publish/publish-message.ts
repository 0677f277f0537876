import type { Application } from "../domain/application.ts";
import { idTimeMs, type EndpointId, type IdSource, type MessageId } from "../domain/ids.ts";
import { judgeMatch } from "../domain/match.ts";
import type { Draft } from "../domain/draft.ts";
import type { PlanMessage, SchemaFault } from "../ports/message-planner.ts";
import type { NewMessage, PlannedDelivery } from "../ports/message-store.ts";
import type { Remember, Repeated } from "../ports/remember.ts";
import type { Store } from "../ports/store.ts";
import type { Configuration, Routes } from "./configuration.ts";
import type { SchemaCache } from "./event-schemas.ts";

export interface PublishOptions {
  /** Makes what the store keeps of an idempotency key, once the message's id is known. */
  readonly remember?: (message: MessageId) => Remember | undefined;
  /** Sends an example to this endpoint alone, whatever it subscribed to. */
  readonly only?: EndpointId;
}

export type Published =
  | { readonly kind: "published"; readonly message: NewMessage }
  | { readonly kind: "schema-violated"; readonly faults: readonly SchemaFault[] }
  | { readonly kind: "event-id-taken"; readonly by: MessageId }
  | { readonly kind: "application-not-found" }
  | Repeated;

export interface PlannerParts {
  readonly configuration: Configuration;
  readonly schemas: SchemaCache;
  readonly ids: IdSource;
}

export type PublishMessage = (
  application: Application,
  draft: Draft,
  options?: PublishOptions,
) => Promise<Published>;

const dayMs = 86_400_000;

/** Door 1: a message from the API is checked, matched, planned and stored in one commit. */
export function createPublisher(store: Pick<Store, "publish">, plan: PlanMessage): PublishMessage {
  return async (application, draft, options = {}) => {
    const planned = await plan(application, draft, options.only);
    if (planned.kind !== "planned") return planned;
    const { message, deliveries } = planned;
    const remember = options.remember?.(message.id);
    const result = await store.publish({
      message,
      deliveries,
      ...(remember === undefined ? {} : { remember }),
    });
    switch (result.kind) {
      case "published":
        return { kind: "published", message };
      case "duplicate":
        throw new Error("a message of no request was taken for another request's");
      case "application-not-found":
      case "event-id-taken":
      case "key-reused":
      case "repeated":
        return result;
    }
  };
}

/** Checks a message against its schema, matches it, and plans its deliveries; nothing is stored. */
export function createPlanner(parts: PlannerParts): PlanMessage {
  const { configuration, schemas, ids } = parts;
  return async (application, draft, only) => {
    // An example that was made out of a schema need not keep all of it.
    const schemaText =
      only === undefined ? await configuration.enforcedSchema(draft.eventType) : null;
    if (schemaText !== null) {
      const verdict = schemas.check(schemaText, draft.payload);
      // A schema that cannot be compiled was refused when it was saved.
      if (verdict.kind === "invalid-schema") throw new Error(verdict.message);
      if (verdict.kind === "invalid") return { kind: "schema-violated", faults: verdict.faults };
    }
    const routes = await configuration.routes(application.id);
    if (routes === undefined) return { kind: "application-not-found" };
    const message = messageOf(application, draft, routes.version, ids);
    const deliveries = planDeliveries(message, matched(routes, draft, only), ids);
    return { kind: "planned", message, deliveries };
  };
}

function messageOf(
  application: Application,
  draft: Draft,
  configVersion: number,
  ids: IdSource,
): NewMessage {
  const id = ids.next("message");
  // The id's own time, so that a list by time and a list by id cannot disagree.
  const createdAt = idTimeMs(id);
  return {
    id,
    application: application.id,
    partition: application.partition,
    eventType: draft.eventType,
    eventId: draft.eventId,
    channels: draft.channels,
    tags: draft.tags,
    content: draft.content,
    payloadJson: draft.payloadJson,
    createdAt,
    deliverAt: draft.deliverAt,
    expiresAt: draft.expiresAt,
    retainUntil: createdAt + Math.round(draft.retainDays * dayMs),
    configVersion,
  };
}

function matched(routes: Routes, draft: Draft, only: EndpointId | undefined): EndpointId[] {
  if (only !== undefined) return [only];
  const found: EndpointId[] = [];
  for (const { id, wants } of routes.endpoints) {
    if (judgeMatch(wants, draft).kind === "matched") found.push(id);
  }
  return found;
}

function planDeliveries(
  message: NewMessage,
  endpoints: readonly EndpointId[],
  ids: IdSource,
): readonly PlannedDelivery[] {
  const { createdAt, deliverAt } = message;
  const later = deliverAt !== null && deliverAt > createdAt;
  return endpoints.map((endpoint) => ({
    id: ids.next("delivery"),
    endpoint,
    due: later ? deliverAt : createdAt,
    rule: later ? "deliver-at" : "publish",
  }));
}
