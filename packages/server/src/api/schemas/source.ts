import { z } from "zod";
import type { Scheme } from "@posthorn/receiver";
import type { IdCodec } from "../../domain/ids.ts";
import { secretsInForce, type Dedupe, type Source } from "../../domain/source.ts";
import { metadata, showTime, showTimeOrNull, text, throttleRate, timeOut } from "./common.ts";

const daySeconds = 86_400;
const windowSeconds = z
  .int()
  .min(1, "must be 1 or more")
  .max(90 * daySeconds, "must be 7776000 (90 days) or less")
  .meta({ description: "How long an event is known again. 259200 (3 days) unless told." });
const field = z
  .string()
  .max(512, "must have at most 512 characters")
  .regex(
    /^(?:body(?:\.[^.\s]+)+|header\.[a-zA-Z0-9!#$%&'*+.^_`|~-]+)$/,
    "names a place such as body.data.id or header.x-delivery",
  );

const dedupeIn = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("event-id"), windowSeconds: windowSeconds.optional() }),
    z.strictObject({
      kind: z.literal("fields"),
      fields: z.array(field).min(1, "needs one at least").max(10, "takes 10 at most"),
      windowSeconds: windowSeconds.optional(),
    }),
    z.strictObject({ kind: z.literal("none") }),
  ])
  .meta({ id: "SourceDedupeIn" });
export type DedupeIn = z.output<typeof dedupeIn>;

const secretText = z
  .string()
  .min(1, "must not be empty")
  .max(16_384, "must have at most 16384 characters")
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");

const schemeConfig = z
  .record(text(256), text(8192))
  .refine((value) => Object.keys(value).length <= 50, "takes 50 keys at most");
const forwarding = z.enum(["as-received", "resign"]).meta({
  description:
    "`resign`: signed anew in the provider's scheme at each attempt, so that late ones are not too old.",
});

const changeable = {
  name: text(256).min(1, "must not be empty"),
  scheme: z.string().max(256).meta({ description: "The provider, see GET /api/v1/source-scheme." }),
  schemeConfig: schemeConfig.optional(),
  throttleRate: throttleRate.nullable().optional(),
  maxBodyBytes: z
    .int()
    .min(1, "must be 1 or more")
    .max(32 * 2 ** 20, "must be 33554432 or less")
    .nullable()
    .optional()
    .meta({ description: "The largest body; the server's limit unless told." }),
  toleranceSeconds: z
    .int()
    .min(1, "must be 1 or more")
    .max(90 * daySeconds, "must be 7776000 or less")
    .nullable()
    .optional()
    .meta({ description: "How old or new a signed time may be; the scheme's own unless told." }),
  dedupe: dedupeIn.optional(),
  forwarding: forwarding.optional(),
  metadata: metadata.optional(),
};

export const sourceIn = z
  .strictObject({
    applicationId: z.string().meta({ description: "The id or the uid." }),
    ...changeable,
    secret: secretText
      .nullable()
      .optional()
      .meta({ description: "What the provider signs with; it can be given later, too." }),
  })
  .meta({ id: "SourceIn" });
export type SourceIn = z.output<typeof sourceIn>;

export const sourcePatch = z
  .strictObject({
    ...changeable,
    name: changeable.name.optional(),
    scheme: changeable.scheme.optional(),
  })
  .meta({ id: "SourcePatch" });
export type SourcePatch = z.output<typeof sourcePatch>;

