/** The conformance runner of the receiver package, which plays providers, at the door of a source. */
import { once } from "node:events";
import { createServer } from "node:http";
import { checkReceiver } from "@posthorn/receiver/conformance";
import { github } from "@posthorn/receiver/schemes/github";
import { slack } from "@posthorn/receiver/schemes/slack";
import { standardWebhooks } from "@posthorn/receiver/schemes/standard-webhooks";
import { stripe } from "@posthorn/receiver/schemes/stripe";
import { afterEach, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { connect } from "./kit/connect.ts";
import { makeSource } from "./kit/sources.ts";

const ends: (() => void)[] = [];
afterEach(async () => {
  await endAll();
  for (const end of ends.splice(0)) end();
});

/** Takes deliveries at any path but one, and says there how many messages came. */
async function countingEndpoint(): Promise<string> {
  const messages = new Set<string>();
  const server = createServer((request, response) => {
    const { "posthorn-id": id } = request.headers;
    if (typeof id === "string") messages.add(id);
    request.resume().on("end", () => response.end(String(messages.size)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a port expected");
  return `http://127.0.0.1:${address.port}`;
}

const schemes = [
  { scheme: github, secret: "a-secret-of-the-tests" },
  { scheme: stripe, secret: "whsec_a-secret-of-the-tests" },
  { scheme: slack, secret: "a-secret-of-the-tests" },
  { scheme: standardWebhooks, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
];

test.each(schemes)(
  "a source of $scheme.name has no fault, and makes one message of a repeated event",
  { timeout: 120_000 },
  async ({ scheme, secret }) => {
    const server = await startPosthorn({ dataDir: newDataDir() });
    const api = connect(server);
    const app = await api.application();
    const countUrl = await countingEndpoint();
    await api.endpoint(app, { url: `${countUrl}/hooks` });
    const { url } = await makeSource(api, app, { scheme: scheme.name, secret });
    const report = await checkReceiver({
      url,
      scheme,
      secret,
      countUrl,
      // It waits for the server's own time limit, which is longer.
      skip: ["slow-body"],
      deadlineMs: 30_000,
    });
    const bad = report.checks.filter(({ verdict }) => verdict === "bad");
    expect(bad.map(({ name, says }) => `${name}: ${says}`)).toEqual([]);
    const good = report.checks.filter(({ verdict }) => verdict === "good");
    expect(good.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["genuine", "wrong-signature", "raw-bytes", "handled-once", "leaks"]),
    );
    // Any method brings a delivery, and duplicates are told by the provider's id, which GitHub does not sign.
    const notes = report.checks.filter(({ verdict }) => verdict === "note");
    expect(notes.map(({ name }) => name)).toEqual(
      scheme === github ? ["new-id", "other-methods"] : ["other-methods"],
    );
  },
);
