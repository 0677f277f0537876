import { isSensitiveHeader } from "../../domain/sensitive-header.ts";
import { mergeHeaders, openHeaders, type HeaderValues } from "../../operate/endpoint-headers.ts";
import type { EndpointId } from "../../domain/ids.ts";
import type { Api } from "../api.ts";
import { actorOf } from "../auth.ts";
import type { ApiContext } from "../context.ts";
import { checkedHeaders } from "../endpoint-config.ts";
import { commonErrors, nothing } from "../schemas/common.ts";
import { headersIn, headersOut, headersPatchIn } from "../schemas/endpoint.ts";
import { changeEndpoint, endpointParams } from "./endpoints.ts";

const tags = ["Endpoint"];
const path = "/app/:app_id/endpoint/:endpoint_id/headers";

export function endpointHeaderRoutes(api: Api, context: ApiContext): void {
  const inTurn = createTurns();
  addGetHeaders(api, context);
  addUpdateHeaders(api, context, inTurn);
  addPatchHeaders(api, context, inTurn);
}

type InTurn = (endpoint: EndpointId, change: () => Promise<unknown>) => Promise<void>;

/**
 * One change of an endpoint's headers after the other: they are stored as one sealed text, so a
 * change reads all of them, and two at once would lose one of the two.
 */
function createTurns(): InTurn {
  const last = new Map<EndpointId, Promise<unknown>>();
  return async (endpoint, change) => {
    const mine = (last.get(endpoint) ?? Promise.resolve()).then(change, change);
    last.set(endpoint, mine);
    try {
      await mine;
    } finally {
      if (last.get(endpoint) === mine) last.delete(endpoint);
    }
  };
}

function addGetHeaders(api: Api, context: ApiContext): void {
  const { vault, lookup } = context;
  api.get(
    path,
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.get-headers",
        summary: "Get the headers that are sent with deliveries; of secrets the names alone",
        params: endpointParams,
        response: { 200: headersOut, ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
      return showHeaders(openHeaders(vault, endpoint.config.headers));
    },
  );
}

function addUpdateHeaders(api: Api, context: ApiContext, inTurn: InTurn): void {
  const { lookup } = context;
  api.put(
    path,
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.update-headers",
        summary: "Replace the headers that are sent with deliveries",
        params: endpointParams,
        body: headersIn,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
      const headers = checkedHeaders(context, request.body.headers);
      await inTurn(endpoint.id, () =>
        changeEndpoint(context, endpoint, { config: { headers }, by: actorOf(request) }),
      );
      return reply.code(204).send(null);
    },
  );
}

function addPatchHeaders(api: Api, context: ApiContext, inTurn: InTurn): void {
  const { vault, lookup } = context;
  api.patch(
    path,
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.patch-headers",
        summary: "Set or delete single headers",
        params: endpointParams,
        body: headersPatchIn,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const { id } = await lookup.endpoint(app, request.params.endpoint_id);
      const { headers: set = {}, deleteHeaders = [] } = request.body;
      if (Object.keys(set).length === 0 && deleteHeaders.length === 0) {
        return reply.code(204).send(null);
      }
      const deletions = Object.fromEntries(deleteHeaders.map((name) => [name, null]));
      await inTurn(id, async () => {
        const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
        const current = openHeaders(vault, endpoint.config.headers);
        const merged = mergeHeaders(mergeHeaders(current, deletions), set);
        const headers = checkedHeaders(context, merged);
        await changeEndpoint(context, endpoint, { config: { headers }, by: actorOf(request) });
      });
      return reply.code(204).send(null);
    },
  );
}

function showHeaders(headers: HeaderValues): {
  headers: Record<string, string>;
  sensitive: string[];
} {
  const names = Object.keys(headers);
  const shown = Object.entries(headers).filter(([name]) => !isSensitiveHeader(name));
  return { headers: Object.fromEntries(shown), sensitive: names.filter(isSensitiveHeader) };
}
