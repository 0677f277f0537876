import { z } from "zod";
import type { EventType } from "../../domain/event-type.ts";
import { readEventTypes } from "../../operate/openapi-event-types.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { InvalidRequest, invalidBody } from "../problems.ts";
import { commonErrors, eventTypeName } from "../schemas/common.ts";
import { eventTypeIn, eventTypeOut } from "../schemas/event-type.ts";
import { refuseOddities } from "../validation.ts";
import { isEnforceable, newEventType } from "./event-types.ts";

const importIn = z
  .strictObject({
    spec: z
      .record(z.string(), z.unknown())
      .nullable()
      .optional()
      .meta({ description: "An OpenAPI document with `webhooks` or `x-webhooks`." }),
    specRaw: z.string().nullable().optional().meta({ description: "The same as JSON text." }),
    dryRun: z.boolean().optional(),
    replaceAll: z
      .boolean()
      .optional()
      .meta({ description: "Archive the event types that the document does not have." }),
  })
  .meta({ id: "EventTypeImportOpenApiIn" });

const fromOpenApi = eventTypeOut
  .pick({
    name: true,
    description: true,
    deprecated: true,
    schemas: true,
    groupName: true,
    featureFlags: true,
    featureFlag: true,
  })
  .meta({ id: "EventTypeFromOpenApi" });

const importOut = z
  .object({
    data: z.object({ modified: z.array(z.string()), to_modify: z.array(fromOpenApi).nullable() }),
  })
  .meta({ id: "EventTypeImportOpenApiOut" });

export function eventTypeImportRoutes(api: Api, context: ApiContext): void {
  api.post(
    "/event-type/import/openapi",
    {
      config: { access: "admin" },
      schema: {
        tags: ["Event Type"],
        operationId: "v1.event-type.import-openapi",
        summary: "Create or replace event types out of an OpenAPI document's webhooks",
        body: importIn,
        response: { 200: importOut, ...commonErrors },
      },
    },
    async (request) => {
      const { spec, specRaw, dryRun, replaceAll } = request.body;
      const described = readEventTypes(documentOf(spec ?? undefined, specRaw ?? undefined));
      if (described.length === 0) throw nothingToImport(specRaw ?? undefined);
      for (const each of described) refuseUnfit(each);
      const fresh = described.map((each) => newEventType(context, each.name, each));
      for (const each of fresh) await refuseUnenforceable(context, each);
      const modified = fresh.map((each) => each.name);
      if (dryRun === true) return { data: { modified, to_modify: described.map(showDescribed) } };
      for (const eventType of fresh) await save(context, eventType);
      if (replaceAll === true) await archiveOthers(context, new Set(modified));
      return { data: { modified, to_modify: null } };
    },
  );
}

function documentOf(spec: unknown, specRaw: string | undefined): unknown {
  if ((spec === undefined) === (specRaw === undefined)) {
    throw invalidBody([], "needs spec or specRaw, and only one of them");
  }
  if (specRaw === undefined) return spec;
  try {
    const parsed: unknown = JSON.parse(specRaw);
    refuseOddities({ spec: parsed });
    return parsed;
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    // The parser's message would quote the document.
    throw invalidBody(["specRaw"], "is not JSON; a document in YAML has to be converted first");
  }
}

/** It is rather a wrong document than a wish to do nothing, or with `replaceAll` to archive all. */
function nothingToImport(specRaw: string | undefined): Error {
  return invalidBody(
    [specRaw === undefined ? "spec" : "specRaw"],
    "has nothing to import: it needs webhooks or x-webhooks with a post or put operation each",
  );
}

/** A document does not say whether a schema is enforced, so what is set here stays. */
async function refuseUnenforceable(context: ApiContext, fresh: EventType): Promise<void> {
  const { name, schemas } = fresh;
  const found = schemas === null ? await context.store.findEventType(name) : undefined;
  if (found === undefined || isEnforceable({ ...found, schemas })) return;
  throw invalidBody(
    ["spec"],
    `${name} has no schema there, while its schema is enforced: add one, or set enforceSchema to false`,
  );
}

/** What could not be written by the other routes is not taken out of a document, either. */
function refuseUnfit(described: ReturnType<typeof readEventTypes>[number]): void {
  if (!eventTypeName.safeParse(described.name).success) {
    throw invalidBody(["spec"], "a webhook's name is no name for an event type");
  }
  const [issue] = eventTypeIn.safeParse(described).error?.issues ?? [];
  if (issue === undefined) return;
  const [field] = issue.path;
  throw invalidBody(["spec"], `the ${String(field)} of ${described.name}: ${issue.message}`);
}

function showDescribed(each: ReturnType<typeof readEventTypes>[number]) {
  const { name, description, deprecated, schemas, groupName } = each;
  return {
    name,
    description,
    deprecated,
    schemas,
    groupName,
    featureFlags: null,
    featureFlag: null,
  };
}

async function save(context: ApiContext, eventType: EventType): Promise<void> {
  const { name, description, deprecated, schemas, groupName, updatedAt } = eventType;
  const patch = { description, deprecated, schemas, groupName, archived: false };
  const updated = await context.store.updateEventType(name, patch, updatedAt);
  if (updated === undefined) await context.store.createEventType(eventType);
}

async function archiveOthers(context: ApiContext, kept: ReadonlySet<string>): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const from = after === undefined ? {} : { from: { key: after, side: "after" as const } };
    const page = await context.store.listEventTypes(
      { limit: 250, order: "ascending", ...from },
      { includeArchived: false },
    );
    for (const { name } of page.items) {
      if (!kept.has(name)) {
        await context.store.deleteEventType(name, { expunge: false, at: context.now() });
      }
      after = name;
    }
    if (page.done || page.items.length === 0) return;
  }
}
