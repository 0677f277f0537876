import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

const shown = z.object({
  data: z.array(z.object({ request: z.object({ headers: z.record(z.string(), z.string()) }) })),
});

// They belong to the connection, not to the message.
const ofTheConnection = new Set(["host", "connection", "content-length"]);
const hidden = new Set(["webhook-signature", "svix-signature", "authorization"]);

test.each([
  ["with", "true"],
  ["without", "false"],
])("an attempt shows the headers that the receiver got, %s svix headers", async (_how, svix) => {
  const to = await receiver();
  const server = await startPosthorn({
    dataDir: newDataDir(),
    env: { POSTHORN_SVIX_HEADERS: svix },
  });
  const api = connect(server);
  const app = await api.application();
  const headers = { "X-Kind": "a kind", authorization: "Bearer abc" };
  await api.endpoint(app, { url: to.url, headers });
  const message = await api.publish(app);
  await api.reaches(app, message, "delivered");

  const [request] = await to.received(1);
  const received = Object.entries(request?.headers ?? {})
    .filter(([name]) => !ofTheConnection.has(name))
    .map(([name, value]) => [name, hidden.has(name) ? "[secret]" : value]);
  const answer = shown.parse(await api.done("GET", `/app/${app}/attempt/msg/${message}`));
  expect(answer.data[0]?.request.headers).toEqual(Object.fromEntries(received));
  expect(Object.fromEntries(received)).toMatchObject({ "x-kind": "a kind" });
  expect(received.some(([name]) => name === "svix-id")).toBe(svix === "true");
});
