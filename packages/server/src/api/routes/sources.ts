import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ApplicationId } from "../../domain/ids.ts";
import type { Source } from "../../domain/source.ts";
import type { Api } from "../api.ts";
import { callerOf } from "../auth.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody, type JsonAnswer } from "../idempotency.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem } from "../problems.ts";
import { commonErrors, listOf, nothing } from "../schemas/common.ts";
import {
  schemeList,
  showScheme,
  showSource,
  sourceIn,
  sourceOut,
  sourcePatch,
  type SourceIn,
  type SourceOut,
} from "../schemas/source.ts";
import { sendJson } from "../send-json.ts";
import { changedConfig, newConfig, newToken, sourceUrl } from "../source-config.ts";

const tags = ["Source"];
export const sourceParams = z.object({ source_id: z.string() });

export function sourceRoutes(api: Api, context: ApiContext): void {
  addCreate(api, context);
  addList(api, context);
  addGet(api, context);
  addPatch(api, context);
  addDelete(api, context);
  addSchemes(api, context);
}

function addCreate(api: Api, context: ApiContext): void {
  const { idempotency, lookup, store } = context;
  api.post(
    "/source",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.create",
        summary: "Create a source: a URL that takes a provider's webhooks",
        body: sourceIn,
        response: { 201: sourceOut, ...commonErrors },
      },
    },
    (request, reply) =>
      idempotency.run(request, async (remember) => {
        const app = await lookup.application(request, request.body.applicationId);
        const source = newSource(context, app, request.body);
        const shown = shownSource(context, source, request);
        // The URL has a secret in it: what is remembered is the id alone.
        const kept = remember({ kind: "body", status: 201, json: JSON.stringify(shown.id) });
        const result = await store.createSource(source, kept);
        switch (result.kind) {
          case "created":
            return reply.code(201).send(shown);
          case "application-not-found":
            throw new ApiProblem("application_not_found");
          case "repeated":
          case "key-reused":
            return answerFirst(context, { request, reply }, repeatedBody(result));
        }
      }),
  );
}

/** Shows the source that a request with the same idempotency key made. */
async function answerFirst(
  context: ApiContext,
  { reply, request }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  first: JsonAnswer,
) {
  const id = z.string().parse(JSON.parse(first.json ?? "null"));
  const source = await findSource(context, request, id);
  return sendJson(reply, first.status, JSON.stringify(shownSource(context, source, request)));
}

function newSource(
  context: ApiContext,
  app: { readonly id: ApplicationId; readonly partition: number },
  body: SourceIn,
): Source {
  const { vault } = context;
  const now = context.now();
  const sealed = (text: string) => ({ sealed: vault.seal(text), createdAt: now, expiresAt: null });
  return {
    id: context.ids.next("source"),
    application: app.id,
    partition: app.partition,
    config: newConfig(context, body),
    secrets: body.secret == null ? [] : [sealed(body.secret)],
    tokens: [sealed(newToken(context))],
    createdAt: now,
    updatedAt: now,
  };
}

function addList(api: Api, context: ApiContext): void {
  const { codec, lookup, store } = context;
  api.get(
    "/source",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.list",
        summary: "List sources, of one application or of all",
        querystring: z.strictObject({
          ...pageQuery,
          ...orderQuery,
          application_id: z.string().optional().meta({ description: "The id or the uid." }),
        }),
        response: { 200: listOf("SourceOut", sourceOut), ...commonErrors },
      },
    },
    async (request) => {
      const named = request.query.application_id;
      const { scope } = callerOf(request);
      const own = scope.kind === "application" ? scope.application : undefined;
      const application = named === undefined ? own : (await lookup.application(request, named)).id;
      const form = idCursors(codec, "source");
      const page = pageOf(request.query, form, "ascending");
      const filter = application === undefined ? {} : { application };
      return showPage(page, await store.listSources(page, filter), form, {
        keyOf: (source) => source.id,
        show: (source) => shownSource(context, source, request),
      });
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  api.get(
    "/source/:source_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.get",
        summary: "Get a source",
        params: sourceParams,
        response: { 200: sourceOut, ...commonErrors },
      },
    },
    async (request) => {
      const source = await findSource(context, request, request.params.source_id);
      return shownSource(context, source, request);
    },
  );
}

function addPatch(api: Api, context: ApiContext): void {
  api.patch(
    "/source/:source_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.patch",
        summary: "Change a source",
        params: sourceParams,
        body: sourcePatch,
        response: { 200: sourceOut, ...commonErrors },
      },
    },
    async (request) => {
      const source = await findSource(context, request, request.params.source_id);
      const config = changedConfig(context, source, request.body);
      if (Object.keys(config).length === 0) return shownSource(context, source, request);
      const at = context.now();
      const result = await context.store.updateSource(source.id, { config, at });
      if (result.kind !== "updated") throw new ApiProblem("source_not_found");
      return shownSource(context, result.source, request);
    },
  );
}

function addDelete(api: Api, context: ApiContext): void {
  api.delete(
    "/source/:source_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.delete",
        summary: "Delete a source; its URL ends at once, its messages stay",
        params: sourceParams,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const source = await findSource(context, request, request.params.source_id);
      const result = await context.store.deleteSource(source.id, context.now());
      if (result === "not-found") throw new ApiProblem("source_not_found");
      return reply.code(204).send(null);
    },
  );
}

function addSchemes(api: Api, context: ApiContext): void {
  const data = Array.from(context.schemes.byName.values(), showScheme);
  api.get(
    "/source-scheme",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.list-schemes",
        summary: "List the providers' verification schemes that a source can have",
        response: { 200: schemeList, ...commonErrors },
      },
    },
    async () => ({ data }),
  );
}

/** Another application's key learns nothing, not even that the source exists. */
export async function findSource(
  context: ApiContext,
  request: FastifyRequest,
  name: string,
): Promise<Source> {
  const { codec, store } = context;
  const id = codec.parse("source", name);
  const source = id === undefined ? undefined : await store.findSource(id);
  const { scope } = callerOf(request);
  const isSeen = scope.kind === "admin" || scope.application === source?.application;
  if (source === undefined || !isSeen) throw new ApiProblem("source_not_found");
  return source;
}

export function shownSource(
  context: ApiContext,
  source: Source,
  request: FastifyRequest,
): SourceOut {
  const url = sourceUrl(context, source, request.headers.host);
  return showSource(context.codec, source, url, context.now());
}
