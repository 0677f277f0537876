import { hash } from "node:crypto";
import { z } from "zod";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem } from "../problems.ts";
import { apiKeyCreated, apiKeyIn, apiKeyOut, showApiKey } from "../schemas/api-key.ts";
import { commonErrors, listOf, nothing } from "../schemas/common.ts";

const tags = ["API Key"];

export function apiKeyRoutes(api: Api, context: ApiContext): void {
  addCreate(api, context);
  addList(api, context);
  addRevoke(api, context);
}

function addCreate(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;
  api.post(
    "/api-key",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.api-key.create",
        summary: "Create an API key; its token is shown once",
        description:
          "Tokens are not kept, so a repeated idempotency key is answered with 409 and the key's id.",
        body: apiKeyIn,
        response: { 201: apiKeyCreated, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const { name, application } = request.body;
        const app =
          application == null ? undefined : await lookup.application(request, application);
        const token = `phk_${Buffer.from(context.random(32)).toString("base64url")}`;
        const key = {
          id: context.ids.next("apiKey"),
          name,
          tokenHash: hash("sha256", token),
          scope:
            app === undefined
              ? { kind: "admin" as const }
              : { kind: "application" as const, application: app.id },
          createdAt: context.now(),
          revokedAt: null,
        };
        const shown = showApiKey(codec, key);
        const kept = remember({ kind: "body", status: 201, json: JSON.stringify(shown.id) });
        const result = await store.createKey(key, kept);
        switch (result.kind) {
          case "created":
            return reply.code(201).send({ ...shown, token });
          case "token-taken":
            // 256 random bits are there already only when the source of chance is broken.
            throw new Error("a new token was not new");
          case "repeated":
          case "key-reused":
            throw createdBefore(repeatedBody(result).json);
        }
      }),
  );
}

/** What is remembered is the id alone. */
function createdBefore(json: string | null): ApiProblem {
  const id = z.string().parse(JSON.parse(json ?? "null"));
  const detail = `This request created the API key ${id}; its token was shown then, and is not kept.`;
  return new ApiProblem("api_key_created_before", detail);
}

function addList(api: Api, context: ApiContext): void {
  const { store, codec } = context;
  api.get(
    "/api-key",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.api-key.list",
        summary: "List API keys, without their tokens",
        querystring: z.strictObject({ ...pageQuery, ...orderQuery }),
        response: { 200: listOf("ApiKeyOut", apiKeyOut), ...commonErrors },
      },
    },
    async (request) => {
      const form = idCursors(codec, "apiKey");
      const page = pageOf(request.query, form, "ascending");
      return showPage(page, await store.listKeys(page), form, {
        keyOf: (key) => key.id,
        show: (key) => showApiKey(codec, key),
      });
    },
  );
}

function addRevoke(api: Api, context: ApiContext): void {
  const { store, codec } = context;
  api.delete(
    "/api-key/:key_id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        operationId: "v1.api-key.revoke",
        summary: "Revoke an API key; it ends at once",
        params: z.object({ key_id: z.string() }),
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const id = codec.parse("apiKey", request.params.key_id);
      const result = id === undefined ? "not-found" : await store.revokeKey(id, context.now());
      if (result === "not-found") throw new ApiProblem("api_key_not_found");
      return reply.code(204).send(null);
    },
  );
}
