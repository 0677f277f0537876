import { describe, expect, test } from "vitest";
import type { ReceivedResponse } from "../domain/outcome.ts";
import { maskEchoes } from "./mask-echo.ts";

const request = {
  url: "https://receiver.example/",
  body: new Uint8Array(),
  headers: { authorization: "Bearer abc.def-123", "x-team": "payments", "webhook-id": "msg_1" },
};
const custom = ["Authorization", "X-Team"];

function answer(body: Uint8Array | string): ReceivedResponse {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { status: 200, headers: [["x-echo", "abc.def-123"]], body: bytes, truncated: false };
}

function bodyOf(response: ReceivedResponse): string {
  return new TextDecoder().decode(response.body);
}

describe("an answer that echoes its request", () => {
  test("keeps no value of a sensitive header, with its scheme or without", () => {
    const masked = maskEchoes(
      request,
      custom,
      answer('{"a":"Bearer abc.def-123","b":"abc.def-123","t":"payments"}'),
    );
    expect(bodyOf(masked)).toBe('{"a":"********","b":"********","t":"payments"}');
    expect(masked.headers).toEqual([["x-echo", "********"]]);
  });

  test("keeps every other byte as it came", () => {
    const before = new Uint8Array([0xff, 0x00, 0xc3]);
    const bytes = new Uint8Array([...before, ...new TextEncoder().encode("abc.def-123"), 0x80]);
    const { body } = maskEchoes(request, custom, answer(bytes));
    expect([...body]).toEqual([...before, ...new TextEncoder().encode("********"), 0x80]);
  });

  test("is left alone when the endpoint has no secret headers", () => {
    const given = answer("abc.def-123");
    expect(maskEchoes(request, [], given)).toBe(given);
    expect(maskEchoes(request, ["X-Team"], given)).toBe(given);
  });
});
