import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Application } from "../../domain/application.ts";
import { partitionOf } from "../../domain/partition.ts";
import { actorOf } from "../auth.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { applicationRef } from "../lookup.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem, invalidBody } from "../problems.ts";
import { sendJson } from "../send-json.ts";
import type { Api } from "../api.ts";
import {
  applicationIn,
  applicationOut,
  applicationPatch,
  showApplication,
  type ApplicationIn,
} from "../schemas/application.ts";
import { commonErrors, flagQuery, listOf, nothing, uid } from "../schemas/common.ts";
import { either } from "../schemas/two-names.ts";

const tags = ["Application"];
const params = z.object({ app_id: z.string().meta({ description: "The id or the uid." }) });

export function applicationRoutes(api: Api, context: ApiContext): void {
  addCreate(api, context);
  addList(api, context);
  addGet(api, context);
  addUpdate(api, context);
  addPatch(api, context);
  addDelete(api, context);
}

function addCreate(api: Api, context: ApiContext): void {
  const { store, codec, idempotency } = context;
  api.post(
    "/app",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.application.create",
        summary: "Create an application",
        querystring: z.strictObject({ get_if_exists: flagQuery }),
        body: applicationIn,
        response: { 200: applicationOut, 201: applicationOut, ...commonErrors },
      },
    },
    (request, reply) =>
      idempotency.run(request, async (remember) => {
        const application = newApplication(context, request.body);
        const json = JSON.stringify(showApplication(codec, application));
        const kept = remember({ kind: "body", status: 201, json });
        const result = await store.createApplication(application, kept);
        switch (result.kind) {
          case "created":
            return sendJson(reply, 201, json);
          case "uid-taken":
            if (request.query.get_if_exists !== true) throw new ApiProblem("uid_taken");
            return sendJson(reply, 200, JSON.stringify(showApplication(codec, result.by)));
          case "repeated":
          case "key-reused": {
            const { status, json: first } = repeatedBody(result);
            return sendJson(reply, status, first);
          }
        }
      }),
  );
}

function addList(api: Api, context: ApiContext): void {
  const { store, codec } = context;
  api.get(
    "/app",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.application.list",
        summary: "List applications",
        querystring: z.strictObject({ ...pageQuery, ...orderQuery }),
        response: { 200: listOf("ApplicationOut", applicationOut), ...commonErrors },
      },
    },
    async (request) => {
      const form = idCursors(codec, "application");
      const page = pageOf(request.query, form, "ascending");
      return showPage(page, await store.listApplications(page), form, {
        keyOf: (application) => application.id,
        show: (application) => showApplication(codec, application),
      });
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  const { codec, lookup } = context;
  api.get(
    "/app/:app_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.application.get",
        summary: "Get an application",
        params,
        response: { 200: applicationOut, ...commonErrors },
      },
    },
    async (request) =>
      showApplication(codec, await lookup.application(request, request.params.app_id)),
  );
}

function addUpdate(api: Api, context: ApiContext): void {
  const { codec } = context;
  const response = { 200: applicationOut, ...commonErrors };
  api.put(
    "/app/:app_id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.application.update",
        summary: "Replace an application, or create it",
        params,
        body: applicationIn,
        response: { ...response, 201: applicationOut },
      },
    },
    async (request, reply) => {
      const { body, params } = request;
      const found = await context.configuration.application(applicationRef(codec, params.app_id));
      if (found === undefined) return createAt(context, params.app_id, body, reply);
      return replace(context, found, body);
    },
  );
}

function addPatch(api: Api, context: ApiContext): void {
  const { lookup } = context;
  const response = { 200: applicationOut, ...commonErrors };
  api.patch(
    "/app/:app_id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.application.patch",
        summary: "Change an application",
        params,
        body: applicationPatch,
        response,
      },
    },
    async (request) => {
      const found = await lookup.application(request, request.params.app_id);
      const { name, metadata, throttleRate, rateLimit, uid } = request.body;
      const rate = either(throttleRate, rateLimit);
      return update(context, found, {
        ...(name === undefined ? {} : { name }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(rate === undefined ? {} : { throttleRate: rate }),
        ...uidOf({ uid }),
      });
    },
  );
}

function addDelete(api: Api, context: ApiContext): void {
  const { store, lookup } = context;
  api.delete(
    "/app/:app_id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.application.delete",
        summary: "Delete an application with its endpoints",
        params,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const found = await lookup.application(request, request.params.app_id);
      const result = await store.deleteApplication(found.id, actorOf(request), context.now());
      if (result === "not-found") throw new ApiProblem("application_not_found");
      return reply.code(204).send(null);
    },
  );
}

/** The store's creation is what decides: of two requests at once, one creates and both agree. */
async function createAt(
  context: ApiContext,
  name: string,
  body: ApplicationIn,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const application = newApplication(context, {
    ...body,
    uid: body.uid ?? uidFromPath(context, name),
  });
  const result = await context.store.createApplication(application);
  if (result.kind !== "uid-taken") {
    return reply.code(201).send(showApplication(context.codec, application));
  }
  if (result.by.uid !== name) throw new ApiProblem("uid_taken");
  return reply.send(await replace(context, result.by, body));
}

function replace(context: ApiContext, application: Application, body: ApplicationIn) {
  const { name, metadata = {}, ...rest } = body;
  const throttleRate = either(rest.throttleRate, rest.rateLimit) ?? null;
  return update(context, application, { name, metadata, throttleRate, ...uidOf(rest) });
}

/** An id that is not known cannot be created under; anything else is a uid, if it may be one. */
export function uidFromPath(context: ApiContext, name: string): string {
  if (context.codec.parse("application", name) !== undefined || !uid.safeParse(name).success) {
    throw new ApiProblem("application_not_found");
  }
  return name;
}

async function update(
  context: ApiContext,
  application: Application,
  patch: Parameters<ApiContext["store"]["updateApplication"]>[1],
) {
  refuseIdAsUid(context, patch.uid);
  const result = await context.store.updateApplication(application.id, patch, context.now());
  switch (result.kind) {
    case "updated":
      return showApplication(context.codec, result.application);
    case "uid-taken":
      throw new ApiProblem("uid_taken");
    case "not-found":
      throw new ApiProblem("application_not_found");
  }
}

function uidOf(body: { readonly uid?: string | null | undefined }): { uid?: string | null } {
  return body.uid === undefined ? {} : { uid: body.uid };
}

export function newApplication(context: ApiContext, body: ApplicationIn): Application {
  refuseIdAsUid(context, body.uid);
  const id = context.ids.next("application");
  const now = context.now();
  return {
    id,
    partition: partitionOf(id, context.partitions),
    uid: body.uid ?? null,
    name: body.name,
    throttleRate: either(body.throttleRate, body.rateLimit) ?? null,
    metadata: body.metadata ?? {},
    createdAt: now,
    updatedAt: now,
  };
}

/** A path could not tell such a uid from the id. */
function refuseIdAsUid(context: ApiContext, uid: string | null | undefined): void {
  if (uid == null || context.codec.parse("application", uid) === undefined) return;
  throw invalidBody(["uid"], "must not have the form of an application's id");
}
