import type { ReceiverAnswer } from "../inbox/answer.ts";
import type { Receiver } from "../inbox/receiver.ts";
import { admit, urlOf } from "./door.ts";
import { readNodeBody } from "./node-body.ts";
import type { NodeRequest } from "./node-body.ts";

/** What is used of Koa's context. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly request: { readonly rawBody?: unknown };
  readonly originalUrl: string;
  readonly host: string;
  status: number;
  body: unknown;
  set(field: string, value: string): unknown;
}

/** A middleware for Koa. Mount it under the webhook's path, before koa-bodyparser and its like. */
export function toKoa(receiver: Receiver): (context: KoaContext) => Promise<void> {
  return async (context) => {
    const { req, originalUrl, host } = context;
    const { method, headers, rawHeaders } = req;
    const read = await readNodeBody(req, receiver);
    const head = { method, url: urlOf(host, originalUrl), headers: { headers, rawHeaders } };
    write(context, await admit(receiver, head, read, remedy));
  };
}

function write(context: KoaContext, answer: ReceiverAnswer): void {
  context.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) context.set(name, value);
  context.body = answer.body;
}

const remedy = "Put the webhook's middleware before app.use(bodyParser()).";
