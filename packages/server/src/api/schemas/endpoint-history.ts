import { z } from "zod";
import { endpointEventKinds, type Actor, type EndpointEvent } from "../../domain/endpoint.ts";
import type { EndpointRevision } from "../../domain/endpoint.ts";
import type { IdCodec } from "../../domain/ids.ts";
import { showTime, timeOut } from "./common.ts";
import { endpointOutFields } from "./endpoint.ts";

const actorOut = z
  .object({
    kind: z.enum(["key", "rule"]),
    key: z.string().nullable(),
    rule: z.string().nullable(),
  })
  .meta({ id: "ActorOut", description: "The API key, or the rule, that did it." });

export const endpointEventOut = z
  .object({
    id: z.string(),
    kind: z.enum(endpointEventKinds),
    timestamp: timeOut,
    by: actorOut,
    figures: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .meta({ id: "EndpointEventOut" });

const {
  id: _id,
  createdAt: _made,
  updatedAt: _changed,
  version: _v,
  ...configFields
} = endpointOutFields;

export const endpointRevisionOut = z
  .object({
    version: z.int(),
    timestamp: timeOut,
    by: actorOut,
    deleted: z.boolean(),
    config: z
      .object({ ...configFields, headerNames: z.array(z.string()) })
      .nullable()
      .meta({ description: "`null`: the endpoint was deleted." }),
  })
  .meta({ id: "EndpointRevisionOut" });

function showActor(codec: IdCodec, by: Actor): z.output<typeof actorOut> {
  switch (by.kind) {
    case "key":
      return {
        kind: "key",
        key: by.key === null ? null : codec.format("apiKey", by.key),
        rule: null,
      };
    case "rule":
      return { kind: "rule", key: null, rule: by.rule };
  }
}

export function showEndpointEvent(
  codec: IdCodec,
  event: EndpointEvent,
): z.output<typeof endpointEventOut> {
  return {
    id: codec.format("endpointEvent", event.id),
    kind: event.kind,
    timestamp: showTime(event.at),
    by: showActor(codec, event.by),
    figures: { ...event.figures },
  };
}

export function showRevision(
  codec: IdCodec,
  revision: EndpointRevision,
): z.output<typeof endpointRevisionOut> {
  const { config } = revision;
  return {
    version: revision.version,
    timestamp: showTime(revision.at),
    by: showActor(codec, revision.by),
    deleted: config === null,
    config: config === null ? null : showConfig(config),
  };
}

function showConfig(config: NonNullable<EndpointRevision["config"]>) {
  const eventTypes = config.eventTypes === null ? null : [...config.eventTypes];
  return {
    uid: config.uid,
    url: config.url,
    description: config.description,
    disabled: config.disabled,
    paused: config.paused,
    eventTypes,
    filterTypes: eventTypes,
    channels: config.channels === null ? null : [...config.channels],
    filter: config.filter,
    throttleRate: config.throttleRate,
    rateLimit: config.throttleRate,
    metadata: { ...config.metadata },
    headerNames: [...(config.headers?.names ?? [])],
  };
}
