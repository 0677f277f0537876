import { z } from "zod";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { commonErrors, listOf } from "../schemas/common.ts";
import {
  endpointEventOut,
  endpointRevisionOut,
  showEndpointEvent,
  showRevision,
} from "../schemas/endpoint-history.ts";
import { endpointParams } from "./endpoints.ts";

const tags = ["Endpoint"];

/** What happened to an endpoint, and how it was configured at any time. */
export function endpointHistoryRoutes(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;

  api.get(
    "/app/:app_id/endpoint/:endpoint_id/event",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.list-events",
        summary: "List what happened to an endpoint, by whom or by which rule, newest first",
        params: endpointParams,
        querystring: z.strictObject({ ...pageQuery, ...orderQuery }),
        response: { 200: listOf("EndpointEventOut", endpointEventOut), ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpointEver(app, request.params.endpoint_id);
      const form = idCursors(codec, "endpointEvent");
      const page = pageOf(request.query, form, "descending");
      return showPage(page, await store.listEndpointEvents(endpoint.id, page), form, {
        keyOf: (event) => event.id,
        show: (event) => showEndpointEvent(codec, event),
      });
    },
  );

  api.get(
    "/app/:app_id/endpoint/:endpoint_id/revision",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.endpoint.list-revisions",
        summary: "List the configurations that an endpoint had, the oldest first",
        params: endpointParams,
        response: {
          200: z.object({ data: z.array(endpointRevisionOut) }).meta({ id: "EndpointRevisions" }),
          ...commonErrors,
        },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpointEver(app, request.params.endpoint_id);
      const revisions = await store.endpointRevisions(endpoint.id);
      return { data: revisions.map((revision) => showRevision(codec, revision)) };
    },
  );
}
