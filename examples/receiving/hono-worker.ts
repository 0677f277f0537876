/**
 * Hono on Cloudflare Workers: verified, put into a queue before the provider is answered, and handled by the queue's
 * consumer. Bindings: the secret WEBHOOK_SECRET, the queue EVENTS (producer and consumer) and the KV namespace HANDLED.
 */
import { standardWebhooks, verifyRequest } from "@posthorn/receiver";
import { Hono } from "hono";

interface Event {
  readonly id: string;
  readonly type: string | undefined;
  readonly body: string;
}

interface Environment {
  readonly WEBHOOK_SECRET: string;
  readonly EVENTS: { send(event: Event): Promise<void> };
  readonly HANDLED: {
    get(id: string): Promise<string | null>;
    put(id: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
  };
}

interface Batch {
  readonly messages: readonly { readonly body: Event; ack(): void; retry(): void }[];
}

const app = new Hono<{ Bindings: Environment }>();

app.post("/webhooks", async ({ env, req, json }) => {
  const verdict = await verifyRequest(standardWebhooks, req.raw, env.WEBHOOK_SECRET);
  if (verdict.kind === "rejected") {
    console.warn(`refused (${verdict.reason}): ${verdict.detail}`);
    return json({ error: "rejected" }, 401);
  }
  const { eventId: id = "", eventType: type, body } = verdict;
  await env.EVENTS.send({ id, type, body: new TextDecoder().decode(body) });
  return json({ received: true });
});

export default {
  fetch: app.fetch,

  /**
   * What throws comes again, and some messages come twice by themselves: the id tells. KV may tell late, so an effect
   * that must never happen twice belongs into a database, under that id.
   */
  async queue({ messages }: Batch, { HANDLED }: Environment): Promise<void> {
    for (const message of messages) {
      const { id, type } = message.body;
      if ((await HANDLED.get(id)) === null) {
        console.log(`handle ${type} ${id}`);
        await HANDLED.put(id, "yes", { expirationTtl: 30 * 86_400 });
      }
      message.ack();
    }
  },
};