export const sourceOut = z
  .object({
    id: z.string(),
    applicationId: z.string(),
    name: z.string(),
    url: z
      .string()
      .meta({ description: "Where the provider sends to: a secret, its token is in it." }),
    scheme: z.string(),
    schemeConfig: z.record(z.string(), z.string()),
    paused: z.boolean(),
    throttleRate: z.int().nullable(),
    maxBodyBytes: z.int().nullable(),
    toleranceSeconds: z.int().nullable(),
    dedupe: z.object({
      kind: z.enum(["event-id", "fields", "none"]),
      fields: z.array(z.string()).optional(),
      windowSeconds: z.int().optional(),
    }),
    forwarding,
    metadata: z.record(z.string(), z.string()),
    secrets: z
      .array(z.object({ createdAt: timeOut, expiresAt: timeOut.nullable() }))
      .meta({ description: "Those in force, the newest first, without their texts." }),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "SourceOut" });
export type SourceOut = z.output<typeof sourceOut>;

export const sourceSecretOut = z
  .object({ key: z.string().nullable() })
  .meta({ id: "SourceSecretOut" });

const grace = z
  .int()
  .min(0)
  .max(604_800)
  .nullable()
  .optional()
  .meta({ description: "How long what was in force stays so; 86400 unless told." });

export const sourceSecretRotateIn = z
  .strictObject({ key: secretText, gracePeriodSeconds: grace })
  .meta({ id: "SourceSecretRotateIn" });

export const sourceTokenRotateIn = z
  .strictObject({ gracePeriodSeconds: grace })
  .meta({ id: "SourceTokenRotateIn" });

export const schemeOut = z
  .object({
    name: z.string(),
    title: z.string(),
    docs: z.string(),
    config: z.array(z.object({ name: z.string(), required: z.boolean(), what: z.string() })),
    toleranceSeconds: z.number().nullable(),
    answerWithinMs: z.int().nullable(),
    retries: z.string().nullable(),
    signsBody: z.boolean(),
    fetchesKey: z.boolean().meta({
      description: "Each request names its certificate, which is fetched: no secret is needed.",
    }),
    unconfirmed: z
      .array(z.string())
      .meta({ description: "Facts that were not confirmed with the service or its library." }),
  })
  .meta({ id: "SourceSchemeOut" });

export const schemeList = z
  .object({ data: z.array(schemeOut) })
  .meta({ id: "SourceSchemeListOut" });

/** `url` is where the provider sends to, its newest token in it. */
export function showSource(codec: IdCodec, source: Source, url: string, now: number): SourceOut {
  const { config } = source;
  return {
    id: codec.format("source", source.id),
    applicationId: codec.format("application", source.application),
    name: config.name,
    url,
    scheme: config.scheme,
    schemeConfig: { ...config.schemeConfig },
    paused: config.paused,
    throttleRate: config.throttleRate,
    maxBodyBytes: config.maxBodyBytes,
    toleranceSeconds: config.toleranceSeconds,
    dedupe: showDedupe(config.dedupe),
    forwarding: config.forwarding,
    metadata: { ...config.metadata },
    secrets: secretsInForce(source.secrets, now).map(({ createdAt, expiresAt }) => ({
      createdAt: showTime(createdAt),
      expiresAt: showTimeOrNull(expiresAt),
    })),
    createdAt: showTime(source.createdAt),
    updatedAt: showTime(source.updatedAt),
  };
}

function showDedupe(dedupe: Dedupe): SourceOut["dedupe"] {
  return dedupe.kind === "fields" ? { ...dedupe, fields: [...dedupe.fields] } : { ...dedupe };
}

export function showScheme(scheme: Scheme): z.output<typeof schemeOut> {
  const { answerWithinMs, certificateUrl, check, config, defaultToleranceSeconds, docs } = scheme;
  const { name, retries, title, unconfirmed } = scheme;
  return {
    name,
    title,
    docs,
    config: (config ?? []).map((each) => ({ ...each })),
    toleranceSeconds: Number.isFinite(defaultToleranceSeconds) ? defaultToleranceSeconds : null,
    answerWithinMs: answerWithinMs ?? null,
    retries: retries ?? null,
    signsBody: check.coversBody,
    fetchesKey: certificateUrl !== undefined,
    unconfirmed: [...(unconfirmed ?? [])],
  };
}
