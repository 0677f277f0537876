import { utf8 } from "../bytes.ts";
import { matchSecret, onlySecret } from "../checks/static-secret.ts";
import { atPath } from "../event-places.ts";
import { answered, jsonAnswer, refused } from "../handshakes/answers.ts";
import { sameText } from "../handshakes/same-text.ts";
import { jsonBody } from "../json-body.ts";
import type { Check, Handshake, HandshakeInput, Scheme } from "../scheme.ts";
import { rejected } from "../verdict.ts";

/** Code of its own: the token stands in the body, in one place of the first version and another of the second. */
const bodyToken: Check = {
  kind: "static-secret",
  coversBody: false,
  verify(input) {
    const token = tokenIn(jsonBody(input.request));
    return token === undefined ? noToken : matchSecret([utf8(token)], input);
  },
  async sign(input) {
    const body = jsonBody(input);
    const header = typeof body["header"] === "object" ? body["header"] : {};
    const signed = { ...body, header: { ...header, token: await onlySecret(input) } };
    return { headers: {}, body: utf8(JSON.stringify(signed)) };
  },
};

/** Lark and Feishu with a verification token, without an encrypt key: events that come encrypted are refused. */
export const lark: Scheme = {
  name: "lark",
  title: "Lark",
  docs: "https://open.larksuite.com/document/server-docs/event-subscription-guide/overview",
  check: bodyToken,
  event: { id: { json: "header.event_id" }, type: { json: "header.event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    { name: "verificationToken", required: false, what: "The app's token, for the first question" },
  ],
  handshake: echoChallenge,
  answerWithinMs: 3000,
  unconfirmed: ["The places of the token, the question and its answer are recalled."],
};

async function echoChallenge(input: HandshakeInput): Promise<Handshake | undefined> {
  const body = jsonBody(input.request);
  const { challenge, type } = body;
  if (type !== "url_verification" || typeof challenge !== "string") return undefined;
  const expected = input.config["verificationToken"];
  const rejection =
    expected === undefined
      ? await input.verify()
      : (await sameText(tokenIn(body) ?? "", expected, input.crypto))
        ? undefined
        : otherToken;
  return rejection === undefined ? answered(jsonAnswer({ challenge })) : refused(401, rejection);
}

function tokenIn(body: object): string | undefined {
  const token = atPath(body, "header.token") ?? atPath(body, "token");
  return typeof token === "string" && token !== "" ? token : undefined;
}

const noToken = rejected("missing-header", "The body holds no token: is the event encrypted?");
const otherToken = rejected("signature", "The token is not the configured verificationToken.");
