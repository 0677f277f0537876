import { z } from "zod";
import { actorOf } from "../auth.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { invalidQuery } from "../problems.ts";
import { commonErrors, emptyBody, time } from "../schemas/common.ts";
import { endpointOut, endpointStats } from "../schemas/endpoint.ts";
import { changeEndpoint, endpointParams } from "./endpoints.ts";

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
    async (request) => {
      const app = await context.lookup.application(request, request.params.app_id);
      const endpoint = await context.lookup.endpoint(app, request.params.endpoint_id);
      const config = { paused: verb === "pause" };
      return changeEndpoint(context, endpoint, { config, by: actorOf(request) });
    },
  );
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
