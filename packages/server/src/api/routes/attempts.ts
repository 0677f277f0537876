import { z } from "zod";
import type { Application } from "../../domain/application.ts";
import type { Attempt } from "../../domain/delivery.ts";
import type { MessageId } from "../../domain/ids.ts";
import type { Message } from "../../domain/message.ts";
import { createSentRequests, type ReadSentRequest } from "../../operate/sent-request.ts";
import type { AttemptFilter } from "../../ports/message-store.ts";
import type { Listed, Page } from "../../ports/paging.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { idCursors, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem } from "../problems.ts";
import { attemptOut, outcomesOf, showAttempt, statusCodeClassQuery } from "../schemas/attempt.ts";
import { commonErrors, flagQuery, listOf, nothing } from "../schemas/common.ts";
import { statusQuery, type Status } from "../schemas/delivery.ts";
import { messageFilterQuery, showMessage, withContentQuery } from "../schemas/message.ts";
import { sendJson } from "../send-json.ts";
import { endpointParams } from "./endpoints.ts";
import { listText, messageFilterOf, messageParams } from "./messages.ts";

const tags = ["Message Attempt"];
const attemptParams = messageParams.extend({ attempt_id: z.string() });

const listQuery = {
  ...pageQuery,
  ...messageFilterQuery,
  ...withContentQuery,
  status: statusQuery,
  status_code_class: statusCodeClassQuery,
  with_msg: flagQuery,
  expanded_statuses: flagQuery,
};
const list = { 200: listOf("MessageAttemptOut", attemptOut), ...commonErrors };

export function attemptRoutes(api: Api, context: ApiContext): void {
  const { store, lookup } = context;

  api.get(
    "/app/:app_id/attempt/endpoint/:endpoint_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.list-by-endpoint",
        summary: "List the attempts to an endpoint, the newest first",
        params: endpointParams,
        querystring: z.strictObject(listQuery),
        response: list,
      },
    },
    async (request, reply) => {
      const { query } = request;
      const app = await lookup.application(request, request.params.app_id);
      const endpoint = await lookup.endpointEver(app, request.params.endpoint_id);
      const page = pageOf(query, idCursors(context.codec, "attempt"), "descending");
      const listed = await unlessNothingCanMatch(query.status, () =>
        store.listAttemptsOfEndpoint(endpoint.id, attemptFilterOf(query), page),
      );
      return sendJson(reply, 200, await showList(context, app, { page, listed, query }));
    },
  );

  api.get(
    "/app/:app_id/attempt/msg/:msg_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.list-by-msg",
        summary: "List the attempts of a message, the newest first",
        params: messageParams,
        querystring: z.strictObject({ ...listQuery, endpoint_id: z.string().optional() }),
        response: list,
      },
    },
    async (request, reply) => {
      const { query } = request;
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const name = query.endpoint_id;
      const endpoint = name === undefined ? undefined : await lookup.endpoint(app, name);
      const filter = {
        ...attemptFilterOf(query),
        ...(endpoint === undefined ? {} : { endpoint: endpoint.id }),
      };
      const page = pageOf(query, idCursors(context.codec, "attempt"), "descending");
      const listed = await unlessNothingCanMatch(query.status, () =>
        store.listAttemptsOfMessage(message.id, filter, page),
      );
      return sendJson(reply, 200, await showList(context, app, { page, listed, query }));
    },
  );
  singleRoutes(api, context);
}

