import { z } from "zod";
import type { EndpointId } from "../../domain/ids.ts";
import type { EndpointChange } from "../../ports/endpoint-store.ts";
import type { Remember } from "../../ports/remember.ts";
import { actorOf } from "../auth.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { ApiProblem, invalidQuery } from "../problems.ts";
import { commonErrors, emptyBody, time } from "../schemas/common.ts";
import { endpointOut, endpointStats, showEndpoint } from "../schemas/endpoint.ts";
import { sendJson } from "../send-json.ts";
import { endpointParams } from "./endpoints.ts";

const tags = ["Endpoint"];
const statsDaysMs = 28 * 86_400_000;

/** Pausing, resuming and counting. */
export function endpointStateRoutes(api: Api, context: ApiContext): void {
  pauseRoute(api, context, "pause");
  pauseRoute(api, context, "resume");
  statsRoute(api, context);
}

function pauseRoute(api: Api, context: ApiContext, verb: "pause" | "resume"): void {
  api.post(
    `/app/:app_id/endpoint/:endpoint_id/${verb}`,
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: `v1.endpoint.${verb}`,
        summary:
          verb === "pause"
            ? "Hold new and waiting deliveries of an endpoint"
            : "Let the held deliveries of an endpoint go on",
        params: endpointParams,
        body: emptyBody,
        response: { 200: endpointOut, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const app = await context.lookup.application(request, request.params.app_id);
        const endpoint = await context.lookup.endpoint(app, request.params.endpoint_id);
        const config = { paused: verb === "pause" };
        const at = context.now();
        const changed = { ...endpoint, config: { ...endpoint.config, ...config }, updatedAt: at };
        const json = JSON.stringify(showEndpoint(context.codec, changed));
        const change = { config, by: actorOf(request), at };
        const kept = remember({ kind: "body", status: 200, json });
        const answer = await setPaused(context, endpoint.id, change, kept);
        return sendJson(reply, answer.status, answer.json);
      }),
  );
}

/** A repeated request with a key is told what it did, and does not undo what came after it. */
async function setPaused(
  context: ApiContext,
  id: EndpointId,
  change: Omit<EndpointChange, "eventId">,
  kept: Remember | undefined,
): Promise<{ readonly status: number; readonly json: string | null }> {
  const eventId = context.ids.next("endpointEvent");
  const result = await context.store.updateEndpoint(id, { ...change, eventId }, kept);
  switch (result.kind) {
    case "updated":
      return { status: 200, json: JSON.stringify(showEndpoint(context.codec, result.endpoint)) };
    case "uid-taken":
      throw new ApiProblem("uid_taken");
    case "not-found":
      throw new ApiProblem("endpoint_not_found");
    case "repeated":
    case "key-reused":
      return repeatedBody(result);
  }
}

function statsRoute(api: Api, context: ApiContext): void {
  const { store, lookup } = context;
  const timeQuery = time.optional().meta({ openapi: { type: "string", format: "date-time" } });
  api.get(
    "/app/:app_id/endpoint/:endpoint_id/stats",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.get-stats",
        summary: "Count the deliveries that were made in a span of time, 28 days unless told",
        params: endpointParams,
        querystring: z.strictObject({ since: timeQuery, until: timeQuery }),
        response: { 200: endpointStats, ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
      // The bound is out of the span, and a delivery made this very millisecond belongs to it.
      const until = request.query.until ?? context.now() + 1;
      const since = request.query.since ?? Math.max(0, until - statsDaysMs);
      if (since > until) throw invalidQuery("since", "must not be later than until");
      const [stats, lane] = await Promise.all([
        store.endpointStats(endpoint.id, since, until),
        store.laneOf(endpoint.id),
      ]);
      const { success, fail, canceled, waiting } = stats;
      const sending = Math.min(waiting, lane?.sending.length ?? 0);
      return { success, fail, canceled, sending, pending: waiting - sending };
    },
  );
}
