import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { hang, type RecordedRequest } from "../kit/receiver.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

const shown = z.object({
  data: z.array(z.object({ request: z.object({ headers: z.record(z.string(), z.string()) }) })),
});

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
  const received = comparable(request);
  expect(await shownHeaders(api, app, message)).toEqual([received]);
  expect(received).toMatchObject({ "x-kind": "a kind" });
  expect("svix-id" in received).toBe(svix === "true");
});

test("so does one that was under way at a kill -9, with the time of that request", async () => {
  const dataDir = newDataDir();
  const env = { POSTHORN_RETRY_SCHEDULE: "0,0.5" };
  let hangs = true;
  const to = await receiver({
    answer: (request, socket) => (hangs ? hang(request, socket) : {}),
  });
  const server = await startPosthorn({ dataDir, env });
  const api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: to.url });
  const message = await api.publish(app);
  await api.reaches(app, message, "sending");
  await server.kill();
  hangs = false;

  const again = connect(await startPosthorn({ dataDir, env }));
  await again.reaches(app, message, "delivered");
  const received = (await to.received(2)).map(comparable);
  expect(await shownHeaders(again, app, message)).toEqual(received);
});

/** What it got, but for what belongs to the connection, with secrets masked as they are shown. */
function comparable(request: RecordedRequest | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request?.headers ?? {})
      .filter(([name]) => !ofTheConnection.has(name))
      .map(([name, value]) => [name, hidden.has(name) ? "[secret]" : value]),
  );
}

/** Of the first attempt first. */
async function shownHeaders(api: Api, app: string, message: string): Promise<unknown> {
  const answer = shown.parse(await api.done("GET", `/app/${app}/attempt/msg/${message}`));
  return answer.data.map(({ request }) => request.headers).toReversed();
}
