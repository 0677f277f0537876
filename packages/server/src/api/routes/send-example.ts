import { z } from "zod";
import { exampleOf } from "../../operate/example-payload.ts";
import { newestSchema } from "../../publish/configuration.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { ApiProblem } from "../problems.ts";
import { commonErrors, eventTypeName } from "../schemas/common.ts";
import { messageOut } from "../schemas/message.ts";
import { endpointParams } from "./endpoints.ts";
import { answerPublished } from "../publish-call.ts";
import { sendJson } from "../send-json.ts";

const eventExampleIn = z
  .strictObject({ eventType: eventTypeName, exampleIndex: z.int().min(0).max(1000).optional() })
  .meta({ id: "EventExampleIn" });

export function sendExampleRoutes(api: Api, context: ApiContext): void {
  api.post(
    "/app/:app_id/endpoint/:endpoint_id/send-example",
    {
      config: { access: "application" },
      schema: {
        tags: ["Endpoint"],
        operationId: "v1.endpoint.send-example",
        summary: "Send an example of an event type to this endpoint alone",
        description: "Its schema's example of that index; made out of the schema when it has none.",
        params: endpointParams,
        body: eventExampleIn,
        response: { 200: messageOut, ...commonErrors },
      },
    },
    (request, reply) =>
      context.idempotency.run(request, async (remember) => {
        const application = await context.lookup.application(request, request.params.app_id);
        const endpoint = await context.lookup.endpoint(application, request.params.endpoint_id);
        if (endpoint.config.disabled) throw new ApiProblem("endpoint_disabled");
        const { eventType, exampleIndex = 0 } = request.body;
        const known = await context.store.findEventType(eventType);
        const payload = exampleOf(newestSchema(known?.schemas ?? null), exampleIndex);
        const draft = {
          eventType,
          eventId: null,
          channels: [],
          tags: [],
          content: {
            body: new TextEncoder().encode(JSON.stringify(payload)),
            contentType: null,
            headers: {},
          },
          payloadJson: null,
          payload,
          deliverAt: null,
          expiresAt: null,
          retainDays: context.settings.retentionDays,
        };
        const published = await context.publishMessage(application, draft, {
          only: endpoint.id,
          remember: (message) => remember({ kind: "message", status: 200, message }),
        });
        const shown = { application, withContent: true, status: 200 };
        const { json, status } = await answerPublished(context, published, shown);
        return sendJson(reply, status, json);
      }),
  );
}
