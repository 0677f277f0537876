import { idTimeMs } from "../../domain/ids.ts";
import type { Resend, ResendResult } from "../../ports/message-store.ts";
import type { DeliveryParts, Deliveries } from "./deliveries.ts";
import type { Shared } from "./shared.ts";

export class Resends {
  readonly #shared: Shared;
  readonly #parts: DeliveryParts;
  readonly #deliveries: Deliveries;

  constructor(shared: Shared, parts: DeliveryParts, deliveries: Deliveries) {
    this.#shared = shared;
    this.#parts = parts;
    this.#deliveries = deliveries;
  }

  resend(resend: Resend): ResendResult {
    const { idempotency } = this.#shared;
    const repeated = idempotency.repeated(resend.remember, resend.at);
    if (repeated !== undefined) return repeated;
    const result = this.#decide(resend);
    if (result.kind === "moved" || result.kind === "created") {
      idempotency.remember(resend.remember);
    }
    return result;
  }

  #decide(resend: Resend): ResendResult {
    const { endpoints, messages, queue } = this.#parts;
    const { at, endpoint: id } = resend;
    const endpoint = endpoints.byId(id);
    const message = messages.byId(resend.message);
    if (endpoint?.application !== resend.application) return { kind: "not-found" };
    if (message?.application !== resend.application) return { kind: "not-found" };
    if (endpoint.config.disabled) return { kind: "endpoint-disabled" };
    if (message.content === null) return { kind: "content-deleted" };
    const waiting = queue.waiting(resend.message, id);
    if (waiting !== undefined) {
      // One that is due already keeps its place.
      const due = Math.min(waiting.due, at);
      const { attempts, delivery } = waiting;
      queue.move(delivery, { due, rule: "manual", attempts });
      this.#shared.effects.add({ kind: "waiting", endpoint: id, due });
      return { kind: "moved", delivery };
    }
    const resendOf = this.#deliveries.latestEnded(resend.message, id);
    this.#add(resend, resendOf, endpoint.partition);
    return { kind: "created", resendOf };
  }

  /** The message's expiry does not count: a person asked for it. */
  #add(resend: Resend, resendOf: Resend["delivery"] | null, partition: number): void {
    const { application, at, delivery, endpoint, message } = resend;
    const { effects, installation, rollups } = this.#shared;
    const rest = { attempts: 0, expiresAt: null, content: null };
    this.#parts.queue.add(
      { id: delivery, application, endpoint, message, due: at, rule: "manual", resendOf, ...rest },
      { partition, resent: true },
    );
    rollups.made(endpoint, idTimeMs(delivery));
    installation.saw(delivery);
    effects.add({ kind: "waiting", endpoint, due: at });
  }
}
