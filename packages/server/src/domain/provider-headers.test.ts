import { expect, test } from "vitest";
import { forwardedHeaders, maskedHeaders, type HeaderPairs } from "./provider-headers.ts";

const pairs: HeaderPairs = [
  ["Host", "hooks.example"],
  ["X-GitHub-Event", "push"],
  ["X-Hub-Signature-256", "sha256=ab"],
  ["Connection", "keep-alive, X-Hop"],
  ["X-Hop", "1"],
  ["Content-Type", "application/json"],
  ["Content-Length", "7"],
  ["Authorization", "Basic x"],
  ["Cookie", "a=1"],
  ["Posthorn-Id", "forged"],
  ["X-Forwarded-For", "192.0.2.1"],
  ["Webhook-Id", "msg_1"],
  ["X-Twice", "a"],
  ["x-twice", "b"],
  ["X-Gitlab-Token", "hunter2"],
];

test("goes on as it came, without what is of one connection, logs in, or could pass for ours", () => {
  expect(forwardedHeaders(pairs)).toEqual({
    "x-github-event": "push",
    "x-hub-signature-256": "sha256=ab",
    "content-type": "application/json",
    "webhook-id": "msg_1",
    "x-twice": "a, b",
    "x-gitlab-token": "hunter2",
  });
});

test("a header that holds a secret of the source is left out", () => {
  expect(forwardedHeaders(pairs, ["hunter2"])).not.toHaveProperty("x-gitlab-token");
});

test("names of the prototype do no harm", () => {
  const headers = forwardedHeaders([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  expect(Object.entries(headers)).toEqual([["constructor", "y"]]);
});

test("shown are all, signatures and secrets masked", () => {
  expect(maskedHeaders([...pairs, ["x-odd", "is hunter2."]], ["hunter2"])).toMatchObject({
    host: "hooks.example",
    "x-hub-signature-256": "[secret]",
    authorization: "[secret]",
    cookie: "[secret]",
    "x-gitlab-token": "[secret]",
    "x-odd": "[secret]",
    "x-github-event": "push",
  });
});
