import type { FastifyReply, FastifyRequest } from "fastify";
import { secretsInForce, type Source } from "../../domain/source.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { ApiProblem } from "../problems.ts";
import { commonErrors, emptyBody, nothing } from "../schemas/common.ts";
import {
  sourceOut,
  sourceSecretOut,
  sourceSecretRotateIn,
  sourceTokenRotateIn,
} from "../schemas/source.ts";
import { sendJson } from "../send-json.ts";
import { newToken } from "../source-config.ts";
import { findSource, shownSource, sourceParams } from "./sources.ts";

const tags = ["Source"];
const defaultGraceSeconds = 86_400;
/** Each one in force is tried for each request. */
const mostInForce = 10;

/** Pausing, and rotating a source's secrets and the token in its URL. */
export function sourceStateRoutes(api: Api, context: ApiContext): void {
  addPause(api, context, "pause");
  addPause(api, context, "resume");
  addGetSecret(api, context);
  addRotateSecret(api, context);
  addRotateToken(api, context);
}

function addPause(api: Api, context: ApiContext, verb: "pause" | "resume"): void {
  api.post(
    `/source/:source_id/${verb}`,
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: `v1.source.${verb}`,
        summary:
          verb === "pause"
            ? "Take nothing in: requests are answered 503, so that the provider sends them again"
            : "Take requests in again",
        params: sourceParams,
        body: emptyBody,
        response: { 200: sourceOut, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const source = await findSource(context, request, request.params.source_id);
        const change = { config: { paused: verb === "pause" }, at: context.now() };
        const kept = remember({ kind: "body", status: 200, json: null });
        const result = await context.store.updateSource(source.id, change, kept);
        switch (result.kind) {
          case "updated":
            return shownSource(context, result.source, request);
          case "not-found":
            throw new ApiProblem("source_not_found");
          case "repeated":
          case "key-reused":
            repeatedBody(result);
            return showAgain(context, { request, reply }, source);
        }
      }),
  );
}

/** A repeated request changes nothing and shows the source as it is: its URL is a secret, and not remembered. */
function showAgain(
  context: ApiContext,
  { reply, request }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  source: Source,
) {
  return sendJson(reply, 200, JSON.stringify(shownSource(context, source, request)));
}

function addGetSecret(api: Api, context: ApiContext): void {
  api.get(
    "/source/:source_id/secret",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.get-secret",
        summary: "Get the newest secret that requests are verified with",
        params: sourceParams,
        response: { 200: sourceSecretOut, ...commonErrors },
      },
    },
    async (request) => {
      const source = await findSource(context, request, request.params.source_id);
      const [newest] = secretsInForce(source.secrets, context.now());
      return { key: newest === undefined ? null : context.vault.open(newest.sealed) };
    },
  );
}

function addRotateSecret(api: Api, context: ApiContext): void {
  api.post(
    "/source/:source_id/secret/rotate",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.rotate-secret",
        summary: "Replace the secret; the one so far fits, too, until the grace period ends",
        params: sourceParams,
        body: sourceSecretRotateIn,
        response: { 204: nothing, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const source = await findSource(context, request, request.params.source_id);
        const { gracePeriodSeconds, key } = request.body;
        const kept = remember({ kind: "body", status: 204, json: null });
        await rotate(context, source, {
          what: "secrets",
          text: key,
          graceSeconds: gracePeriodSeconds ?? defaultGraceSeconds,
          kept,
        });
        return sendJson(reply, 204, null);
      }),
  );
}

function addRotateToken(api: Api, context: ApiContext): void {
  api.post(
    "/source/:source_id/token/rotate",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source.rotate-token",
        summary: "Give the source a new URL; the one so far works until the grace period ends",
        params: sourceParams,
        body: sourceTokenRotateIn.optional(),
        response: { 200: sourceOut, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const source = await findSource(context, request, request.params.source_id);
        const rotated = await rotate(context, source, {
          what: "tokens",
          text: newToken(context),
          graceSeconds: request.body?.gracePeriodSeconds ?? defaultGraceSeconds,
          kept: remember({ kind: "body", status: 200, json: null }),
        });
        return showAgain(context, { request, reply }, rotated);
      }),
  );
}

/** The source as it is then; as it is already when the request was made before. */
async function rotate(
  context: ApiContext,
  source: Source,
  how: {
    readonly what: "secrets" | "tokens";
    readonly text: string;
    readonly graceSeconds: number;
    readonly kept: Remember | undefined;
  },
): Promise<Source> {
  const at = context.now();
  const inForce = secretsInForce(source[how.what], at).length;
  if (how.graceSeconds > 0 && inForce >= mostInForce) throw new ApiProblem("too_many_secrets");
  const next = { sealed: context.vault.seal(how.text), createdAt: at, expiresAt: null };
  const rotation = { what: how.what, next, oldExpireAt: at + how.graceSeconds * 1000 };
  const result = await context.store.rotateSource(source.id, rotation, how.kept);
  switch (result.kind) {
    case "rotated":
      return result.source;
    case "not-found":
      throw new ApiProblem("source_not_found");
    case "repeated":
    case "key-reused":
      repeatedBody(result);
      return source;
  }
}
