import { z } from "zod";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { IdCodec } from "../../domain/ids.ts";
import {
  channel,
  eventTypeName,
  metadata,
  nameSet,
  showTime,
  text,
  throttleRate,
  timeOut,
  uid,
} from "./common.ts";
import { agree } from "./two-names.ts";

const url = z
  .string()
  .min(1, "must not be empty")
  .meta({ openapi: { type: "string", format: "uri" } });
const eventTypes = nameSet(eventTypeName, 0, 1000).nullable().optional();
const filter = z
  .string()
  .nullable()
  .optional()
  .meta({ description: "A filter over the payload, see docs/filters.md. Not part of Svix's API." });

const common = {
  uid: uid.nullable().optional(),
  description: text(4096).optional(),
  disabled: z.boolean().optional(),
  eventTypes,
  filterTypes: eventTypes.meta({ deprecated: true }),
  channels: nameSet(channel, 1, 10).nullable().optional(),
  filter,
  throttleRate: throttleRate.nullable().optional(),
  rateLimit: throttleRate.nullable().optional().meta({ deprecated: true }),
  metadata: metadata.optional(),
  version: z.int().min(1).nullable().optional().meta({ deprecated: true }),
};

const rates = agree("throttleRate", "rateLimit");
const types = agree("eventTypes", "filterTypes");

const headerValues = z.record(z.string(), z.string());

export const endpointIn = z
  .strictObject({
    url,
    ...common,
    secret: z
      .string()
      .nullable()
      .optional()
      .meta({ description: "`whsec_` and 24 to 75 bytes in base64, or a `whsk_` key." }),
    headers: headerValues.nullable().optional(),
  })
  .superRefine(rates)
  .superRefine(types)
  .meta({ id: "EndpointIn" });

export const endpointUpdate = z
  .strictObject({ url, ...common })
  .superRefine(rates)
  .superRefine(types)
  .meta({ id: "EndpointUpdate" });

export const endpointPatch = z
  .strictObject({ url: url.optional(), ...common })
  .superRefine(rates)
  .superRefine(types)
  .meta({ id: "EndpointPatch" });

export type EndpointUpdate = z.output<typeof endpointUpdate>;
export type EndpointPatch = z.output<typeof endpointPatch>;

export const endpointOutFields = {
  id: z.string(),
  uid: z.string().nullable(),
  url: z.string(),
  description: z.string(),
  disabled: z.boolean(),
  paused: z.boolean(),
  eventTypes: z.array(z.string()).nullable(),
  filterTypes: z.array(z.string()).nullable().meta({ deprecated: true }),
  channels: z.array(z.string()).nullable(),
  filter: z.string().nullable(),
  throttleRate: z.int().nullable(),
  rateLimit: z.int().nullable().meta({ deprecated: true }),
  metadata: z.record(z.string(), z.string()),
  version: z.int().meta({ description: "Always 1.", deprecated: true }),
  createdAt: timeOut,
  updatedAt: timeOut,
};

export const endpointOut = z.object(endpointOutFields).meta({ id: "EndpointOut" });
export type EndpointOut = z.output<typeof endpointOut>;

export function showEndpoint(codec: IdCodec, endpoint: Endpoint): EndpointOut {
  const { config } = endpoint;
  return {
    id: codec.format("endpoint", endpoint.id),
    uid: config.uid,
    url: config.url,
    description: config.description,
    disabled: config.disabled,
    paused: config.paused,
    eventTypes: copyOf(config.eventTypes),
    filterTypes: copyOf(config.eventTypes),
    channels: copyOf(config.channels),
    filter: config.filter,
    throttleRate: config.throttleRate,
    rateLimit: config.throttleRate,
    metadata: { ...config.metadata },
    version: 1,
    createdAt: showTime(endpoint.createdAt),
    updatedAt: showTime(endpoint.updatedAt),
  };
}

function copyOf(names: readonly string[] | null): string[] | null {
  return names === null ? null : [...names];
}

export const secretOut = z.object({ key: z.string() }).meta({ id: "EndpointSecretOut" });

export const rotateIn = z
  .strictObject({
    key: z.string().nullable().optional(),
    gracePeriodSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .nullable()
      .optional()
      .meta({ description: "How long the secrets so far stay in force; 86400 unless told." }),
  })
  .meta({ id: "EndpointSecretRotateIn" });

export const headersIn = z
  .strictObject({ headers: headerValues })
  .meta({ id: "EndpointHeadersIn" });

export const headersPatchIn = z
  .strictObject({
    headers: z.record(z.string(), z.string().nullable()).optional(),
    deleteHeaders: z.array(z.string()).max(100).optional(),
  })
  .meta({ id: "EndpointHeadersPatchIn" });

export const headersOut = z
  .object({ headers: headerValues, sensitive: z.array(z.string()) })
  .meta({ id: "EndpointHeadersOut" });

export const endpointStats = z
  .object({
    success: z.int(),
    pending: z.int(),
    sending: z.int(),
    fail: z.int(),
    canceled: z.int(),
  })
  .meta({ id: "EndpointStats" });
