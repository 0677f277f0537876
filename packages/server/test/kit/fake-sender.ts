import type { ErrorClass, Outcome } from "../../src/domain/outcome.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Sender, SendRequest, SendResult } from "../../src/ports/sender.ts";

/** What a fake receiver does with a request. */
export type Behaviour =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly afterMs?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "fail";
      readonly outcome: Extract<Outcome, "not-sent" | "unknown">;
      readonly errorClass: ErrorClass;
      readonly afterMs?: number;
    }
  /** Never answers: the deadline ends it. */
  | { readonly kind: "hang" };

export interface SentRequest extends SendRequest {
  readonly at: number;
}

export interface FakeSender extends Sender {
  /** Every request so far, in order. */
  readonly sent: readonly SentRequest[];
  sentTo(url: string): readonly SentRequest[];
  underWay(): number;
  mostUnderWay(url: string): number;
}

const deadlineMs = 15_000;

/** A sender whose receivers are a function of the request; time passes on `clock` alone. */
export function createFakeSender(
  clock: Clock,
  behave: (request: SentRequest) => Behaviour,
): FakeSender {
  const sent: SentRequest[] = [];
  const byUrl = new Map<string, SentRequest[]>();
  const underWay = new Map<string, number>();
  const most = new Map<string, number>();

  function begin(url: string): void {
    const count = (underWay.get(url) ?? 0) + 1;
    underWay.set(url, count);
    most.set(url, Math.max(count, most.get(url) ?? 0));
  }

  return {
    sent,
    sentTo: (url) => byUrl.get(url) ?? [],
    underWay: () => [...underWay.values()].reduce((sum, count) => sum + count, 0),
    mostUnderWay: (url) => most.get(url) ?? 0,
    send(request, signal) {
      const seen: SentRequest = { ...request, at: clock.now() };
      sent.push(seen);
      const ofUrl = byUrl.get(request.url) ?? [];
      ofUrl.push(seen);
      byUrl.set(request.url, ofUrl);
      begin(request.url);
      const behaviour = behave(seen);
      return new Promise<SendResult>((resolve) => {
        const end = (result: Omit<SendResult, "totalMs" | "reused">): void => {
          cancel();
          underWay.set(request.url, (underWay.get(request.url) ?? 1) - 1);
          resolve({ ...result, totalMs: clock.now() - seen.at, reused: false });
        };
        const timeout = { outcome: "unknown", errorClass: "response-timeout" } as const;
        const cancel = clock.at(seen.at + afterMs(behaviour), () => end(resultOf(behaviour)));
        signal?.addEventListener("abort", () => end(timeout), { once: true });
      });
    },
    close: () => Promise.resolve(),
  };
}

function afterMs(behaviour: Behaviour): number {
  return behaviour.kind === "hang" ? deadlineMs : (behaviour.afterMs ?? 5);
}

function resultOf(behaviour: Behaviour): Omit<SendResult, "totalMs" | "reused"> {
  switch (behaviour.kind) {
    case "hang":
      return { outcome: "unknown", errorClass: "response-timeout" };
    case "fail":
      return { outcome: behaviour.outcome, errorClass: behaviour.errorClass };
    case "answer": {
      const { status } = behaviour;
      return {
        outcome: status >= 200 && status < 300 ? "delivered" : "rejected",
        response: {
          status,
          headers: Object.entries(behaviour.headers ?? {}),
          body: new Uint8Array(),
          truncated: false,
        },
      };
    }
  }
}
