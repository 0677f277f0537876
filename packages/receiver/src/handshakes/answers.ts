import type { Handshake, HandshakeEffect, HandshakeResponse } from "../scheme.ts";
import type { Rejected } from "../verdict.ts";

const none: HandshakeEffect = { kind: "none" };

/** Plain text that no browser takes for a page: a challenge is chosen by whoever calls. */
export function textAnswer(body: string): HandshakeResponse {
  return {
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body,
  };
}

export function jsonAnswer(value: unknown): HandshakeResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-content-type-options": "nosniff" },
    body: JSON.stringify(value),
  };
}

export function emptyAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): HandshakeResponse {
  return { status, headers, body: "" };
}

export function answered(response: HandshakeResponse, effect = none): Handshake {
  return { kind: "handshake", response, effect };
}

export function refused(status: number, rejection: Rejected): Handshake {
  return { kind: "refused", response: emptyAnswer(status), rejection };
}
