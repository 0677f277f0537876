import type { Scheme } from "@posthorn/receiver";
import * as schemes from "@posthorn/receiver/schemes";
import type { WebhookSchemes } from "../../ports/webhook-schemes.ts";
import { nodeCrypto } from "./node-crypto.ts";

/** Every scheme of the receiver's, on node:crypto. */
export const webhookSchemes: WebhookSchemes = {
  byName: new Map(Object.values<Scheme>(schemes).map((scheme) => [scheme.name, scheme])),
  crypto: nodeCrypto,
};
