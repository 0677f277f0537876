import type { Claim } from "./entry.ts";
import { parseData } from "./event.ts";
import type { ReceivedEvent } from "./event.ts";
import { InvalidEventError } from "./retry.ts";
import { describeIssues } from "./standard-schema.ts";
import type { StandardSchema } from "./standard-schema.ts";

export interface HandlerContext<Transaction = undefined> {
  /** Aborted when the handler's time is over: pass it on to `fetch` and the like. */
  readonly signal: AbortSignal;
  /** With `postgresInbox(pool, { transactional: true })` the client in whose transaction the event becomes done. */
  readonly transaction: Transaction;
}

/** Handles one event. When it throws or takes too long it runs again later, so it must bear a second run. */
export type Handler<Data = unknown, Transaction = undefined> = {
  // A method's parameters are compared both ways: a handler of invoices is kept among handlers of anything, and
  // called with what the schema of invoices gave.
  handle(event: ReceivedEvent<Data>, context: HandlerContext<Transaction>): unknown;
}["handle"];

/** A handler that did not end in its time. It may still be running; its event is tried again. */
class HandlerTimeoutError extends Error {
  override readonly name = "HandlerTimeoutError";
}

/** Runs `handler` for a claimed entry, for at most `timeoutMs`. Throws what it throws. */
export async function runHandler<Transaction>(
  handler: Handler<unknown, Transaction>,
  schema: StandardSchema | undefined,
  claim: Claim,
  { timeoutMs, transaction }: { readonly timeoutMs: number; readonly transaction: Transaction },
): Promise<void> {
  const event = await eventOf(claim, schema);
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new HandlerTimeoutError(`The handler did not end within ${timeoutMs} ms.`);
      controller.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    await Promise.race([
      Promise.resolve(handler(event, { signal: controller.signal, transaction })),
      timeout,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function eventOf(claim: Claim, schema: StandardSchema | undefined): Promise<ReceivedEvent> {
  const { key, type, body, headers, receivedAtMs, attempt } = claim;
  const parsed = parseData(body, headers["content-type"]);
  const data = schema === undefined ? parsed : await validate(parsed, schema);
  return { id: key, type, data, body, headers, receivedAt: new Date(receivedAtMs), attempt };
}

async function validate(data: unknown, schema: StandardSchema): Promise<unknown> {
  const result = await schema["~standard"].validate(data);
  if (result.issues !== undefined) throw new InvalidEventError(describeIssues(result.issues));
  return result.value;
}
