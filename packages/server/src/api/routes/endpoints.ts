import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Application } from "../../domain/application.ts";
import type { Actor, Endpoint, EndpointConfig } from "../../domain/endpoint.ts";
import { makeEndpointSecret, parseEndpointSecret } from "../../operate/endpoint-secret.ts";
import type { NewEndpoint } from "../../ports/endpoint-store.ts";
import type { Remember } from "../../ports/remember.ts";
import { actorOf } from "../auth.ts";
import type { ApiContext } from "../context.ts";
import { checkedHeaders, configOf, replacementOf } from "../endpoint-config.ts";
import { repeatedBody } from "../idempotency.ts";
import { endpointRef } from "../lookup.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem, invalidBody } from "../problems.ts";
import { commonErrors, listOf, nothing, uid } from "../schemas/common.ts";
import {
  endpointIn,
  endpointOut,
  endpointPatch,
  endpointUpdate,
  showEndpoint,
} from "../schemas/endpoint.ts";
import { sendJson } from "../send-json.ts";
import type { Api } from "../api.ts";

const tags = ["Endpoint"];
const application = z.object({ app_id: z.string().meta({ description: "The id or the uid." }) });
export const endpointParams = application.extend({
  endpoint_id: z.string().meta({ description: "The id or the uid." }),
});
const response = { 200: endpointOut, ...commonErrors };

export function endpointRoutes(api: Api, context: ApiContext): void {
  addCreate(api, context);
  addList(api, context);
  addGet(api, context);
  addUpdate(api, context);
  addPatch(api, context);
  addDelete(api, context);
}

function addCreate(api: Api, context: ApiContext): void {
  const { codec, idempotency, lookup } = context;
  api.post(
    "/app/:app_id/endpoint",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.create",
        summary: "Create an endpoint",
        params: application,
        body: endpointIn,
        response: { 201: endpointOut, ...commonErrors },
      },
    },
    (request, reply) =>
      idempotency.run(request, async (remember) => {
        const app = await lookup.application(request, request.params.app_id);
        const { secret, headers, ...body } = request.body;
        const replacement = replacementOf(context, body);
        const config = {
          ...replacement,
          uid: replacement.uid ?? null,
          paused: false,
          headers: headers == null ? null : checkedHeaders(context, headers),
        };
        const endpoint = await newEndpoint(context, app, {
          config,
          by: actorOf(request),
          secret: secret ?? undefined,
        });
        const json = JSON.stringify(showEndpoint(codec, { ...endpoint, version: 0 }));
        return create(context, endpoint, json, {
          reply,
          kept: remember({ kind: "body", status: 201, json }),
        });
      }),
  );
}

function addList(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;
  api.get(
    "/app/:app_id/endpoint",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.list",
        summary: "List an application's endpoints",
        params: application,
        querystring: z.strictObject({ ...pageQuery, ...orderQuery }),
        response: { 200: listOf("EndpointOut", endpointOut), ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const form = idCursors(codec, "endpoint");
      const page = pageOf(request.query, form, "ascending");
      return showPage(page, await store.listEndpoints(app.id, page), form, {
        keyOf: (endpoint) => endpoint.id,
        show: (endpoint) => showEndpoint(codec, endpoint),
      });
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  const { codec, lookup } = context;
  api.get(
    "/app/:app_id/endpoint/:endpoint_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.get",
        summary: "Get an endpoint",
        params: endpointParams,
        response,
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      return showEndpoint(codec, await lookup.endpoint(app, request.params.endpoint_id));
    },
  );
}

function addUpdate(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;
  api.put(
    "/app/:app_id/endpoint/:endpoint_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.update",
        summary: "Replace an endpoint's configuration, or create it",
        description: "Its secrets, its headers and whether it is paused stay as they are.",
        params: endpointParams,
        body: endpointUpdate,
        response: { ...response, 201: endpointOut },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const config = replacementOf(context, request.body);
      const name = request.params.endpoint_id;
      const find = () => store.findEndpoint(app.id, endpointRef(codec, name));
      const found = await find();
      if (found !== undefined) {
        return changeEndpoint(context, found, { config, by: actorOf(request) });
      }
      const fresh = { ...config, uid: config.uid ?? uidFromPath(context, name) };
      const endpoint = await newEndpoint(context, app, {
        config: { ...fresh, paused: false, headers: null },
        by: actorOf(request),
        secret: undefined,
      });
      const result = await store.createEndpoint(endpoint);
      if (result.kind === "created") {
        return reply.code(201).send(showEndpoint(codec, { ...endpoint, version: 0 }));
      }
      if (result.kind === "application-not-found") throw new ApiProblem("application_not_found");
      // Another request created it in between, or the uid is another one's.
      const meanwhile = await find();
      if (meanwhile === undefined) throw new ApiProblem("uid_taken");
      return changeEndpoint(context, meanwhile, { config, by: actorOf(request) });
    },
  );
}

