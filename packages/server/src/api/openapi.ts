import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import { z } from "zod";
import type { ApiSettings } from "./api-parts.ts";
import { tidyDocument } from "./openapi-document.ts";
import type { Api } from "./api.ts";
import { problem } from "./schemas/common.ts";

const zodToJsonConfig = {
  /** A transformed parameter is described by what is sent, not by what becomes of it. */
  override({
    zodSchema,
    jsonSchema,
  }: {
    zodSchema: z.core.$ZodTypes;
    jsonSchema: z.core.JSONSchema.BaseSchema;
  }) {
    // Answers may get fields that this version does not have.
    const { def } = zodSchema._zod;
    if (def.type === "object" && def.catchall === undefined) {
      delete jsonSchema.additionalProperties;
    }
    const described = z.globalRegistry.get(zodSchema)?.["openapi"];
    if (typeof described !== "object" || described === null) return;
    for (const key of Object.keys(jsonSchema)) {
      if (key !== "description") delete jsonSchema[key];
    }
    Object.assign(jsonSchema, described);
  },
};

const transform = createJsonSchemaTransform({ zodToJsonConfig });

const idempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: "A repeated request with the same key is carried out once, for 24 h." }),
});

/** Adds what follows from a route's method, so that no route has to say it. */
function withCommon(schema: Described, { method }: { readonly method: string | string[] }) {
  const { response } = schema;
  // The routes without a key say what they answer by themselves.
  if (!isAnswers(response) || !("401" in response)) return schema;
  const { 409: conflict, ...rest } = response;
  const answers = {
    ...rest,
    // A body that nobody asked for is read and judged, too.
    ...(method === "GET" ? {} : { 409: conflict, ...bodyProblems }),
    400: problem.describe("The request, or its path, cannot be read."),
    500: problem.describe("An unexpected fault of the server."),
  };
  return {
    ...schema,
    ...(method === "POST" ? { headers: idempotencyKey } : {}),
    response: answers,
  };
}

type Described = Parameters<typeof transform>[0]["schema"];

const bodyProblems = {
  413: problem.describe("The payload, or the body, is larger than the limit."),
  415: problem.describe("The body is not application/json."),
};

function isAnswers(response: unknown): response is Readonly<Record<string, unknown>> {
  return typeof response === "object" && response !== null;
}

/** Collects the routes that are added from here on. */
export function describeApi(api: Api, settings: ApiSettings): void {
  void api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Posthorn",
        version: "1",
        description: "Send webhooks, and understand what became of them.",
      },
      servers: [{ url: settings.publicUrl ?? "/" }],
      components: { securitySchemes: { HTTPBearer: { type: "http", scheme: "bearer" } } },
      security: [{ HTTPBearer: [] }],
    },
    transform: (route) => transform({ ...route, schema: withCommon(route.schema, route.route) }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
}

/** The OpenAPI 3.1 document of an API that is ready: the same text for the same routes. */
export function buildOpenApi(api: FastifyInstance): string {
  return `${JSON.stringify(tidyDocument(api.swagger()), null, 2)}\n`;
}
