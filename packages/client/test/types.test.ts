import { type Client, createClient } from "@posthorn/client";
import { expectTypeOf, test } from "vitest";

const client: Client = createClient({
  url: "http://127.0.0.1",
  token: "key",
  // What is tested here is what compiles.
  fetch: async () => Response.json({ id: "x", data: [] }),
});

test("answers have the shapes of the document", async () => {
  const app = await client.request("post", "/api/v1/app", { body: { name: "Acme" } });
  expectTypeOf(app.id).toEqualTypeOf<string>();
  const path = { app_id: "acme" };
  const page = await client.request("get", "/api/v1/app/{app_id}/endpoint", { path });
  expectTypeOf(page.data[0]?.url).toEqualTypeOf<string | undefined>();
  const none = await client.request("delete", "/api/v1/app/{app_id}", { path });
  expectTypeOf(none).toEqualTypeOf<undefined>();
});

test("what the document does not have does not compile", () => {
  const wrong = (): unknown => [
    // @ts-expect-error: no such path
    client.request("get", "/api/v1/nothing"),
    // @ts-expect-error: no such method on this path
    client.request("delete", "/api/v1/app"),
    // @ts-expect-error: a name is text
    client.request("post", "/api/v1/app", { body: { name: 1 } }),
    // @ts-expect-error: the path has another part
    client.request("get", "/api/v1/app/{app_id}", { path: { id: "acme" } }),
    // @ts-expect-error: no such parameter
    client.request("get", "/api/v1/app", { query: { size: 5 } }),
  ];
  expectTypeOf(wrong).toBeFunction();
});
