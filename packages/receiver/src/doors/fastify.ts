import type { Receiver } from "../inbox/receiver.ts";
import { admit, urlOf } from "./door.ts";
import { readNodeBody } from "./node-body.ts";
import type { NodeRequest } from "./node-body.ts";

/** What is used of Fastify's instance. */
export interface FastifyInstanceLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    contentType: "*",
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  all(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

export interface FastifyRequestLike {
  readonly raw: NodeRequest;
  readonly body: unknown;
  readonly originalUrl: string;
}

export interface FastifyReplyLike {
  code(status: number): FastifyReplyLike;
  headers(headers: Record<string, string>): FastifyReplyLike;
  send(body: string): unknown;
}

export interface FastifyDoorOptions {
  /** @default "/" under the plugin's prefix */
  readonly path?: string;
}

/**
 * A plugin for Fastify: `app.register(toFastify(receiver), { prefix: "/webhooks" })`. Parsers are switched off inside it alone, so
 * that the bytes stay what they are; the rest of the application keeps its own.
 */
export function toFastify(
  receiver: Receiver,
  { path = "/" }: FastifyDoorOptions = {},
): (instance: FastifyInstanceLike) => Promise<void> {
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser("*", (_request, _payload, done) => done(null));
    instance.all(path, async (request, reply) => {
      const { raw, originalUrl } = request;
      const { method, headers, rawHeaders } = raw;
      const { host } = headers;
      const url = urlOf(typeof host === "string" ? host : undefined, originalUrl);
      const read = await readNodeBody(raw, receiver);
      const answer = await admit(
        receiver,
        { method, url, headers: { headers, rawHeaders } },
        read,
        remedy,
      );
      return reply
        .code(answer.status)
        .headers({ ...answer.headers })
        .send(answer.body);
    });
  };
}

const remedy =
  "Register the receiver's plugin without fastify-plugin, and no hook that reads the body before it.";
