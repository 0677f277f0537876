import { problem } from "../inbox/answer.ts";
import type { ReceiverAnswer } from "../inbox/answer.ts";
import type { Receiver } from "../inbox/receiver.ts";
import type { InboundRequest } from "../request.ts";
import type { BodyRead } from "./node-body.ts";

/** Hands a request on with the body that was read, or answers what went wrong while reading it. */
export async function admit(
  receiver: Receiver,
  request: Omit<InboundRequest, "body">,
  read: BodyRead,
  /** How raw bytes are had in this framework. */
  remedy: string,
): Promise<ReceiverAnswer> {
  switch (read.kind) {
    case "read":
      return receiver.handle({ ...request, body: read.body });
    case "too-large":
      receiver.notify(
        refusal("too-large", `The body has more than ${receiver.maxBodyBytes} bytes.`),
      );
      return tooLarge(receiver.maxBodyBytes);
    case "too-slow":
      receiver.notify(
        refusal("too-slow", `The body did not arrive within ${receiver.bodyTimeoutMs} ms.`),
      );
      return tooSlow(receiver.bodyTimeoutMs);
    case "parsed": {
      const detail = `A body parser ran before the receiver, and a signature covers the raw bytes. ${remedy}`;
      receiver.notify(refusal("body-already-parsed", detail));
      return problem(500, "body-already-parsed", detail);
    }
  }
}

function refusal(reason: string, detail: string) {
  return { kind: "rejected", reason, detail } as const;
}

/**
 * The URL with its query. Its host is the request's own word and is good for nothing but reading the query: schemes that
 * sign the URL need the receiver's `publicUrl`.
 */
export function urlOf(host: string | undefined, target: string | undefined): string {
  const path = target?.startsWith("/") === true ? target : "/";
  return `https://${host ?? "localhost"}${path}`;
}

function tooLarge(maxBodyBytes: number): ReceiverAnswer {
  return problem(413, "too-large", `The body may have ${maxBodyBytes} bytes.`);
}

function tooSlow(bodyTimeoutMs: number): ReceiverAnswer {
  const answer = problem(408, "too-slow", `The body must arrive within ${bodyTimeoutMs} ms.`);
  return { ...answer, headers: { ...answer.headers, connection: "close" } };
}
