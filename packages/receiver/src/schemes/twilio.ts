import {
  constantTimeEqual,
  decodeCanonicalBase64,
  decodeHex,
  encodeBase64,
  encodeHex,
  utf8,
} from "../bytes.ts";
import { computeCode, matchCode } from "../checks/computed.ts";
import type { CodePlan } from "../checks/computed.ts";
import { calledUrl, signedUrlField, urlToSign } from "../checks/called-url.ts";
import { notAForm, parseForm, parsePairs, sortedNames, sortedValues } from "../checks/form.ts";
import type { FormFields } from "../checks/form.ts";
import { headerOnce } from "../checks/header-once.ts";
import { mismatch } from "../checks/mismatch.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const header = "x-twilio-signature";
const plan: CodePlan = { hash: "SHA-1", key: "text" };

/** Code of its own: signed are the URL and the decoded form, or the URL with the hash of another body in it. */
const urlAndForm: Check = {
  kind: "hmac",
  coversBody: true,
  verify: verifyTwilio,
  sign: signTwilio,
};

/**
 * Nothing separates a field's name from its value in what is signed, so whoever saw one delivery can move letters
 * between them: a field that a handler needs and does not find is no reason to go on without it.
 */
export const twilio: Scheme = {
  name: "twilio",
  title: "Twilio",
  docs: "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
  check: urlAndForm,
  event: {
    id: { header: "i-twilio-idempotency-token" },
    type: { first: [{ form: "MessageStatus" }, { form: "CallStatus" }] },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
  answerWithinMs: 15_000,
  unconfirmed: ["The answer may take 15 seconds."],
};

async function verifyTwilio(input: CheckInput): Promise<Checked | Rejected> {
  const { request, config } = input;
  const text = headerOnce(header, request.headers);
  if (typeof text !== "string") return text;
  const signature = decodeCanonicalBase64(text);
  if (signature?.length !== 20) {
    return rejected("malformed", `The header ${header} is no base64 of 20 bytes: was it cut off?`);
  }
  const url = calledUrl({ url: request.url, config });
  if (typeof url === "object") return url;
  const hashes = bodyHashes(url);
  const form = hashes.length > 0 ? new Map<string, string[]>() : parseForm(request.body);
  if (form === undefined) return notAForm;
  const contents = portForms(url).map((each) => [utf8(each + formText(form))]);
  const claim = { signatures: [signature], contents, timestampMs: undefined };
  const checked = await matchCode(plan, claim, input);
  if (checked.kind === "rejected" || hashes.length === 0) return checked;
  return (await matchesBody(hashes, input)) ? checked : mismatch;
}

/** `bodySHA256` in the query: the form is then not signed, and the body's hash must be this. */
function bodyHashes(url: string): readonly string[] {
  const at = url.indexOf("?");
  const query = at < 0 ? "" : (url.slice(at + 1).split("#")[0] ?? "");
  return parsePairs(query)?.get("bodySHA256") ?? [];
}

async function matchesBody(
  [hash = "", ...more]: readonly string[],
  { request, crypto }: CheckInput,
): Promise<boolean> {
  const wanted = decodeHex(hash.toLowerCase());
  if (wanted === undefined || more.length > 0) return false;
  return constantTimeEqual(wanted, await crypto.digest("SHA-256", [request.body]));
}

/** Twilio signs some URLs with their port and some without: the port that goes without saying counts as both. */
function portForms(url: string): readonly string[] {
  const parts = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url);
  if (parts === null) return [url];
  const [, protocol = "", authority = "", rest = ""] = parts;
  const port = protocol.toLowerCase() === "https" ? ":443" : ":80";
  if (authority.endsWith(port)) {
    return [url, `${protocol}://${authority.slice(0, -port.length)}${rest}`];
  }
  return /:\d+$/.test(authority) ? [url] : [url, `${protocol}://${authority}${port}${rest}`];
}

/** Each name and value, sorted by name; of a repeated name the different values, sorted. */
function formText(form: FormFields): string {
  return sortedNames(form)
    .flatMap((name) => sortedValues([...new Set(form.get(name))]).map((value) => name + value))
    .join("");
}

/** A body that is no form is signed by its hash in the URL. */
async function signTwilio(input: SignInput): Promise<SignOutput> {
  const { body, crypto } = input;
  const url = urlToSign(input);
  if (/^\s*[[{]/.test(new TextDecoder().decode(body))) {
    const hash = encodeHex(await crypto.digest("SHA-256", [body]));
    const signed = `${url}${url.includes("?") ? "&" : "?"}bodySHA256=${hash}`;
    const code = await computeCode(plan, [utf8(signed)], input);
    return {
      headers: { [header]: encodeBase64(code), "content-type": "application/json" },
      url: signed,
    };
  }
  const form = parseForm(body);
  if (form === undefined)
    throw new TypeError("Twilio signs forms and JSON, and the body is neither.");
  const code = await computeCode(plan, [utf8(url + formText(form))], input);
  const type = "application/x-www-form-urlencoded; charset=UTF-8";
  return { headers: { [header]: encodeBase64(code), "content-type": type } };
}
