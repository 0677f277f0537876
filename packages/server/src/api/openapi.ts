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
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
}

/** The OpenAPI 3.1 document of an API that is ready: the same text for the same routes. */
export function buildOpenApi(api: FastifyInstance): string {
  return `${JSON.stringify(tidyDocument(api.swagger()), null, 2)}\n`;
}
