import { z } from "zod";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { idCursors, pageOf, pageQuery, showPage } from "../paging.ts";
import { commonErrors, flagQuery, listOf } from "../schemas/common.ts";
import {
  endpointMessageOut,
  messageEndpointOut,
  showDelivery,
  stateFilter,
  statusQuery,
} from "../schemas/delivery.ts";
import { showEndpoint } from "../schemas/endpoint.ts";
import { messageFilterQuery, messageMembers, withContentQuery } from "../schemas/message.ts";
import { sendJson } from "../send-json.ts";
import { endpointParams } from "./endpoints.ts";
import { listText, messageFilterOf, messageParams } from "./messages.ts";

const tags = ["Message Attempt"];

/** A message's deliveries and an endpoint's, each with its state, its reason and what is open. */
export function deliveryRoutes(api: Api, context: ApiContext): void {
  byMessageRoute(api, context);
  byEndpointRoute(api, context);
}

function byMessageRoute(api: Api, context: ApiContext): void {
  const { store, codec, lookup, now } = context;
  api.get(
    "/app/:app_id/msg/:msg_id/endpoint",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.list-attempted-destinations",
        summary: "List the endpoints that a message goes to, with what became of it",
        params: messageParams,
        querystring: z.strictObject(pageQuery),
        response: { 200: listOf("MessageEndpointOut", messageEndpointOut), ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const form = idCursors(codec, "endpoint");
      const page = pageOf(request.query, form, "ascending");
      const listed = await store.listDeliveriesOfMessage(message.id, page);
      const at = now();
      return showPage(page, listed, form, {
        keyOf: ({ endpoint }) => endpoint.id,
        show: ({ view, endpoint }) => ({
          ...showEndpoint(codec, endpoint),
          ...showDelivery(codec, view, at),
        }),
      });
    },
  );
}

function byEndpointRoute(api: Api, context: ApiContext): void {
  const { store, codec, lookup, now } = context;
  api.get(
    "/app/:app_id/endpoint/:endpoint_id/msg",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.list-attempted-messages",
        summary: "List an endpoint's messages with what became of them, newest first",
        params: endpointParams,
        querystring: z.strictObject({
          ...pageQuery,
          ...messageFilterQuery,
          ...withContentQuery,
          status: statusQuery,
          expanded_statuses: flagQuery,
        }),
        response: { 200: listOf("EndpointMessageOut", endpointMessageOut), ...commonErrors },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpointEver(app, request.params.endpoint_id);
      const form = idCursors(codec, "message");
      const page = pageOf(query, form, "descending");
      const at = now();
      const lane = query.status === 1 ? await store.laneOf(endpoint.id) : undefined;
      const filter =
        query.status === undefined
          ? messageFilterOf(query)
          : {
              ...messageFilterOf(query),
              state: stateFilter(query.status, endpoint.config, lane),
            };
      const listed = await store.listDeliveriesOfEndpoint(endpoint.id, filter, page);
      const withContent = query.with_content ?? true;
      const shown = showPage(page, listed, form, {
        keyOf: ({ message }) => message.id,
        show: ({ view, message }) => {
          const delivery = showDelivery(codec, view, at);
          // `pending` and `sending` are one state to the store.
          if (query.status !== undefined && delivery.status !== query.status) return undefined;
          const members = messageMembers(codec, message, withContent);
          return `{${members},${JSON.stringify(delivery).slice(1)}`;
        },
      });
      const data = shown.data.filter((text) => text !== undefined);
      return sendJson(reply, 200, listText({ ...shown, data }));
    },
  );
}
