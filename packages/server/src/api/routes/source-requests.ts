import { z } from "zod";
import { requestOutcomes } from "../../domain/reasons.ts";
import type { InboundRequest } from "../../domain/inbound-request.ts";
import type { Source } from "../../domain/source.ts";
import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { idCursors, orderQuery, pageOf, pageQuery, showPage } from "../paging.ts";
import { ApiProblem } from "../problems.ts";
import { createRepeatedReads } from "../repeated-reads.ts";
import { commonErrors, emptyBody, listOf } from "../schemas/common.ts";
import { requestOut, showRequest } from "../schemas/request.ts";
import { findSource, sourceParams } from "./sources.ts";

const tags = ["Source request"];
const requestParams = sourceParams.extend({ request_id: z.string() });

export function sourceRequestRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addGet(api, context);
  addRetry(api, context);
}

function addList(api: Api, context: ApiContext): void {
  const { codec, store } = context;
  api.get(
    "/source/:source_id/request",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source-request.list",
        summary: "List what arrived at a source, the newest first",
        params: sourceParams,
        querystring: z.strictObject({
          ...pageQuery,
          ...orderQuery,
          outcome: z.enum(requestOutcomes).optional(),
        }),
        response: { 200: listOf("SourceRequestOut", requestOut), ...commonErrors },
      },
    },
    async (request) => {
      const source = await findSource(context, request, request.params.source_id);
      const form = idCursors(codec, "request");
      const page = pageOf(request.query, form, "descending");
      const { outcome } = request.query;
      const filter = outcome === undefined ? {} : { outcome };
      return showPage(page, await store.listRequests(source.id, filter, page), form, {
        keyOf: (each) => each.id,
        show: (each) => showRequest(codec, each),
      });
    },
  );
}

function addGet(api: Api, context: ApiContext): void {
  api.get(
    "/source/:source_id/request/:request_id",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source-request.get",
        summary: "Get a request, and what came of it",
        params: requestParams,
        response: { 200: requestOut, ...commonErrors },
      },
    },
    async (request) => {
      const source = await findSource(context, request, request.params.source_id);
      return showRequest(context.codec, await find(context, source, request.params.request_id));
    },
  );
}

function addRetry(api: Api, context: ApiContext): void {
  const checkRepeated = createRepeatedReads();
  api.post(
    "/source/:source_id/request/:request_id/retry-verification",
    {
      config: { access: "application" },
      schema: {
        tags,
        operationId: "v1.source-request.retry-verification",
        summary: "Verify a rejected request again, with the source's secrets and settings of now",
        description:
          "What fits becomes a message; what does not stays rejected, for the reason that is shown.",
        params: requestParams,
        body: emptyBody,
        response: { 200: requestOut, ...commonErrors },
      },
    },
    (request) =>
      context.idempotency.run(request, async (remember) => {
        const source = await findSource(context, request, request.params.source_id);
        const found = await find(context, source, request.params.request_id);
        // Whatever a first try did, a second one can only find it done.
        if (found.reason === "event-received-later") return showRequest(context.codec, found);
        checkRepeated(remember({ kind: "body", status: 200, json: null }), context.now());
        const verified = await context.verifyAgain(source, found);
        switch (verified.kind) {
          case "judged":
            return showRequest(
              context.codec,
              await find(context, source, request.params.request_id),
            );
          case "not-rejected":
            throw new ApiProblem("request_not_rejected");
          case "not-kept":
            throw new ApiProblem("request_not_kept");
          case "application-not-found":
            throw new ApiProblem("source_not_found");
        }
      }),
  );
}

async function find(context: ApiContext, source: Source, name: string): Promise<InboundRequest> {
  const id = context.codec.parse("request", name);
  const found = id === undefined ? undefined : await context.store.findRequest(source.id, id);
  if (found === undefined) throw new ApiProblem("request_not_found");
  return found;
}
