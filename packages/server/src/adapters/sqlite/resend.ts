import { idTimeMs, type DeliveryId } from "../../domain/ids.ts";
import type { MessageContent } from "../../domain/message.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type { Resend, ResendResult } from "../../ports/message-store.ts";
import type { DeliveryParts, Deliveries } from "./deliveries.ts";
import type { QueueRow } from "./queue.ts";
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
    const endpoint = endpoints.byId(resend.endpoint);
    const message = messages.byId(resend.message);
    if (endpoint?.application !== resend.application) return { kind: "not-found" };
    if (message?.application !== resend.application) return { kind: "not-found" };
    if (endpoint.config.disabled) return { kind: "endpoint-disabled" };
    if (message.content === null) return { kind: "content-deleted" };
    const waiting = queue.waiting(message.id, endpoint.id);
    if (waiting !== undefined) return this.#move(waiting, message.content, resend.at);
    const resendOf = this.#deliveries.latestEnded(message.id, endpoint.id);
    this.#add(resend, { partition: endpoint.partition, resendOf, content: message.content });
    return { kind: "created", resendOf };
  }

  #move(waiting: QueueRow, content: MessageContent, at: number): ResendResult {
    const { attempts, delivery } = waiting;
    // One that is due already keeps its place.
    const due = Math.min(waiting.due, at);
    this.#parts.queue.move(delivery, { due, rule: "manual", attempts });
    this.#tell({
      id: delivery,
      application: waiting.application,
      endpoint: waiting.endpoint,
      message: waiting.message,
      due,
      rule: "manual",
      attempts,
      resendOf: waiting.resend_of,
      expiresAt: waiting.expires_at,
      content,
    });
    return { kind: "moved", delivery };
  }

  #add(
    resend: Resend,
    rest: {
      readonly partition: number;
      readonly resendOf: DeliveryId | null;
      readonly content: MessageContent;
    },
  ): void {
    const { installation, rollups } = this.#shared;
    const { application, at, delivery: id, endpoint, message } = resend;
    const delivery: QueuedDelivery = {
      id,
      application,
      endpoint,
      message,
      due: at,
      rule: "manual",
      attempts: 0,
      resendOf: rest.resendOf,
      // The message's expiry does not count: a person asked for it.
      expiresAt: null,
      content: rest.content,
    };
    this.#parts.queue.add(delivery, { partition: rest.partition, resent: true });
    rollups.made(endpoint, idTimeMs(id));
    installation.saw(id);
    this.#tell(delivery);
  }

  /** With its content, so that the owner knows that a person asks: it may be a breaker's probe. */
  #tell(delivery: QueuedDelivery): void {
    const bytes = delivery.content?.body.byteLength ?? 0;
    this.#shared.effects.add({ kind: "committed", deliveries: [delivery], bytes });
  }
}
