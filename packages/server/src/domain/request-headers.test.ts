import { expect, test } from "vitest";
import { buildRequestHeaders } from "./request-headers.ts";
import type { RequestHeaderFacts } from "./request-headers.ts";

const facts: RequestHeaderFacts = {
  userAgent: "Posthorn/1.2.3",
  svixHeaders: false,
  contentType: null,
  endpointHeaders: {},
  messageHeaders: {},
  id: "msg_1",
  timestampSeconds: 17,
  signature: "v1,x",
  source: null,
};

const own = {
  "user-agent": "Posthorn/1.2.3",
  "content-type": "application/json",
  "webhook-id": "msg_1",
  "webhook-timestamp": "17",
  "webhook-signature": "v1,x",
};

test("a request says who sent it, what it is, and what it is signed with", () => {
  expect(buildRequestHeaders(facts)).toEqual(own);
});

test("svix headers say the same once more", () => {
  expect(buildRequestHeaders({ ...facts, svixHeaders: true })).toEqual({
    ...own,
    "svix-id": "msg_1",
    "svix-timestamp": "17",
    "svix-signature": "v1,x",
  });
});

test("the message's headers win over the endpoint's, in whatever case they are written", () => {
  const headers = buildRequestHeaders({
    ...facts,
    contentType: "text/plain",
    endpointHeaders: { "X-Kind": "endpoint", "X-Only": "here" },
    messageHeaders: { "x-kind": "message" },
  });
  expect(headers).toEqual({
    ...own,
    "content-type": "text/plain",
    "x-kind": "message",
    "x-only": "here",
  });
});

test("neither may set what frames or signs the request", () => {
  const given = { Host: "h", "Content-Length": "1", "Webhook-Id": "other", "svix-id": "other" };
  expect(buildRequestHeaders({ ...facts, endpointHeaders: given })).toEqual(own);
  expect(buildRequestHeaders({ ...facts, messageHeaders: given })).toEqual(own);
});

test("what a source received goes on with the provider's headers, ours are named posthorn", () => {
  const headers = buildRequestHeaders({
    ...facts,
    svixHeaders: true,
    contentType: "application/json",
    endpointHeaders: { "X-Mine": "1", "webhook-id": "mine" },
    messageHeaders: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "GitHub-Hookshot/1",
      "webhook-id": "theirs",
    },
    source: "src_1",
  });
  expect(headers).toEqual({
    "x-mine": "1",
    "content-type": "application/json; charset=utf-8",
    "user-agent": "GitHub-Hookshot/1",
    "webhook-id": "theirs",
    "posthorn-source": "src_1",
    "posthorn-id": "msg_1",
    "posthorn-timestamp": "17",
    "posthorn-signature": "v1,x",
  });
});
