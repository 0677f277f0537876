import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { commonErrors } from "../schemas/common.ts";
import { endpointLaneOut, showLane } from "../schemas/endpoint-lane.ts";
import { endpointParams } from "./endpoints.ts";

/** How sending to an endpoint goes: what its owner last wrote of its lane. */
export function endpointLaneRoutes(api: Api, context: ApiContext): void {
  const { store, lookup } = context;

  api.get(
    "/app/:app_id/endpoint/:endpoint_id/lane",
    {
      config: { access: "application" },
      schema: {
        tags: ["Endpoint"],
        operationId: "v1.endpoint.get-lane",
        summary: "Say how sending to an endpoint goes: gate, breaker, limits, concurrency",
        params: endpointParams,
        response: { 200: endpointLaneOut, ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpoint(app, request.params.endpoint_id);
      return showLane(endpoint.config, await store.laneOf(endpoint.id));
    },
  );
}