function singleRoutes(api: Api, context: ApiContext): void {
  const { store, codec, lookup } = context;

  api.get(
    "/app/:app_id/msg/:msg_id/attempt/:attempt_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.get",
        summary: "Get an attempt",
        params: attemptParams,
        querystring: z.strictObject({ expanded_statuses: flagQuery }),
        response: { 200: attemptOut, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const id = codec.parse("attempt", request.params.attempt_id);
      const attempt = id === undefined ? undefined : await store.findAttempt(message.id, id);
      if (attempt === undefined) throw new ApiProblem("attempt_not_found");
      const text = await attemptText(context, attempt, {
        message,
        sent: sentRequests(context),
        withMessage: false,
        withContent: true,
      });
      return sendJson(reply, 200, text);
    },
  );

  api.delete(
    "/app/:app_id/msg/:msg_id/attempt/:attempt_id/content",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.message-attempt.expunge-content",
        summary: "Delete what an endpoint answered",
        params: attemptParams,
        response: { 204: nothing, ...commonErrors },
      },
    },
    async (request, reply) => {
      const app = await lookup.application(request, request.params.app_id);
      const message = await lookup.message(app, request.params.msg_id);
      const id = codec.parse("attempt", request.params.attempt_id);
      const result =
        id === undefined ? "not-found" : await store.deleteAttemptContent(message.id, id);
      if (result === "not-found") throw new ApiProblem("attempt_not_found");
      return reply.code(204).send(null);
    },
  );
}

type Query = Parameters<typeof messageFilterOf>[0] & {
  readonly status?: Status | undefined;
  readonly status_code_class?: number | undefined;
  readonly with_msg?: boolean | undefined;
  readonly with_content?: boolean | undefined;
};

function attemptFilterOf(query: Query): AttemptFilter {
  const { status, status_code_class: statusCodeClass } = query;
  return {
    ...messageFilterOf(query),
    ...(status === undefined ? {} : { outcome: outcomesOf(status) }),
    ...(statusCodeClass === undefined ? {} : { statusCodeClass }),
  };
}

/** An attempt has ended once it is kept, so none is pending, sending or canceled. */
async function unlessNothingCanMatch(
  status: Status | undefined,
  read: () => Promise<Listed<Attempt>>,
): Promise<Listed<Attempt>> {
  if (status !== undefined && outcomesOf(status).length === 0) return { items: [], done: true };
  return read();
}

function sentRequests(context: ApiContext): ReadSentRequest {
  const { store, vault, settings } = context;
  return createSentRequests({
    formatSource: (source) => context.codec.format("source", source),
    revisions: (endpoint) => store.endpointRevisions(endpoint),
    vault,
    settings,
  });
}

async function showList(
  context: ApiContext,
  app: Application,
  shown: {
    readonly page: Page<Attempt["id"]>;
    readonly listed: Listed<Attempt>;
    readonly query: Query;
  },
): Promise<string> {
  const { page, listed, query } = shown;
  const sent = sentRequests(context);
  const messages = await messagesOf(context, app, listed.items);
  const texts = new Map<Attempt, string>();
  for (const attempt of listed.items) {
    const text = await attemptText(context, attempt, {
      message: messages.get(attempt.message),
      sent,
      withMessage: query.with_msg ?? false,
      withContent: query.with_content ?? true,
    });
    texts.set(attempt, text);
  }
  const form = idCursors(context.codec, "attempt");
  return listText(
    showPage(page, listed, form, {
      keyOf: (attempt) => attempt.id,
      show: (attempt) => texts.get(attempt) ?? "null",
    }),
  );
}

async function messagesOf(
  context: ApiContext,
  app: Application,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<MessageId, Message>> {
  const ids = Array.from(new Set(attempts.map((attempt) => attempt.message)));
  const found = await Promise.all(
    ids.map((id) => context.store.findMessage(app.id, { kind: "id", id })),
  );
  return new Map(found.flatMap((each) => (each === undefined ? [] : [[each.id, each] as const])));
}

async function attemptText(
  context: ApiContext,
  attempt: Attempt,
  how: {
    readonly message: Message | undefined;
    readonly sent: ReadSentRequest;
    readonly withMessage: boolean;
    readonly withContent: boolean;
  },
): Promise<string> {
  const { codec } = context;
  const { message, withContent } = how;
  const publicId = codec.format("message", attempt.message);
  const sent = await how.sent(attempt, publicId, message);
  const text = JSON.stringify(showAttempt(codec, attempt, sent, withContent));
  const shown =
    message !== undefined && how.withMessage ? showMessage(codec, message, withContent) : "null";
  return `${text.slice(0, -1)},"msg":${shown}}`;
}
