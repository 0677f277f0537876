import type { Receiver } from "../inbox/receiver.ts";
import { answerNode } from "./node.ts";
import type { NodeResponse } from "./node.ts";
import type { MaybeParsed, NodeRequest } from "./node-body.ts";

type NestRequest = NodeRequest & MaybeParsed & { readonly originalUrl: string };

/**
 * For a Nest controller on Express, which parses every body: create the application with `{ rawBody: true }`, and call it
 * in a method with `@Req() request, @Res() response`. Nest refuses bodies over 100 kB itself until you raise that:
 * `app.useBodyParser("json", { limit: "25mb" })`.
 */
export function toNest(
  receiver: Receiver,
): (request: NestRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNode(receiver, request, response, remedy);
}

const remedy = "Create the application with NestFactory.create(AppModule, { rawBody: true }).";
