import type { Receiver } from "../inbox/receiver.ts";
import { answerFetch } from "./fetch.ts";

/** What is used of Hono's context. */
export interface HonoContext {
  readonly req: { readonly raw: Request };
}

/** A handler for Hono: `app.all("/webhooks", toHono(receiver))`. */
export function toHono(receiver: Receiver): (context: HonoContext) => Promise<Response> {
  return (context) => answerFetch(receiver, context.req.raw, remedy);
}

const remedy = "Do not call c.req.json() or c.req.parseBody() in a middleware before it.";
