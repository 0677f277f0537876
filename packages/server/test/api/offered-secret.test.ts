import type { Scheme } from "@posthorn/receiver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDispatchStore } from "../../src/adapters/sqlite/connect-dispatch-store.ts";
import { webhookSchemes } from "../../src/adapters/crypto/webhook-schemes.ts";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

const json = { "content-type": "application/json" };

/** A provider that offers its secret in a header, and then repeats it with each delivery. */
const offering: Scheme = {
  name: "offering",
  title: "Offering",
  docs: "https://provider.example/docs",
  check: {
    kind: "token",
    coversBody: false,
    verify: ({ request, secrets }) => {
      const secretIndex = secrets.indexOf(request.headers("x-token")[0] ?? "");
      return secretIndex < 0
        ? { kind: "rejected", reason: "signature", detail: "Another token.", diagnosis: undefined }
        : { kind: "checked", secretIndex, timestampMs: undefined };
    },
    sign: () => ({ headers: {} }),
  },
  event: {},
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: ({ request }) => {
    const [secret] = request.headers("x-offered");
    if (secret === undefined) return undefined;
    const response = { status: 200, headers: { "x-offered": secret }, body: "" };
    return { kind: "handshake", response, effect: { kind: "secret-offered", secret } };
  },
};

let t: OpenApi;
let base: string;
beforeAll(async () => {
  const byName = new Map([...webhookSchemes.byName, [offering.name, offering]]);
  t = await openApi({ schemes: { ...webhookSchemes, byName } });
  base = await t.api.listen({ port: 0, host: "127.0.0.1" });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
  const endpoint = { url: "https://receiver.example/hooks", uid: "e" };
  await t.call("POST", "/app/a/endpoint", { body: endpoint });
}, 60_000);
afterAll(() => t.close());

test("a secret that is offered is taken by a source that has none, and never again", async () => {
  const body = { applicationId: "a", name: "x", scheme: "offering" };
  const made = await t.call("POST", "/source", { body });
  const source = `/source/${textAt(made, "id")}`;
  const url = base + new URL(textAt(made, "url")).pathname;
  const offer = async (secret: string) =>
    (await fetch(url, { method: "POST", headers: { "x-offered": secret } })).status;
  expect(await offer("the first")).toBe(200);
  expect(await offer("the first")).toBe(200);
  expect(await offer("of somebody else")).toBe(403);
  expect(at(await t.call("GET", `${source}/secret`), "key")).toBe("the first");
  expect(itemsOf(await t.call("GET", `${source}/request`))).toMatchObject([
    { outcome: "rejected", reason: "secret-offered-again" },
    { outcome: "handshake" },
    { outcome: "handshake" },
  ]);

  const headers = { ...json, "x-token": "the first", "x-other": "kept" };
  expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(200);
  const dispatch = connectDispatchStore(t.dispatchPort());
  const { lanes } = await dispatch.takeOver("worker");
  const window = await dispatch.readLane({
    endpoint: lanes[0]?.endpoint ?? t.ids.next("endpoint"),
    now: t.now(),
    limit: 10,
    maxBytes: 1_000_000,
    skip: [],
  });
  // A secret that is merely repeated does not lie in the store with the message.
  const [delivery] = window.deliveries;
  expect(delivery?.content?.headers).toMatchObject({ "x-other": "kept" });
  expect(delivery?.content?.headers).not.toHaveProperty("x-token");
  dispatch.disconnect();
});
