import type { Receiver } from "../inbox/receiver.ts";
import { answerFetch } from "./fetch.ts";

/** What is used of a Worker's execution context. */
export interface WorkerContext {
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * The `fetch` of a Worker: answers, and then runs the handlers of what is due while `waitUntil` keeps the Worker. Retries
 * need a cron trigger: `scheduled: (event, env, ctx) => ctx.waitUntil(receiver.drain())`.
 */
export function toCloudflareWorkers(
  receiver: Receiver,
): (request: Request, environment: unknown, context: WorkerContext) => Promise<Response> {
  return async (request, _environment, context) => {
    const response = await answerFetch(receiver, request, remedy);
    context.waitUntil(drain(receiver));
    return response;
  };
}

async function drain(receiver: Receiver): Promise<void> {
  try {
    await receiver.drain();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    receiver.notify({ kind: "inbox-unavailable", error: text });
  }
}

const remedy = "Hand the request on before its body is read.";
