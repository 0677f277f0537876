import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
beforeAll(async () => {
  t = await openApi();
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

describe("event types", () => {
  test("are created, shown and listed by name", async () => {
    const body = {
      name: "invoice.paid",
      description: "d",
      deprecated: true,
      schemas: { "1": { type: "object" } },
      groupName: "billing",
      featureFlags: ["beta"],
    };
    const created = await t.call("POST", "/event-type", { body });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ ...body, featureFlag: "beta", archived: false });
    expect((await t.call("GET", "/event-type/invoice.paid")).json).toEqual(created.json);
    const bare = itemsOf(await t.call("GET", "/event-type"));
    expect(bare).toMatchObject([{ name: "invoice.paid", schemas: null }]);
    const full = itemsOf(await t.call("GET", "/event-type?with_content=true"));
    expect(full).toEqual([created.json]);
  });

  test("are refused twice, and come back when archived", async () => {
    const body = { name: "twice", description: "1" };
    await t.call("POST", "/event-type", { body });
    expect(at(await t.call("POST", "/event-type", { body }), "code")).toBe("event_type_exists");
    expect((await t.call("DELETE", "/event-type/twice")).status).toBe(204);
    expect(at(await t.call("GET", "/event-type/twice"), "archived")).toBe(true);
    const names = async (query: string) =>
      itemsOf(await t.call("GET", `/event-type${query}`)).map((each) =>
        at({ json: each } as never, "name"),
      );
    expect(await names("")).not.toContain("twice");
    expect(await names("?include_archived=true")).toContain("twice");
    const back = await t.call("POST", "/event-type", { body: { name: "twice", description: "2" } });
    expect(back.status).toBe(201);
    expect(back.json).toMatchObject({ archived: false, description: "2" });
  });

  test("are expunged for good", async () => {
    await t.call("POST", "/event-type", { body: { name: "ex", description: "" } });
    expect((await t.call("DELETE", "/event-type/ex?expunge=true")).status).toBe(204);
    expect((await t.call("GET", "/event-type/ex")).status).toBe(404);
  });

  test("are created and replaced by PUT, and changed by PATCH", async () => {
    const created = await t.call("PUT", "/event-type/put", {
      body: { description: "1", featureFlag: "f" },
    });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ featureFlags: ["f"], featureFlag: "f" });
    const replaced = await t.call("PUT", "/event-type/put", { body: { description: "2" } });
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({ description: "2", featureFlags: null });
    const patched = await t.call("PATCH", "/event-type/put", { body: { deprecated: true } });
    expect(patched.json).toMatchObject({ description: "2", deprecated: true });
    expect((await t.call("PATCH", "/event-type/none", { body: {} })).status).toBe(404);
  });

  test("have no version of their own", async () => {
    const body = { name: "versioned", description: "", version: 2 };
    const answer = await t.call("POST", "/event-type", { body });
    expect([answer.status, at(answer, "detail", 0, "loc")]).toEqual([422, ["body", "version"]]);
  });

  test("refuse a schema that is none, at its version", async () => {
    const body = { name: "bad", description: "", schemas: { "1": { type: "strange" } } };
    const answer = await t.call("POST", "/event-type", { body });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "schemas", "1"]);
  });

  test("hold messages to the newest schema when told to, from the next message on", async () => {
    const schemas = {
      "1": { type: "object" },
      "2": { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
    };
    const publish = (payload: object) =>
      t.call("POST", "/app/a/msg", { body: { eventType: "held", payload } });
    await t.call("POST", "/event-type", { body: { name: "held", description: "", schemas } });
    expect((await publish({ id: "x" })).status).toBe(202);
    await t.call("PATCH", "/event-type/held", { body: { enforceSchema: true } });
    const refused = await publish({ id: "x" });
    expect(refused.status).toBe(422);
    expect(at(refused, "code")).toBe("schema_violation");
    expect(at(refused, "detail", 0, "loc")).toEqual(["body", "payload", "id"]);
    expect((await publish({ id: 1 })).status).toBe(202);
    await t.call("PATCH", "/event-type/held", { body: { enforceSchema: false } });
    expect((await publish({})).status).toBe(202);
  });

  test("enforce no schema that they do not have", async () => {
    const refusal = {
      detail: [
        {
          loc: ["body", "enforceSchema"],
          msg: "needs a schema to enforce: give one in schemas, or set enforceSchema to false",
        },
      ],
    };
    const ask = async (method: "POST" | "PUT" | "PATCH", path: string, body: object) => {
      const answer = await t.call(method, path, { body });
      return [answer.status, answer.json];
    };
    const bare = { description: "", enforceSchema: true };
    const schemas = { "1": { type: "object" } };
    const path = "/event-type/enforcing";
    for (const body of [bare, { ...bare, schemas: null }, { ...bare, schemas: {} }]) {
      const named = { name: "enforcing", ...body };
      expect(await ask("POST", "/event-type", named)).toMatchObject([422, refusal]);
      expect(await ask("PUT", path, body)).toMatchObject([422, refusal]);
    }
    expect((await t.call("GET", path)).status).toBe(404);
    await t.call("PUT", path, { body: { description: "" } });
    expect(await ask("PATCH", path, { enforceSchema: true })).toMatchObject([422, refusal]);
    expect((await ask("PATCH", path, { enforceSchema: true, schemas }))[0]).toBe(200);
    expect(await ask("PATCH", path, { schemas: null })).toMatchObject([422, refusal]);
    expect((await ask("PATCH", path, { description: "d" }))[0]).toBe(200);
    const spec = { webhooks: { enforcing: { post: {} } } };
    const imported = await t.call("POST", "/event-type/import/openapi", { body: { spec } });
    expect(imported.status).toBe(422);
    expect(at(await t.call("GET", path), "schemas")).toEqual(schemas);
    expect((await ask("PATCH", path, { enforceSchema: false, schemas: null }))[0]).toBe(200);
  });

  test("are refused with a schema that could not judge any payload", async () => {
    const body = { name: "endless", description: "", schemas: { "1": { $ref: "#" } } };
    const answer = await t.call("POST", "/event-type", { body });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0)).toMatchObject({
      loc: ["body", "schemas", "1"],
      msg: "the schema refers to itself without end",
    });
  });

  test("are not imported out of a document that has none", async () => {
    await t.call("PUT", "/event-type/stays", { body: { description: "" } });
    for (const spec of [{}, { webhooks: {} }, { webhooks: { a: { get: {} } } }]) {
      for (const body of [{ spec }, { specRaw: JSON.stringify(spec) }]) {
        const answer = await t.call("POST", "/event-type/import/openapi", {
          body: { ...body, replaceAll: true },
        });
        expect(answer.status).toBe(422);
        expect(at(answer, "detail", 0, "loc")).toEqual(["body", Object.keys(body)[0]]);
      }
    }
    expect(at(await t.call("GET", "/event-type/stays"), "archived")).toBe(false);
  });

  test("that could not be created are not imported, either, and nothing beside them is", async () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const schema = `{"requestBody":{"content":{"application/json":{"schema":{"$ref":${deep}}}}}}`;
    const unfit = [
      schema,
      '{"description":"\\ud800"}',
      '{"description":"\\u0000"}',
      '{"x-group-name":"two words"}',
    ];
    for (const operation of unfit) {
      const specRaw = `{"webhooks":{"fit":{"post":{}},"unfit":{"post":${operation}}}}`;
      const body = { specRaw };
      expect((await t.call("POST", "/event-type/import/openapi", { body })).status).toBe(422);
    }
    expect((await t.call("GET", "/event-type/fit")).status).toBe(404);
  });

  test("are imported with a long description cut between two characters", async () => {
    const post = { description: `${"a".repeat(4095)}😀` };
    const body = { spec: { webhooks: { long: { post } } } };
    expect((await t.call("POST", "/event-type/import/openapi", { body })).status).toBe(200);
    const shown = await t.call("GET", "/event-type/long");
    expect(at(shown, "description")).toBe("a".repeat(4095));
  });

  test("are imported out of an OpenAPI document", async () => {
    const spec = {
      openapi: "3.1.0",
      components: { schemas: { Id: { type: "integer" } } },
      webhooks: {
        "order.made": {
          post: {
            description: "An order.",
            requestBody: {
              content: {
                "application/json": {
                  schema: {
                    type: "object",
                    properties: { id: { $ref: "#/components/schemas/Id" } },
                  },
                },
              },
            },
          },
        },
      },
    };
    const path = "/event-type/import/openapi";
    const dry = await t.call("POST", path, { body: { spec, dryRun: true } });
    expect(dry.json).toMatchObject({
      data: { modified: ["order.made"], to_modify: [{ name: "order.made" }] },
    });
    expect((await t.call("GET", "/event-type/order.made")).status).toBe(404);
    const done = await t.call("POST", path, { body: { specRaw: JSON.stringify(spec) } });
    expect(done.status).toBe(200);
    await t.call("PATCH", "/event-type/order.made", { body: { enforceSchema: true } });
    const wrong = { eventType: "order.made", payload: { id: "x" } };
    expect((await t.call("POST", "/app/a/msg", { body: wrong })).status).toBe(422);
    expect((await t.call("POST", path, { body: {} })).status).toBe(422);
    expect((await t.call("POST", path, { body: { specRaw: "openapi: 3" } })).status).toBe(422);
  });
});
