import { decodeCanonicalBase64, encodeBase64, utf8 } from "../bytes.ts";
import { computeCode, matchCode } from "../checks/computed.ts";
import type { CodePlan } from "../checks/computed.ts";
import { calledUrl, signedUrlField, urlToSign } from "../checks/called-url.ts";
import { notAForm, parseForm, sortedNames } from "../checks/form.ts";
import type { FormFields } from "../checks/form.ts";
import { headerOnce } from "../checks/header-once.ts";
import { parseJson, textAt } from "../event-places.ts";
import { emptyAnswer, answered } from "../handshakes/answers.ts";
import { answerHead } from "../handshakes/plain-answers.ts";
import type {
  Check,
  Checked,
  CheckInput,
  Handshake,
  HandshakeInput,
  Scheme,
  SignInput,
  SignOutput,
} from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const header = "x-mandrill-signature";
const plan: CodePlan = { hash: "SHA-1", key: "text" };

/** Code of its own: signed are the URL and the decoded form. */
const urlAndForm: Check = {
  kind: "hmac",
  coversBody: true,
  verify: verifyMandrill,
  sign: signMandrill,
};

export const mandrill: Scheme = {
  name: "mandrill",
  title: "Mandrill (Mailchimp Transactional)",
  docs: "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
  check: urlAndForm,
  event: {
    id: { readForm: (form) => eventField(form, "_id") },
    type: { readForm: (form) => eventField(form, "event") },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
  handshake: answerRegistration,
  unconfirmed: ["The form of the signature.", "What is asked when a webhook is registered."],
};

/** The form holds a JSON list of events. */
function eventField(form: URLSearchParams, name: string): string | undefined {
  return textAt(parseJson(form.get("mandrill_events") ?? ""), `0.${name}`);
}

/** HEAD, then a POST without any event that is signed with no key of the webhook. */
function answerRegistration(input: HandshakeInput): Handshake | undefined {
  const { method, body } = input.request;
  if (method !== "POST") return answerHead(input);
  const events = parseForm(body)?.get("mandrill_events") ?? [];
  const empty = body.length === 0 || (events.length === 1 && events[0]?.trim() === "[]");
  return empty ? answered(emptyAnswer(200)) : undefined;
}

async function verifyMandrill(input: CheckInput): Promise<Checked | Rejected> {
  const { request, config } = input;
  const text = headerOnce(header, request.headers);
  if (typeof text !== "string") return text;
  const signature = decodeCanonicalBase64(text);
  if (signature?.length !== 20) {
    return rejected("malformed", `The header ${header} is no base64 of 20 bytes: was it cut off?`);
  }
  const url = calledUrl({ url: request.url, config });
  if (typeof url === "object") return url;
  const form = parseForm(request.body);
  const content = form === undefined ? undefined : formText(form);
  if (content === undefined) return notAForm;
  const claim = {
    signatures: [signature],
    contents: [[utf8(url + content)]],
    timestampMs: undefined,
  };
  return matchCode(plan, claim, input);
}

/** Undefined for a name that is there twice: which one counts differs by framework. */
function formText(form: FormFields): string | undefined {
  const names = sortedNames(form);
  if (names.some((name) => form.get(name)?.length !== 1)) return undefined;
  return names.map((name) => name + (form.get(name)?.[0] ?? "")).join("");
}

async function signMandrill(input: SignInput): Promise<SignOutput> {
  const url = urlToSign(input);
  const form = parseForm(input.body);
  const content = form === undefined ? undefined : formText(form);
  if (content === undefined) throw new TypeError(notAForm.detail);
  const code = await computeCode(plan, [utf8(url + content)], input);
  const type = "application/x-www-form-urlencoded";
  return { headers: { [header]: encodeBase64(code), "content-type": type } };
}
