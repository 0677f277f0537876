import { utf8 } from "../bytes.ts";
import type { SchemeConfig } from "../scheme.ts";

/** A provider's question whether this address wants its webhooks, before it is signed. */
export interface Question {
  readonly method: "POST" | "GET" | "HEAD" | "OPTIONS";
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signed like a delivery when the method is POST. */
  readonly body?: Uint8Array;
  /** What comes back when it is answered. */
  readonly challenge: string;
  /** What somebody else would ask, which must not be answered with the challenge. */
  readonly forgery: Forgery;
}

/**
 * `signature`: signed with another secret. `probed`: the provider itself asks so, and wants a refusal. `query`:
 * other values. `taken`: the question itself, while a secret is in use. `none`: anybody may ask.
 */
export type Forgery =
  | { readonly kind: "signature" | "probed" | "taken" | "none" }
  | { readonly kind: "query"; readonly query: Readonly<Record<string, string>> }
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> };

type Ask = (challenge: string, config: SchemeConfig) => Question | { readonly needs: string };

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));

const askWithToken: Ask = (challenge, { verifyToken }) => {
  if (verifyToken === undefined) return { needs: "verifyToken" };
  const query = { "hub.mode": "subscribe", "hub.challenge": challenge };
  return {
    method: "GET",
    query: { ...query, "hub.verify_token": verifyToken },
    challenge,
    forgery: { kind: "query", query: { ...query, "hub.verify_token": "another token" } },
  };
};

const open = { kind: "none" } as const;

/** By scheme. Amazon SNS asks with a message that only it can sign; see its own page for confirming. */
export const questions: Readonly<Record<string, Ask | undefined>> = {
  asana: (challenge) => ({
    method: "POST",
    headers: { "x-hook-secret": challenge },
    body: json({}),
    challenge,
    forgery: { kind: "taken" },
  }),
  cloudevents: (challenge, { allowedOrigins }) => {
    const [origin] = (allowedOrigins ?? "").split(",");
    if (origin === undefined || origin === "") return { needs: "allowedOrigins" };
    const other = { "webhook-request-origin": `${challenge}.example` };
    return {
      method: "OPTIONS",
      headers: { "webhook-request-origin": origin.trim() },
      challenge: origin.trim(),
      forgery: { kind: "headers", headers: other },
    };
  },
  discord: () => ({
    method: "POST",
    body: json({ type: 1, id: "check", application_id: "check" }),
    challenge: '"type":1',
    forgery: { kind: "probed" },
  }),
  dropbox: (challenge) => ({ method: "GET", query: { challenge }, challenge, forgery: open }),
  meta: askWithToken,
  strava: askWithToken,
  "microsoft-graph": (challenge) => ({
    method: "POST",
    query: { validationToken: challenge },
    body: json({ value: [{ id: "check" }] }),
    challenge,
    forgery: open,
  }),
  notion: (challenge) => ({
    method: "POST",
    body: json({ verification_token: challenge }),
    challenge,
    forgery: { kind: "taken" },
  }),
  okta: (challenge) => ({
    method: "GET",
    headers: { "x-okta-verification-challenge": challenge },
    challenge,
    forgery: open,
  }),
  slack: (challenge) => ({
    method: "POST",
    body: json({ type: "url_verification", token: "check", challenge }),
    challenge,
    forgery: { kind: "signature" },
  }),
  trello: () => ({ method: "HEAD", challenge: "", forgery: open }),
  twitch: (challenge) => ({
    method: "POST",
    headers: { "twitch-eventsub-message-type": "webhook_callback_verification" },
    body: json({ challenge, subscription: { id: "check" } }),
    challenge,
    forgery: { kind: "signature" },
  }),
  websub: (challenge, { topic }) => {
    if (topic === undefined) return { needs: "topic" };
    const query = { "hub.mode": "subscribe", "hub.challenge": challenge };
    return {
      method: "GET",
      query: { ...query, "hub.topic": topic, "hub.lease_seconds": "3600" },
      challenge,
      forgery: { kind: "query", query: { ...query, "hub.topic": "https://other.example/feed" } },
    };
  },
  "x-twitter": (challenge) => ({
    method: "GET",
    query: { crc_token: challenge },
    challenge: "sha256=",
    forgery: open,
  }),
  zoom: (challenge) => ({
    method: "POST",
    body: json({ event: "endpoint.url_validation", payload: { plainToken: challenge } }),
    challenge: "encryptedToken",
    forgery: { kind: "signature" },
  }),
};
