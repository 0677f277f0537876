import fc from "fast-check";
import { expect, test } from "vitest";
import { eventNameOf } from "./event-name.ts";

test.each([
  ["invoice.paid", "invoice.paid"],
  ["PullRequest_v2", "PullRequest_v2"],
  ["orders/create", "orders.create"],
  ["Push Hook", "push-hook"],
  ["com.example:Order Created!", "com.example.order-created"],
  ["a / b", "a.b"],
  ["/lead", "lead"],
  ["..", "shopify.event"],
  ["", "shopify.event"],
  ["注文", "shopify.event"],
  [null, "shopify.event"],
])("%j is named %s", (providerType, name) => {
  expect(eventNameOf(providerType, "shopify")).toBe(name);
});

test("whatever a provider says becomes a name of the contract, and a name stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (providerType) => {
      const name = eventNameOf(providerType, "x");
      expect(name).toMatch(/^(?!\.{1,2}$)[a-zA-Z0-9\-_.]{1,256}$/);
      expect(eventNameOf(name, "x")).toBe(name);
    }),
  );
});
