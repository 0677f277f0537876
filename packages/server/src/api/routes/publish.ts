import { z } from "zod";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { publishCall } from "../publish-call.ts";
import { commonErrors } from "../schemas/common.ts";
import { messageIn, messageOut, withContentQuery } from "../schemas/message.ts";
import { sendJson } from "../send-json.ts";

/** Most publishes come through the direct door, which answers the same (`direct-publish.ts`). */
export function publishRoutes(api: Api, context: ApiContext): void {
  api.post(
    "/app/:app_id/msg",
    {
      config: { access: "application" },
      schema: {
        tags: ["Message"],
        operationId: "v1.message.create",
        summary: "Publish a message",
        description: "Answered once the message and its deliveries are on disk.",
        params: z.object({ app_id: z.string() }),
        querystring: z.strictObject(withContentQuery),
        body: messageIn,
        response: { 202: messageOut, ...commonErrors },
      },
    },
    async (request, reply) => {
      const { json, status } = await publishCall(context, {
        call: request,
        name: request.params.app_id,
        body: request.body,
        withContent: request.query.with_content !== false,
      });
      return sendJson(reply, status, json);
    },
  );
}
