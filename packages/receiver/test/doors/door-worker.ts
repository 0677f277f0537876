import { createReceiver, github, memoryInbox } from "@posthorn/receiver";
import { toCloudflareWorkers } from "@posthorn/receiver/cloudflare-workers";
import type { WorkerContext } from "@posthorn/receiver/cloudflare-workers";

/** A Worker as the documentation has it, and a page of what its handlers saw. */
const seen: string[] = [];
const receiver = createReceiver({
  scheme: github,
  secrets: "s3cret",
  inbox: memoryInbox(),
  maxBodyBytes: 100_000,
  on: { "*": ({ body }) => void seen.push(btoa(String.fromCharCode(...body))) },
});
const door = toCloudflareWorkers(receiver);

export default {
  fetch: async (request: Request, environment: unknown, context: WorkerContext) =>
    new URL(request.url).pathname === "/seen"
      ? Response.json(seen)
      : door(request, environment, context),
};
