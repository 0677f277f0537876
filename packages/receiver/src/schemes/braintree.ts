import { decodeBase64, decodeHex, encodeHex, utf8, utf8Text } from "../bytes.ts";
import { computeCode, matchCode } from "../checks/computed.ts";
import type { CodePlan } from "../checks/computed.ts";
import { notAForm, parseForm } from "../checks/form.ts";
import type { FormFields } from "../checks/form.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const plan: CodePlan = { hash: "SHA-1", key: "sha1" };
const maxPairs = 32;

/** Code of its own: the signatures of several keys stand in the form, each with the key's name. */
const inForm: Check = {
  kind: "hmac",
  coversBody: true,
  verify: verifyBraintree,
  sign: signBraintree,
};

export const braintree: Scheme = {
  name: "braintree",
  title: "Braintree",
  docs: "https://developer.paypal.com/braintree/docs/guides/webhooks/parse",
  check: inForm,
  event: { type: { readForm: kindOf } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [{ name: "publicKeyId", required: false, what: "The public key of your API keys" }],
};

async function verifyBraintree(input: CheckInput): Promise<Checked | Rejected> {
  const form = parseForm(input.request.body);
  if (form === undefined) return notAForm;
  const pairs = fieldOf(form, "bt_signature");
  if (typeof pairs !== "string") return pairs;
  const payload = fieldOf(form, "bt_payload");
  if (typeof payload !== "string") return payload;
  if (!/^[A-Za-z0-9+/=\n]+$/.test(payload)) {
    return rejected("malformed", "The field bt_payload is no base64.");
  }
  const signatures = readPairs(pairs, input.config["publicKeyId"]);
  if ("reason" in signatures) return signatures;
  // Braintree's libraries take a payload that lost the line break at its end.
  const contents = [[utf8(payload)], [utf8(`${payload}\n`)]];
  return matchCode(plan, { signatures, contents, timestampMs: undefined }, input);
}

function fieldOf(form: FormFields, name: string): string | Rejected {
  const [value = "", ...more] = form.get(name) ?? [];
  if (more.length > 0) return rejected("malformed", `The form has more than one ${name}.`);
  return value === "" ? rejected("missing-header", `The form has no ${name}.`) : value;
}

/** `publicKey|hex`, joined with `&`: the key's name finds the pair, and proves nothing. */
function readPairs(
  text: string,
  publicKeyId: string | undefined,
): readonly Uint8Array[] | Rejected {
  const pairs = text.split("&").map((pair) => pair.split("|"));
  if (pairs.length > maxPairs) return rejected("malformed", "The field bt_signature is too long.");
  const own = pairs.filter(([id]) => publicKeyId === undefined || id === publicKeyId);
  if (own.length === 0) {
    return rejected("signature", "No signature is of the configured publicKeyId.");
  }
  const signatures = own.flatMap(([, hex = "", ...more]) => {
    const signature = more.length > 0 ? undefined : decodeHex(hex);
    return signature?.length === 20 ? [signature] : [];
  });
  return signatures.length === own.length
    ? signatures
    : rejected("malformed", "The field bt_signature is no list of key|hex: was it cut off?");
}

/** The payload is XML; its kind is one of Braintree's own names, without any markup. */
function kindOf(form: URLSearchParams): string | undefined {
  const bytes = decodeBase64((form.get("bt_payload") ?? "").replaceAll("\n", ""));
  const xml = bytes === undefined ? undefined : utf8Text(bytes);
  return xml === undefined ? undefined : /<kind>([\w.-]+)<\/kind>/.exec(xml)?.[1];
}

/** A body that is no such form yet is the XML. */
async function signBraintree(input: SignInput): Promise<SignOutput> {
  const publicKeyId = input.config["publicKeyId"];
  if (publicKeyId === undefined) {
    throw new TypeError("Give publicKeyId in config: it stands before the signature.");
  }
  const payload = parseForm(input.body)?.get("bt_payload")?.[0] ?? payloadOf(input.body);
  const code = await computeCode(plan, [utf8(payload)], input);
  const form = new URLSearchParams({
    bt_signature: `${publicKeyId}|${encodeHex(code)}`,
    bt_payload: payload,
  });
  return {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: utf8(form.toString()),
  };
}

function payloadOf(xml: Uint8Array): string {
  let text = "";
  for (const byte of xml) text += String.fromCharCode(byte);
  return `${btoa(text)}\n`;
}
