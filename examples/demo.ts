/**
 * `npm run demo`: starts Posthorn and a receiver, publishes a GitHub `push` and a Stripe
 * `invoice.paid` event to two endpoints, one of which fails at first, and tells each delivery's
 * story. Ends with exit code 0, or says what went wrong.
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createClient, type Client } from "@posthorn/client";
import { startPosthorn } from "./posthorn-server.ts";
import { startReceiver, type Receiver } from "./receiver.ts";

const waitMs = 60_000;

const posthorn = await startPosthorn({ POSTHORN_RETRY_SCHEDULE: "0,1,1,2" });
const receiver = await startReceiver({
  failures: 2,
  onArrival: (arrival) => {
    const signature = arrival.verified ? "signature verified" : "signature NOT verified";
    console.log(
      `  → ${arrival.path.padEnd(12)} ${arrival.id}  ${signature}, answered ${arrival.answered}`,
    );
  },
});
try {
  console.log(`Posthorn runs at ${posthorn.url}, a receiver at ${receiver.url}\n`);
  await tell(createClient({ url: posthorn.url, token: posthorn.adminKey }), receiver);
  console.log("\nAll delivered. That was all of it: `npm start` runs one for you.");
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await receiver.close();
  await posthorn.stop();
}

async function tell(api: Client, target: Receiver): Promise<void> {
  const app = await api.request("post", "/api/v1/app", { body: { name: "Demo", uid: "demo" } });
  for (const path of ["/steady", "/recovering"]) {
    const endpoint = await api.request("post", "/api/v1/app/{app_id}/endpoint", {
      path: { app_id: app.id },
      body: { url: target.url + path, description: path.slice(1) },
    });
    const secret = await api.request("get", "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret", {
      path: { app_id: app.id, endpoint_id: endpoint.id },
    });
    target.trust(path, secret.key);
  }
  console.log(
    "Publishing a GitHub push and a Stripe invoice.paid; /recovering fails twice at first:",
  );
  const published = [
    { eventType: "github.push", payload: githubPush() },
    { eventType: "invoice.paid", payload: stripeInvoicePaid() },
  ].map(async (body) =>
    api.request("post", "/api/v1/app/{app_id}/msg", { path: { app_id: app.id }, body }),
  );
  for (const message of await Promise.all(published)) {
    await ended(api, app.id, message.id);
    await story(api, app.id, message);
  }
}

/** Waits until each delivery of the message has ended; complains when one does not succeed. */
async function ended(api: Client, appId: string, messageId: string): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    const { data } = await api.request("get", "/api/v1/app/{app_id}/msg/{msg_id}/endpoint", {
      path: { app_id: appId, msg_id: messageId },
    });
    const failed = data.find((each) => each.state === "failed" || each.state === "discarded");
    if (failed !== undefined)
      throw new Error(`${messageId} to ${failed.url} ended: ${failed.reasonText}`);
    if (data.length === 2 && data.every((each) => each.state === "succeeded")) return;
    if (Date.now() > until)
      throw new Error(`${messageId} was not delivered within ${waitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function story(
  api: Client,
  appId: string,
  message: { readonly id: string; readonly eventType: string },
): Promise<void> {
  console.log(`\n${message.eventType} (${message.id})`);
  const path = { app_id: appId, msg_id: message.id };
  const { data: endpoints } = await api.request(
    "get",
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint",
    { path },
  );
  const { data: attempts } = await api.request("get", "/api/v1/app/{app_id}/attempt/msg/{msg_id}", {
    path,
  });
  for (const endpoint of endpoints) {
    console.log(
      `  to ${endpoint.url}: ${endpoint.state} (${endpoint.reason}). ${endpoint.reasonText}`,
    );
    // The list has the newest first.
    for (const attempt of attempts.toReversed().filter((each) => each.endpointId === endpoint.id)) {
      const answer =
        attempt.responseStatusCode === 0 ? attempt.errorClass : attempt.responseStatusCode;
      console.log(
        `    attempt ${attempt.number} (${attempt.trigger}) at ${attempt.timestamp}: ${attempt.outcome}, ` +
          `${answer}, waited ${attempt.phases.queueMs} ms, took ${attempt.responseDurationMs} ms`,
      );
    }
  }
}

function githubPush(): Record<string, unknown> {
  const path = createRequire(import.meta.url).resolve(
    "@octokit/webhooks-examples/api.github.com/index.json",
  );
  const events: { name: string; examples: Record<string, unknown>[] }[] = JSON.parse(
    readFileSync(path, "utf8"),
  );
  const push = events.find((event) => event.name === "push")?.examples[0];
  if (push === undefined) throw new Error("@octokit/webhooks-examples has no push event");
  return push;
}

function stripeInvoicePaid(): Record<string, unknown> {
  return JSON.parse(
    readFileSync(new URL("events/stripe-invoice-paid.json", import.meta.url), "utf8"),
  );
}
