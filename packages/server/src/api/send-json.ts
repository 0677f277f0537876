import type { FastifyReply } from "fastify";

/** Sends JSON text as it is, so that a payload in it stays byte for byte what it was. */
export function sendJson(reply: FastifyReply, status: number, json: string | null): FastifyReply {
  reply.code(status);
  if (json === null) return reply.send();
  return reply.header("content-type", "application/json; charset=utf-8").send(json);
}
