import { z } from "zod";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { repeatedBody } from "../idempotency.ts";
import { ApiProblem } from "../problems.ts";
import { commonErrors, empty, emptyBody } from "../schemas/common.ts";
import { sendJson } from "../send-json.ts";
import { messageParams } from "./messages.ts";

export function resendRoutes(api: Api, context: ApiContext): void {
  const { store, lookup, idempotency } = context;
  api.post(
    "/app/:app_id/msg/:msg_id/endpoint/:endpoint_id/resend",
    {
      config: { access: "application" },
      schema: {
        tags: ["Message Attempt"],
        operationId: "v1.message-attempt.resend",
        summary: "Send a message to an endpoint now, or again",
        description:
          "A delivery that waits becomes due at once. One that ended is repeated by a new delivery " +
          "that is linked to it. An endpoint that is disabled is refused with 409.",
        params: messageParams.extend({ endpoint_id: z.string() }),
        body: emptyBody,
        response: { 202: empty, ...commonErrors },
      },
    },
    (request, reply) =>
      idempotency.run(request, async (remember) => {
        const { app_id, msg_id, endpoint_id } = request.params;
        const app = await lookup.application(request, app_id);
        const message = await lookup.message(app, msg_id);
        const endpoint = await lookup.endpoint(app, endpoint_id);
        const kept = remember({ kind: "body", status: 202, json: "{}" });
        const result = await store.resend({
          application: app.id,
          message: message.id,
          endpoint: endpoint.id,
          delivery: context.ids.next("delivery"),
          at: context.now(),
          ...(kept === undefined ? {} : { remember: kept }),
        });
        switch (result.kind) {
          case "moved":
          case "created":
            return sendJson(reply, 202, "{}");
          case "endpoint-disabled":
            throw new ApiProblem("endpoint_disabled");
          case "content-deleted":
            throw new ApiProblem("content_deleted");
          case "not-found":
            throw new ApiProblem("message_not_found");
          case "repeated":
          case "key-reused": {
            const first = repeatedBody(result);
            return sendJson(reply, first.status, first.json);
          }
        }
      }),
  );
}
