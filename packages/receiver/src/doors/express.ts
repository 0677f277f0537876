import type { Receiver } from "../inbox/receiver.ts";
import { answerNode } from "./node.ts";
import type { NodeResponse } from "./node.ts";
import type { MaybeParsed, NodeRequest } from "./node-body.ts";

type ExpressRequest = NodeRequest & MaybeParsed & { readonly originalUrl: string };

/** A handler for Express 4 and 5: `app.all("/webhooks", toExpress(receiver))`, before `app.use(express.json())`. */
export function toExpress(
  receiver: Receiver,
): (request: ExpressRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNode(receiver, request, response, remedy);
}

const remedy =
  "Register the webhook's route before app.use(express.json()), or keep the bytes with " +
  "express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } }).";
