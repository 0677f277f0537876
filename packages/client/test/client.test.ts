import { createServer, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import { createClient, PosthornError } from "@posthorn/client";
import { afterEach, describe, expect, test } from "vitest";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Api {
  readonly url: string;
  readonly seen: readonly Seen[];
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Answers every request alike; `hang` never does. */
async function startApi(answer: { status: number; body: string } | "hang"): Promise<Api> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => void (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      if (answer === "hang") return;
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

async function failureOf(promise: Promise<unknown>): Promise<PosthornError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PosthornError) return error;
    throw error;
  }
  throw new Error("expected a PosthornError");
}

const token = "phk_secret-token";

describe("a request", () => {
  test("sends the key and JSON, and resolves with the body", async () => {
    const api = await startApi({ status: 201, body: '{"id":"app_1","name":"Acme"}' });
    const client = createClient({ url: api.url, token });
    const app = await client.request("post", "/api/v1/app", { body: { name: "Acme" } });
    expect(app.id).toBe("app_1");
    const [seen] = api.seen;
    expect(seen).toMatchObject({ method: "POST", url: "/api/v1/app", body: '{"name":"Acme"}' });
    expect(seen?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "content-type": "application/json",
    });
    expect(seen?.headers["idempotency-key"]).toBeUndefined();
  });

  test("sends an idempotency key", async () => {
    const api = await startApi({ status: 201, body: "{}" });
    const client = createClient({ url: api.url, token });
    await client.request("post", "/api/v1/app", { body: { name: "A" }, idempotencyKey: "once-1" });
    expect(api.seen[0]?.headers["idempotency-key"]).toBe("once-1");
  });

  test("without a body sends none, and an empty answer is undefined", async () => {
    const api = await startApi({ status: 204, body: "" });
    const client = createClient({ url: `${api.url}/`, token });
    const path = { app_id: "acme" };
    expect(await client.request("delete", "/api/v1/app/{app_id}", { path })).toBeUndefined();
    expect(api.seen[0]).toMatchObject({ method: "DELETE", url: "/api/v1/app/acme", body: "" });
    expect(api.seen[0]?.headers["content-type"]).toBeUndefined();
  });

  test.each([
    ["a/b", "a%2Fb"],
    ["a?b#c", "a%3Fb%23c"],
    ["50%", "50%25"],
    ["é ü", "%C3%A9%20%C3%BC"],
    ["{app_id}", "%7Bapp_id%7D"],
    ["$&", "%24%26"],
  ])("encodes %j in the path", async (id, encoded) => {
    const api = await startApi({ status: 200, body: "{}" });
    const path = { app_id: id };
    await createClient({ url: api.url, token }).request("get", "/api/v1/app/{app_id}", { path });
    expect(api.seen[0]?.url).toBe(`/api/v1/app/${encoded}`);
  });

  test("encodes the query", async () => {
    const api = await startApi({ status: 200, body: '{"data":[]}' });
    const client = createClient({ url: api.url, token });
    await client.request("get", "/api/v1/app", { query: { limit: 5, iterator: "a&b=c d" } });
    expect(api.seen[0]?.url).toBe("/api/v1/app?limit=5&iterator=a%26b%3Dc%20d");
  });

  test("whose path lacks a part is not sent", async () => {
    const api = await startApi({ status: 200, body: "{}" });
    const client = createClient({ url: api.url, token });
    await expect(client.request("get", "/api/v1/app/{app_id}")).rejects.toThrow(
      "/api/v1/app/{app_id} needs path.app_id",
    );
    expect(api.seen).toHaveLength(0);
  });
});

describe("a failure", () => {
  async function answered(status: number, body: string): Promise<PosthornError> {
    const api = await startApi({ status, body });
    return failureOf(createClient({ url: api.url, token }).request("get", "/api/v1/app"));
  }

  test("has the status, code and detail of the answer", async () => {
    const error = await answered(404, '{"code":"not_found","detail":"There is no such route."}');
    expect(error).toMatchObject({
      name: "PosthornError",
      status: 404,
      code: "not_found",
      message: "There is no such route.",
    });
  });

  test("names each place of a list of faults", async () => {
    const error = await answered(
      422,
      JSON.stringify({
        detail: [
          { loc: ["body", "url"], msg: "must be a URL", type: "value_error" },
          { loc: ["query", "limit"], msg: "must be 1 or more", type: "value_error" },
        ],
      }),
    );
    expect(error).toMatchObject({
      status: 422,
      code: "validation",
      message: "body.url: must be a URL; query.limit: must be 1 or more",
    });
  });

  test.each([
    ["a proxy's page", "<html>Bad gateway</html>"],
    ["nothing", ""],
    ["JSON of another kind", '{"error":"no"}'],
    ["null", "null"],
  ])("with %s in the answer has the status still", async (_what, body) => {
    expect(await answered(502, body)).toMatchObject({ status: 502, code: "unreadable" });
  });

  test("to reach the server has status 0 and the cause, and not the key", async () => {
    const api = await startApi("hang");
    for (const close of closers.splice(0)) await close();
    const error = await failureOf(
      createClient({ url: api.url, token }).request("get", "/api/v1/app"),
    );
    expect(error).toMatchObject({ status: 0, code: "unreachable" });
    expect(error.message).toBe(`No answer from ${api.url}: is the server running there?`);
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.message).not.toContain(token);
  });

  test("to answer in time has status 0", async () => {
    const api = await startApi("hang");
    const client = createClient({ url: api.url, token, timeoutMs: 50 });
    const error = await failureOf(client.request("get", "/api/v1/app"));
    expect(error).toMatchObject({ status: 0, cause: { name: "TimeoutError" } });
  });

  test("comes at once when the caller gives up", async () => {
    const api = await startApi("hang");
    const caller = new AbortController();
    const client = createClient({ url: api.url, token });
    const failed = failureOf(client.request("get", "/api/v1/app", { signal: caller.signal }));
    caller.abort();
    expect(await failed).toMatchObject({ status: 0, cause: { name: "AbortError" } });
  });
});
