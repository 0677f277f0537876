import type { Endpoint } from "../../domain/endpoint.ts";
import { makeEndpointSecret, parseEndpointSecret } from "../../operate/endpoint-secret.ts";
import type { Api } from "../api.ts";
import { actorOf } from "../auth.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { ApiProblem, invalidBody } from "../problems.ts";
import { commonErrors, nothing } from "../schemas/common.ts";
import { rotateIn, secretOut } from "../schemas/endpoint.ts";
import { sendJson } from "../send-json.ts";
import { endpointParams } from "./endpoints.ts";

const tags = ["Endpoint"];
const defaultGraceSeconds = 86_400;
/** Each secret in force is one more signature on each request. */
const maxSecrets = 10;

export function endpointSecretRoutes(api: Api, context: ApiContext): void {
  addGetSecret(api, context);
  addRotateSecret(api, context);
}

function addGetSecret(api: Api, context: ApiContext): void {
  const { store, vault, lookup } = context;
  api.get(
    "/app/:app_id/endpoint/:endpoint_id/secret",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.get-secret",
        summary: "Get the secret that deliveries are signed with",
        params: endpointParams,
        response: { 200: secretOut, ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
      const [newest] = await store.endpointSecrets(endpoint.id, context.now());
      if (newest === undefined) throw new Error("an endpoint without a secret in force");
      return { key: vault.open(newest.sealed) };
    },
  );
}

function addRotateSecret(api: Api, context: ApiContext): void {
  const { store, vault, lookup, idempotency } = context;
  api.post(
    "/app/:app_id/endpoint/:endpoint_id/secret/rotate",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.rotate-secret",
        summary: "Replace the secret; the one so far signs, too, until the grace period ends",
        params: endpointParams,
        body: rotateIn.optional(),
        response: { 204: nothing, ...commonErrors },
      },
    },
    (request, reply) =>
      idempotency.run(request, async (remember) => {
        const app = await lookup.application(request, request.params.app_id);
        const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
        const { key, gracePeriodSeconds } = request.body ?? {};
        const secret = await nextSecret(context, endpoint, key ?? undefined);
        const at = context.now();
        const grace = gracePeriodSeconds ?? defaultGraceSeconds;
        const rotation = {
          secret: { sealed: vault.seal(secret), createdAt: at, expiresAt: null },
          oldExpireAt: at + grace * 1000,
          event: {
            id: context.ids.next("endpointEvent"),
            endpoint: endpoint.id,
            at,
            kind: "secret-rotated" as const,
            by: actorOf(request),
            figures: { gracePeriodSeconds: grace },
          },
        };
        const kept = remember({ kind: "body", status: 204, json: null });
        const result = await store.rotateSecret(endpoint.id, rotation, kept);
        switch (result.kind) {
          case "rotated":
            return sendJson(reply, 204, null);
          case "not-found":
            throw new ApiProblem("endpoint_not_found");
          case "repeated":
          case "key-reused":
            return sendJson(reply, repeatedBody(result).status, null);
        }
      }),
  );
}

async function nextSecret(
  context: ApiContext,
  endpoint: Endpoint,
  chosen: string | undefined,
): Promise<string> {
  const inForce = await context.store.endpointSecrets(endpoint.id, context.now());
  if (inForce.length >= maxSecrets) throw new ApiProblem("too_many_secrets");
  if (chosen !== undefined) {
    const parsed = await parseEndpointSecret(chosen);
    if (parsed.kind === "refused") throw invalidBody(["key"], parsed.why, "value_error.secret");
    return parsed.text;
  }
  const [newest] = inForce;
  const like = newest === undefined ? undefined : context.vault.open(newest.sealed);
  return makeEndpointSecret(context.random, like);
}
