import type { Handshake, HandshakeInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import { answered, jsonAnswer, refused, textAnswer } from "./answers.ts";
import { queryOf } from "./query.ts";
import { sameText } from "./same-text.ts";

/** Meta: echoes `hub.challenge` when `hub.verify_token` is the configured `verifyToken`. */
export async function echoWhenTokenMatches(input: HandshakeInput): Promise<Handshake | undefined> {
  const challenge = await challengeWithToken(input);
  return typeof challenge === "string" ? answered(textAnswer(challenge)) : challenge;
}

/** Strava: the same question, answered as JSON. */
export async function answerWhenTokenMatches(
  input: HandshakeInput,
): Promise<Handshake | undefined> {
  const challenge = await challengeWithToken(input);
  return typeof challenge === "string"
    ? answered(jsonAnswer({ "hub.challenge": challenge }))
    : challenge;
}

async function challengeWithToken(input: HandshakeInput): Promise<string | Handshake | undefined> {
  const { request, config, crypto } = input;
  if (request.method !== "GET") return undefined;
  const query = queryOf(request);
  const challenge = query("hub.challenge");
  if (query("hub.mode") !== "subscribe" || challenge === undefined) return undefined;
  const expected = config["verifyToken"];
  if (expected === undefined || expected === "") return refused(403, noToken);
  const matches = await sameText(query("hub.verify_token") ?? "", expected, crypto);
  return matches ? challenge : refused(403, wrongToken);
}

/** WebSub: echoes `hub.challenge` for the configured `topic`, when it is subscribed to or left. */
export function echoWhenTopicMatches({ request, config }: HandshakeInput): Handshake | undefined {
  if (request.method !== "GET") return undefined;
  const query = queryOf(request);
  const mode = query("hub.mode");
  const challenge = query("hub.challenge");
  if (mode !== "subscribe" && mode !== "unsubscribe") return undefined;
  if (challenge === undefined || challenge === "") return undefined;
  const topic = config["topic"];
  if (topic === undefined || query("hub.topic") !== topic) return refused(404, otherTopic);
  return answered(textAnswer(challenge));
}

const noToken = rejected("bad-config", "Configure verifyToken: the token that you gave the app.");
const wrongToken = rejected("signature", "The verify token is not the configured verifyToken.");
const otherTopic = rejected(
  "signature",
  "The topic is not the configured one: nobody asked for it.",
);
