import { z } from "zod";
import type { MessageFilter } from "../../ports/message-store.ts";
import { judgeMatch } from "../../domain/match.ts";
import type { ApiContext } from "../context.ts";
import { idCursors, pageOf, pageQuery, showPage, type ListOut } from "../paging.ts";
import { createRepeatedReads } from "../repeated-reads.ts";
import { commonErrors, listOf, nothing } from "../schemas/common.ts";
import {
  messageFilterQuery,
  messageOut,
  messagePrecheckIn,
  messagePrecheckOut,
  showMessage,
  withContentQuery,
} from "../schemas/message.ts";
import { sendJson } from "../send-json.ts";
import type { Api } from "../api.ts";

const tags = ["Message"];
const application = z.object({ app_id: z.string().meta({ description: "The id or the uid." }) });
export const messageParams = application.extend({
  msg_id: z.string().meta({ description: "The id or the eventId." }),
});

export function messageRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addGet(api, context);
  addExpungeContent(api, context);
  precheckRoute(api, context);
}

function addList(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;
  api.get(
    "/app/:app_id/msg",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message.list",
        summary: "List messages, the newest first",
        params: application,
        querystring: z.strictObject({ ...pageQuery, ...messageFilterQuery, ...withContentQuery }),
        response: { 200: listOf("MessageOut", messageOut), ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const form = idCursors(codec, "message");
      const page = pageOf(request.query, form, "descending");
      const listed = await store.listMessages(app.id, messageFilterOf(request.query), page);
      const withContent = request.query.with_content !== false;
      const shown = showPage(page, listed, form, {
        keyOf: (message) => message.id,
        show: (message) => showMessage(codec, message, withContent),
      });
      return sendJson(reply, 200, listText(shown));
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  const { codec, lookup } = context;
  api.get(
    "/app/:app_id/msg/:msg_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message.get",
        summary: "Get a message",
        params: messageParams,
        querystring: z.strictObject(withContentQuery),
        response: { 200: messageOut, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const withContent = request.query.with_content !== false;
      return sendJson(reply, 200, showMessage(codec, message, withContent));
    },
  );
}

function addExpungeContent(api: Api, context: ApiContext): void {
  const { store, lookup } = context;
  api.delete(
    "/app/:app_id/msg/:msg_id/content",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message.expunge-content",
        summary: "Delete a message's content; what waits of it is discarded",
        params: messageParams,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      await store.deleteMessageContent(message.id);
      return reply.code(204).send(null);
    },
  );
}

function precheckRoute(api: Api, context: ApiContext): void {
  const checkRepeated = createRepeatedReads();
  api.post(
    "/app/:app_id/msg/precheck/active",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message.precheck",
        summary: "Ask whether any endpoint would get such a message",
        description: "Filters over the payload cannot be judged here: they count as matching.",
        params: application,
        body: messagePrecheckIn,
        response: { 200: messagePrecheckOut, ...commonErrors },
      },
    },
    (request) =>
      context.idempotency.run(request, async (remember) => {
        const app = await context.lookup.application(request, request.params.app_id);
        checkRepeated(remember({ kind: "body", status: 200, json: null }), context.now());
        const routes = await context.configuration.routes(app.id);
        const { eventType, channels } = request.body;
        const event = { eventType, channels: channels ?? [], payload: {} };
        const endpoints = routes?.endpoints ?? [];
        const active = endpoints.some(
          ({ wants }) => judgeMatch({ ...wants, filter: null }, event).kind === "matched",
        );
        return { active };
      }),
  );
}

export function messageFilterOf(query: {
  readonly channel?: string | undefined;
  readonly tag?: string | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly event_types?: readonly string[] | undefined;
}): MessageFilter {
  const { channel, tag, before, after, event_types: eventTypes } = query;
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(tag === undefined ? {} : { tag }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
  };
}

/** The text of a list whose items are texts already. */
export function listText(list: ListOut<string>): string {
  const { data, ...rest } = list;
  return `{"data":[${data.join(",")}],${JSON.stringify(rest).slice(1)}`;
}
