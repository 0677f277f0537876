import { sign, standardWebhooks, verifyRequest } from "@posthorn/receiver";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function handle(request: Request): Promise<Response> {
  const verdict = await verifyRequest(standardWebhooks, request, secret);
  if (verdict.kind === "rejected") {
    console.log(`refused: ${verdict.reason}`);
    return new Response(null, { status: 401 });
  }
  console.log(`${verdict.eventId}: ${verdict.eventType}`);
  return new Response(null, { status: 204 });
}

// A test of your own handler signs what it sends.
const body = JSON.stringify({ type: "invoice.paid" });
const { headers } = await sign(standardWebhooks, { id: "msg_1", body }, secret);
const url = "https://example.com/webhooks";
await handle(new Request(url, { method: "POST", headers, body }));
await handle(new Request(url, { method: "POST", headers, body: `${body} ` }));
