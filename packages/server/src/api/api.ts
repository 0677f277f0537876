import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Caller } from "./auth.ts";

/** The Fastify instance that routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * Who may call a route: `public` everybody, `any` every key, `application` the key of the
 * application in the path or an admin key, `admin` admin keys only.
 */
export type Access = "public" | "any" | "application" | "admin";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** `null` on public routes. */
    caller: Caller | null;
    /** The body's bytes as they came. */
    rawBody: Buffer | null;
  }
}