function addPatch(api: Api, context: ApiContext): void {
  const { lookup } = context;
  api.patch(
    "/app/:app_id/endpoint/:endpoint_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.patch",
        summary: "Change an endpoint",
        params: endpointParams,
        body: endpointPatch,
        response,
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const found = await lookup.endpoint(app, request.params.endpoint_id);
      const config = configOf(context, request.body);
      return changeEndpoint(context, found, { config, by: actorOf(request) });
    },
  );
}

function addDelete(api: Api, context: ApiContext): void {
  const { store, lookup } = context;
  api.delete(
    "/app/:app_id/endpoint/:endpoint_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.delete",
        summary: "Delete an endpoint; what waits for it is discarded",
        params: endpointParams,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const found = await lookup.endpoint(app, request.params.endpoint_id);
      const result = await store.deleteEndpoint(found.id, actorOf(request), context.now());
      if (result === "not-found") throw new ApiProblem("endpoint_not_found");
      return reply.code(204).send(null);
    },
  );
}

/** Writes the change as a revision and shows the endpoint as it is then. */
export async function changeEndpoint(
  context: ApiContext,
  endpoint: Endpoint,
  change: { readonly config: Partial<EndpointConfig>; readonly by: Actor },
) {
  // A revision in which nothing changed would only hide those that tell something.
  if (Object.keys(change.config).length === 0) return showEndpoint(context.codec, endpoint);
  const result = await context.store.updateEndpoint(endpoint.id, {
    ...change,
    at: context.now(),
    eventId: context.ids.next("endpointEvent"),
  });
  switch (result.kind) {
    case "updated":
      return showEndpoint(context.codec, result.endpoint);
    case "uid-taken":
      throw new ApiProblem("uid_taken");
    case "not-found":
      throw new ApiProblem("endpoint_not_found");
    case "repeated":
    case "key-reused":
      throw new Error("an idempotency key was answered that was not given");
  }
}

async function newEndpoint(
  context: ApiContext,
  app: Application,
  how: {
    readonly config: EndpointConfig;
    readonly by: Actor;
    readonly secret: string | undefined;
  },
): Promise<NewEndpoint> {
  const now = context.now();
  const secret = await secretText(context, how.secret);
  return {
    id: context.ids.next("endpoint"),
    application: app.id,
    partition: app.partition,
    config: how.config,
    by: how.by,
    createdAt: now,
    updatedAt: now,
    secret: { sealed: context.vault.seal(secret), createdAt: now, expiresAt: null },
  };
}

async function secretText(context: ApiContext, chosen: string | undefined): Promise<string> {
  if (chosen === undefined) return makeEndpointSecret(context.random);
  const parsed = await parseEndpointSecret(chosen);
  if (parsed.kind === "refused") throw invalidBody(["secret"], parsed.why, "value_error.secret");
  return parsed.text;
}

async function create(
  context: ApiContext,
  endpoint: NewEndpoint,
  json: string,
  how: { readonly reply: FastifyReply; readonly kept: Remember | undefined },
): Promise<FastifyReply> {
  const result = await context.store.createEndpoint(endpoint, how.kept);
  switch (result.kind) {
    case "created":
      return sendJson(how.reply, 201, json);
    case "uid-taken":
      throw new ApiProblem("uid_taken");
    case "application-not-found":
      throw new ApiProblem("application_not_found");
    case "repeated":
    case "key-reused": {
      const first = repeatedBody(result);
      return sendJson(how.reply, first.status, first.json);
    }
  }
}

function uidFromPath(context: ApiContext, name: string): string {
  if (context.codec.parse("endpoint", name) !== undefined || !uid.safeParse(name).success) {
    throw new ApiProblem("endpoint_not_found");
  }
  return name;
}
