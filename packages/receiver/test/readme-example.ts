import { sign, verifyRequest } from "@posthorn/receiver";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function handle(request: Request): Promise<Response> {
  const verdict = await verifyRequest(request, secret);
  if (verdict.kind === "rejected") {
    console.log(`refused: ${verdict.reason}`);
    return new Response(null, { status: 401 });
  }
  const event = JSON.parse(new TextDecoder().decode(verdict.body));
  console.log(`${verdict.id}: ${event.type}`);
  return new Response(null, { status: 204 });
}

// A test of your own handler signs what it sends.
const body = JSON.stringify({ type: "invoice.paid" });
const headers = await sign({ id: "msg_1", body }, secret);
const url = "https://example.com/webhooks";
await handle(new Request(url, { method: "POST", headers, body }));
await handle(new Request(url, { method: "POST", headers, body: `${body} ` }));
