import { utf8 } from "../bytes.ts";
import { matchSecret, onlySecret } from "../checks/static-secret.ts";
import { atPath } from "../event-places.ts";
import { echoValidationToken } from "../handshakes/query-challenge.ts";
import { jsonBody } from "../json-body.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** Code of its own: the secret stands in each notification of the body, and each must have it. */
const clientState: Check = {
  kind: "static-secret",
  coversBody: false,
  verify: verifyClientState,
  sign: signClientState,
};

export const microsoftGraph: Scheme = {
  name: "microsoft-graph",
  title: "Microsoft Graph",
  docs: "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
  check: clientState,
  event: { id: { json: "value.0.id" }, type: { json: "value.0.changeType" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 3000,
  retries: "For up to 4 hours; slow endpoints are throttled.",
  handshake: echoValidationToken,
};

function verifyClientState(input: CheckInput): Rejected | Promise<Checked | Rejected> {
  const { value } = jsonBody(input.request);
  if (!Array.isArray(value) || value.length === 0) {
    return rejected("malformed", "The body holds no notifications.");
  }
  const states = value.map((each: unknown) => atPath(each, "clientState"));
  const texts = states.filter((state): state is string => typeof state === "string");
  if (texts.length < states.length) {
    return rejected("missing-header", "A notification in the body has no clientState.");
  }
  return matchSecret(texts.map(utf8), input);
}

async function signClientState(input: SignInput): Promise<SignOutput> {
  const { value } = jsonBody(input);
  const clientState = await onlySecret(input);
  const notifications = Array.isArray(value) ? value : [];
  const signed = notifications.map((each: object) => ({ ...each, clientState }));
  return { headers: {}, body: utf8(JSON.stringify({ value: signed })) };
}
