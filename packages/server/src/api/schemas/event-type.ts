import { z } from "zod";
import type { EventType } from "../../domain/event-type.ts";
import {
  eventTypeName,
  featureFlag,
  groupName,
  nameSet,
  showTime,
  text,
  timeOut,
} from "./common.ts";

const schemas = z
  .record(z.string().regex(/^\d{1,6}$/, "versions are whole numbers"), z.unknown())
  .nullable()
  .optional()
  .meta({ description: "JSON Schemas by version; the greatest is in force." });

const fields = {
  archived: z.boolean().optional(),
  deprecated: z.boolean().optional(),
  schemas,
  enforceSchema: z
    .boolean()
    .optional()
    .meta({ description: "Refuse messages that do not keep the schema. Not part of Svix's API." }),
  groupName: groupName.nullable().optional(),
  featureFlags: nameSet(featureFlag, 0, 100).nullable().optional(),
  featureFlag: featureFlag.nullable().optional().meta({ deprecated: true }),
};

const description = text(4096);

/** The old name holds one flag, the new one a list: they agree when the list is that flag. */
function flagsAgree(
  value: {
    readonly featureFlags?: string[] | null | undefined;
    readonly featureFlag?: string | null | undefined;
  },
  context: z.core.$RefinementCtx,
): void {
  const { featureFlags, featureFlag: older } = value;
  if (older === undefined || featureFlags === undefined) return;
  const flags = featureFlags ?? [];
  if (older === null ? flags.length === 0 : flags.length === 1 && flags[0] === older) return;
  context.addIssue({
    code: "custom",
    path: ["featureFlag"],
    message: "is the old name of featureFlags, and differs from it: send one of them",
  });
}

export const eventTypeIn = z
  .strictObject({ name: eventTypeName, description, ...fields })
  .superRefine(flagsAgree)
  .meta({ id: "EventTypeIn" });

export const eventTypeUpdate = z
  .strictObject({ description, ...fields })
  .superRefine(flagsAgree)
  .meta({ id: "EventTypeUpdate" });

export const eventTypePatch = z
  .strictObject({ description: description.optional(), ...fields })
  .superRefine(flagsAgree)
  .meta({ id: "EventTypePatch" });

export type EventTypeFields = z.output<typeof eventTypePatch>;

export const eventTypeOut = z
  .object({
    name: z.string(),
    description: z.string(),
    archived: z.boolean(),
    deprecated: z.boolean(),
    schemas: z.record(z.string(), z.unknown()).nullable(),
    enforceSchema: z.boolean(),
    groupName: z.string().nullable(),
    featureFlags: z.array(z.string()).nullable(),
    featureFlag: z.string().nullable().meta({ deprecated: true }),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "EventTypeOut" });
export type EventTypeOut = z.output<typeof eventTypeOut>;

export function showEventType(eventType: EventType, withContent = true): EventTypeOut {
  const { name, description, archived, deprecated, groupName, featureFlags } = eventType;
  return {
    name,
    description,
    archived,
    deprecated,
    schemas: withContent ? parsedSchemas(eventType.schemas) : null,
    enforceSchema: eventType.enforceSchema,
    groupName,
    featureFlags: featureFlags.length === 0 ? null : [...featureFlags],
    featureFlag: featureFlags[0] ?? null,
    createdAt: showTime(eventType.createdAt),
    updatedAt: showTime(eventType.updatedAt),
  };
}

function parsedSchemas(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

/** The flags that were given under either name; `undefined`: neither was. */
export function flagsOf(body: EventTypeFields): readonly string[] | undefined {
  if (body.featureFlags !== undefined) return body.featureFlags ?? [];
  if (body.featureFlag === undefined) return undefined;
  return body.featureFlag === null ? [] : [body.featureFlag];
}
