import { expect, test } from "vitest";
import { contentful } from "../src/schemes/contentful.ts";
import { verify } from "../src/verify.ts";

// What @contentful/node-apps-toolkit 3.16.1 signs for this request.
const secret = "s".repeat(64);
const sentSeconds = 1_767_250_382;
const url = "https://hooks.example.com/in/x?a=1&b=ü c";
const body = '{"n":"é"}';
const signed = {
  "X-Contentful-Topic": "ContentManagement.Entry.publish",
  "X-Contentful-Webhook-Request-Id": "e1",
  "X-Contentful-Timestamp": "1767250382000",
  "X-Contentful-Signed-Headers":
    "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic,x-contentful-webhook-request-id",
  "X-Contentful-Signature": "8afc2d2e7271bf55d7e1650c05d2111c8a88233cb86f6c40dd2c3ff001fe79af",
};

function judge(change: object = {}, seconds = 0, at = url) {
  const request = { method: "POST", url: at, headers: { ...signed, ...change }, body };
  return verify(contentful, request, secret, { nowSeconds: sentSeconds + seconds });
}

test("what Contentful's own library signs is genuine", async () => {
  expect(await judge()).toMatchObject({
    kind: "verified",
    eventId: "e1",
    eventType: "ContentManagement.Entry.publish",
  });
});

test("it is over when 30 seconds have passed", async () => {
  expect(await judge({}, 29)).toMatchObject({ kind: "verified" });
  expect(await judge({}, 30)).toMatchObject({ kind: "rejected", reason: "timestamp" });
});

test.each([
  ["a signed header", { "X-Contentful-Topic": "ContentManagement.Entry.delete" }, "signature"],
  ["the time", { "X-Contentful-Timestamp": "1767250383000" }, "signature"],
  [
    "the list without the time",
    { "X-Contentful-Signed-Headers": "x-contentful-topic" },
    "malformed",
  ],
  ["a signature cut short", { "X-Contentful-Signature": "8afc" }, "malformed"],
  ["no signature", { "X-Contentful-Signature": "" }, "missing-header"],
])("%s is not taken", async (_, change, reason) => {
  expect(await judge(change)).toMatchObject({ kind: "rejected", reason });
});

test("nor is another path", async () => {
  expect(await judge({}, 0, "https://hooks.example.com/in/y?a=1&b=ü c")).toMatchObject({
    reason: "signature",
  });
});
