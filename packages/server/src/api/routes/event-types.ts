import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { EventType } from "../../domain/event-type.ts";
import type { EventTypePatch } from "../../ports/event-type-store.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { nameCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem, invalidBody } from "../problems.ts";
import { commonErrors, eventTypeName, flagQuery, listOf, nothing } from "../schemas/common.ts";
import {
  eventTypeIn,
  eventTypeOut,
  eventTypePatch,
  eventTypeUpdate,
  flagsOf,
  showEventType,
  type EventTypeFields,
} from "../schemas/event-type.ts";
import { sendJson } from "../send-json.ts";

const tags = ["Event Type"];
const params = z.object({ event_type_name: z.string() });
const response = { 200: eventTypeOut, ...commonErrors };

export function eventTypeRoutes(api: Api, context: ApiContext): void {
  addCreate(api, context);
  addList(api, context);
  addGet(api, context);
  addUpdate(api, context);
  addPatch(api, context);
  addDelete(api, context);
}

function addCreate(api: Api, context: ApiContext): void {
  api.post(
    "/event-type",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.event-type.create",
        summary: "Create an event type; one that is archived comes back",
        body: eventTypeIn,
        response: { 201: eventTypeOut, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const eventType = newEventType(context, request.body.name, request.body);
        const json = JSON.stringify(showEventType(eventType));
        const kept = remember({ kind: "body", status: 201, json });
        return create(context, eventType, reply, kept);
      }),
  );
}

function addList(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get(
    "/event-type",
    {
      config: { access: "any" },
      schema: {
        tags,
        operationId: "v1.event-type.list",
        summary: "List event types by name",
        querystring: z.strictObject({
          ...pageQuery,
          ...orderQuery,
          include_archived: flagQuery,
          with_content: flagQuery,
        }),
        response: { 200: listOf("EventTypeOut", eventTypeOut), ...commonErrors },
      },
    },
    async (request) => {
      const { include_archived: archived, with_content: withContent } = request.query;
      const page = pageOf(request.query, nameCursors, "ascending");
      const listed = await store.listEventTypes(page, { includeArchived: archived ?? false });
      return showPage(page, listed, nameCursors, {
        keyOf: (eventType) => eventType.name,
        show: (eventType) => showEventType(eventType, withContent ?? false),
      });
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get(
    "/event-type/:event_type_name",
    {
      config: { access: "any" },
      schema: {
        tags,
        operationId: "v1.event-type.get",
        summary: "Get an event type",
        params,
        response,
      },
    },
    async (request) => {
      const found = await store.findEventType(request.params.event_type_name);
      if (found === undefined) throw new ApiProblem("event_type_not_found");
      return showEventType(found);
    },
  );
}

function addUpdate(api: Api, context: ApiContext): void {
  const { store } = context;
  api.put(
    "/event-type/:event_type_name",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.event-type.update",
        summary: "Replace an event type, or create it",
        params,
        body: eventTypeUpdate,
        response: { ...response, 201: eventTypeOut },
      },
    },
    async (request, reply) => {
      const name = request.params.event_type_name;
      if (!eventTypeName.safeParse(name).success) throw new ApiProblem("event_type_not_found");
      const fresh = newEventType(context, name, request.body);
      const { name: _name, createdAt: _createdAt, updatedAt, ...patch } = fresh;
      const updated = await store.updateEventType(name, patch, updatedAt);
      if (updated !== undefined) return showEventType(updated);
      const result = await store.createEventType(fresh);
      if (result.kind === "created") return reply.code(201).send(showEventType(fresh));
      // Another request created it in between.
      const meanwhile = await store.updateEventType(name, patch, updatedAt);
      if (meanwhile === undefined) throw new ApiProblem("event_type_exists");
      return showEventType(meanwhile);
    },
  );
}

