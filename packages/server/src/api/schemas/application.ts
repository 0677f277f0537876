import { z } from "zod";
import type { Application } from "../../domain/application.ts";
import type { IdCodec } from "../../domain/ids.ts";
import { agree } from "./two-names.ts";
import { metadata, showTime, text, throttleRate, timeOut, uid } from "./common.ts";

const fields = {
  uid: uid.nullable().optional(),
  throttleRate: throttleRate.nullable().optional(),
  rateLimit: throttleRate.nullable().optional().meta({ deprecated: true }),
  metadata: metadata.optional(),
};

const applicationName = text(256).min(1, "must not be empty");

export const applicationIn = z
  .strictObject({ name: applicationName, ...fields })
  .superRefine(agree("throttleRate", "rateLimit"))
  .meta({ id: "ApplicationIn" });
export type ApplicationIn = z.output<typeof applicationIn>;

export const applicationPatch = z
  .strictObject({ name: applicationName.optional(), ...fields })
  .superRefine(agree("throttleRate", "rateLimit"))
  .meta({ id: "ApplicationPatch" });

export const applicationOut = z
  .object({
    id: z.string(),
    uid: z.string().nullable(),
    name: z.string(),
    throttleRate: z.int().nullable(),
    rateLimit: z.int().nullable().meta({ deprecated: true }),
    metadata: z.record(z.string(), z.string()),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "ApplicationOut" });
export type ApplicationOut = z.output<typeof applicationOut>;

export function showApplication(codec: IdCodec, application: Application): ApplicationOut {
  const { id, uid, name, throttleRate, metadata } = application;
  return {
    id: codec.format("application", id),
    uid,
    name,
    throttleRate,
    rateLimit: throttleRate,
    metadata,
    createdAt: showTime(application.createdAt),
    updatedAt: showTime(application.updatedAt),
  };
}
