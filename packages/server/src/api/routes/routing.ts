import { z } from "zod";
import { explainRouting, type RoutingVerdict } from "../../operate/explain-routing.ts";
import type { Message } from "../../domain/message.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { commonErrors } from "../schemas/common.ts";
import { payloadText } from "../schemas/message.ts";
import { messageParams } from "./messages.ts";

const sentences: Readonly<Record<RoutingVerdict, string>> = {
  matched: "The endpoint matched, and has a delivery.",
  "endpoint-disabled": "The endpoint was disabled.",
  "event-type-not-subscribed": "The endpoint was not subscribed to this event type.",
  "channel-not-subscribed": "The message was in none of the endpoint's channels.",
  "filter-not-matched": "The endpoint's filter was not true of the payload.",
  "sent-directly": "The endpoint did not match; the message was sent to it by a person.",
  "not-selected": "The message was sent to another endpoint alone.",
  "content-deleted": "The endpoint has a filter, and the payload was deleted since.",
};

const routedOut = z
  .object({
    endpointId: z.string(),
    uid: z.string().nullable(),
    url: z.string(),
    matched: z.boolean(),
    verdict: z.string(),
    text: z.string(),
    eventTypes: z.array(z.string()).nullable(),
    channels: z.array(z.string()).nullable(),
    filter: z.string().nullable(),
  })
  .meta({ id: "RoutedEndpointOut" });

const routingOut = z
  .object({ configVersion: z.int(), data: z.array(routedOut) })
  .meta({ id: "MessageRoutingOut" });

export function routingRoutes(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;
  api.get(
    "/app/:app_id/msg/:msg_id/routing",
    {
      config: { access: "application" },
      schema: {
        tags: ["Message"],
        operationId: "v1.message.explain-routing",
        summary: "Say for each endpoint of that time whether it got a message, or why not",
        params: messageParams,
        response: { 200: routingOut, ...commonErrors },
      },
    },
    async (request) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const routed = await explainRouting(store, message, payloadOf(message));
      return {
        configVersion: message.configVersion,
        data: routed.map(({ endpoint, config, verdict }) => ({
          endpointId: codec.format("endpoint", endpoint),
          uid: config.uid,
          url: config.url,
          matched: verdict === "matched",
          verdict,
          text: sentences[verdict],
          eventTypes: config.eventTypes === null ? null : [...config.eventTypes],
          channels: config.channels === null ? null : [...config.channels],
          filter: config.filter,
        })),
      };
    },
  );
}

function payloadOf(message: Message): unknown {
  if (message.content === null && message.payloadJson === null) return undefined;
  const payload: unknown = JSON.parse(payloadText(message));
  return payload;
}
