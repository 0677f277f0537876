import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Answer, type OpenApi, openApi, textAt } from "../api/open-api.ts";
import { type FuzzRequest, documentedRoutes, requestsOf, rightBody } from "./kit/fuzz-requests.ts";

let t: OpenApi;
let scoped: string;
let sourceId = "";
const made = { source_id: () => sourceId };

beforeAll(async () => {
  t = await openApi({ settings: { maxPayloadBytes: 64 * 1024 } });
  await seed();
  const key = await t.call("POST", "/api-key", { body: { name: "s", application: "a" } });
  scoped = textAt(key, "token");
});
afterAll(() => t.close());

/** What requests that succeeded may have taken away. */
async function seed(): Promise<void> {
  const eventType = rightBody("/event-type/{event_type_name}");
  await t.call("PUT", "/event-type/known", { body: eventType });
  await t.call("PUT", "/app/a", { body: rightBody("/app/{app_id}") });
  const endpoint = rightBody("/app/{app_id}/endpoint/{endpoint_id}");
  await t.call("PUT", "/app/a/endpoint/e", { body: endpoint });
  const message = { eventType: "known", payload: { a: 1 }, eventId: "m" };
  await t.call("POST", "/app/a/msg", { body: message });
  if ((await t.call("GET", `/source/${sourceId}`)).status === 200) return;
  sourceId = textAt(await t.call("POST", "/source", { body: rightBody("/source") }), "id");
}

/** All that can be read, newest first: lists in whole, and what only an endpoint's own routes show. */
async function everything(): Promise<readonly string[]> {
  const at = "/app/a/endpoint/e";
  const paths = [
    "/app?limit=250&order=descending",
    "/event-type?limit=250&order=descending&include_archived=true&with_content=true",
    "/api-key?limit=250&order=descending",
    "/app/a/endpoint?limit=250&order=descending",
    "/app/a/msg?limit=250",
    "/source?limit=250",
    `/source/${sourceId}/secret`,
    `${at}/headers`,
    `${at}/secret`,
    `${at}/event?limit=250`,
    `${at}/msg?limit=250`,
  ];
  const texts: string[] = [];
  for (const path of paths) texts.push((await t.call("GET", path)).text);
  return texts;
}

const problem = z.strictObject({ code: z.string().min(1), detail: z.string().min(1) });
const fault = z.strictObject({
  loc: z.tuple([z.enum(["body", "query", "path", "header"])], z.string()),
  msg: z.string().min(1),
  type: z.string().regex(/^[a-z_]+(\.[a-z_]+)?$/),
});
const faults = z.strictObject({ code: z.string().optional(), detail: z.array(fault).min(1) });

async function send(request: FuzzRequest): Promise<Answer> {
  const tokens = { admin: t.adminToken, scoped, unknown: "phk_nobody" };
  return t.call(request.route.method, request.path, {
    token: request.token === null ? null : tokens[request.token],
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

function expectContract({ status, text, json, headers }: Answer): void {
  expect(status).toBeLessThan(500);
  expect(headers["x-request-id"]).toMatch(/^[A-Za-z0-9._:-]{1,128}$/);
  if (status === 204) {
    expect(text).toBe("");
    return;
  }
  expect(headers["content-type"]).toMatch(/^application\/json/);
  if (status < 400) return;
  expect((status === 422 ? faults : problem).safeParse(json).error).toBeUndefined();
}

const routes = documentedRoutes();
const runs = 40;

describe("whatever is sent, the answer keeps the contract, and what is refused changes nothing:", () => {
  test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s",
    async (_name, route) => {
      expect(rightBody(route.path) !== undefined || !route.takesBody).toBe(true);
      let before = await everything();
      await fc.assert(
        fc.asyncProperty(requestsOf(route, made), async (request) => {
          const answer = await send(request);
          expectContract(answer);
          if (answer.status < 400) {
            if (route.method === "GET") return;
            await seed();
            before = await everything();
            return;
          }
          expect(await everything()).toEqual(before);
        }),
        { numRuns: route.takesBody ? runs * 2 : runs },
      );
    },
  );

  test("nothing of it was a fault of the server's", () => {
    expect(t.log).toEqual([]);
  });
});