function addPatch(api: Api, context: ApiContext): void {
  const { store } = context;
  api.patch(
    "/event-type/:event_type_name",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.event-type.patch",
        summary: "Change an event type",
        params,
        body: eventTypePatch,
        response,
      },
    },
    async (request) => {
      const patch = patchOf(context, request.body);
      const name = request.params.event_type_name;
      await refuseUnenforceable(context, name, patch);
      const updated = await store.updateEventType(name, patch, context.now());
      if (updated === undefined) throw new ApiProblem("event_type_not_found");
      return showEventType(updated);
    },
  );
}

function addDelete(api: Api, context: ApiContext): void {
  const { store } = context;
  api.delete(
    "/event-type/:event_type_name",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.event-type.delete",
        summary: "Archive an event type, or remove it for good",
        params,
        querystring: z.strictObject({ expunge: flagQuery }),
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const how = { expunge: request.query.expunge ?? false, at: context.now() };
      const result = await store.deleteEventType(request.params.event_type_name, how);
      if (result === "not-found") throw new ApiProblem("event_type_not_found");
      return reply.code(204).send(null);
    },
  );
}

async function create(
  context: ApiContext,
  eventType: EventType,
  reply: FastifyReply,
  kept: Remember | undefined,
): Promise<FastifyReply> {
  const result = await context.store.createEventType(eventType, kept);
  switch (result.kind) {
    case "created":
      return sendJson(reply, 201, JSON.stringify(showEventType(eventType)));
    case "name-taken":
      throw new ApiProblem("event_type_exists");
    case "repeated":
    case "key-reused": {
      const first = repeatedBody(result);
      return sendJson(reply, first.status, first.json);
    }
  }
}

export function newEventType(
  context: ApiContext,
  name: string,
  body: EventTypeFields & { readonly description: string },
): EventType {
  const now = context.now();
  const eventType: EventType = {
    name,
    archived: false,
    deprecated: false,
    groupName: null,
    featureFlags: [],
    schemas: null,
    enforceSchema: false,
    ...patchOf(context, body),
    description: body.description,
    createdAt: now,
    updatedAt: now,
  };
  if (!isEnforceable(eventType)) throw unenforceable();
  return eventType;
}

/** A patch is judged by what it makes of the event type. */
async function refuseUnenforceable(
  context: ApiContext,
  name: string,
  patch: EventTypePatch,
): Promise<void> {
  // What it leaves alone is no reason to refuse it.
  if (patch.enforceSchema === undefined && patch.schemas === undefined) return;
  const found = await context.store.findEventType(name);
  if (found !== undefined && !isEnforceable({ ...found, ...patch })) throw unenforceable();
}

/** Without a schema nothing would be held to it, while the operator believes that it is. */
export function isEnforceable(eventType: Pick<EventType, "enforceSchema" | "schemas">): boolean {
  const { enforceSchema, schemas } = eventType;
  return !enforceSchema || (schemas !== null && schemas !== "{}");
}

function unenforceable(): Error {
  return invalidBody(
    ["enforceSchema"],
    "needs a schema to enforce: give one in schemas, or set enforceSchema to false",
  );
}

function patchOf(context: ApiContext, body: EventTypeFields): EventTypePatch {
  const { description, archived, deprecated, enforceSchema, groupName } = body;
  const featureFlags = flagsOf(body);
  return {
    ...(description === undefined ? {} : { description }),
    ...(archived === undefined ? {} : { archived }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(enforceSchema === undefined ? {} : { enforceSchema }),
    ...(groupName === undefined ? {} : { groupName }),
    ...(featureFlags === undefined ? {} : { featureFlags }),
    ...(body.schemas === undefined ? {} : { schemas: schemasText(context, body.schemas) }),
  };
}

/** A schema that could not be applied is refused here, not when a message comes. */
function schemasText(
  context: ApiContext,
  schemas: Readonly<Record<string, unknown>> | null,
): string | null {
  if (schemas === null) return null;
  for (const [version, schema] of Object.entries(schemas)) {
    const compiled = context.schemas.compile(JSON.stringify(schema));
    if (compiled.kind === "invalid-schema") {
      throw invalidBody(["schemas", version], compiled.message, "value_error.schema");
    }
  }
  return JSON.stringify(schemas);
}
