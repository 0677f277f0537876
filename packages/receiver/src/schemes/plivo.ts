import { decodeCanonicalBase64, encodeBase64, encodeHex, utf8 } from "../bytes.ts";
import { computeCodes, matchCode } from "../checks/computed.ts";
import type { CodePlan } from "../checks/computed.ts";
import { calledUrl, signedUrlField, urlToSign } from "../checks/called-url.ts";
import { notAForm, parseForm, parsePairs, sortedNames, sortedValues } from "../checks/form.ts";
import type { FormFields } from "../checks/form.ts";
import { headerOnce } from "../checks/header-once.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const header = "x-plivo-signature-v3";
const mainHeader = "x-plivo-signature-ma-v3";
const nonceHeader = "x-plivo-signature-v3-nonce";
const plan: CodePlan = { hash: "SHA-256", key: "text" };
const maxSignatures = 32;

/** Code of its own: signed are the URL with its query sorted, the decoded form and a nonce. */
const urlFormNonce: Check = {
  kind: "hmac",
  coversBody: true,
  verify: verifyPlivo,
  sign: signPlivo,
};

export const plivo: Scheme = {
  name: "plivo",
  title: "Plivo",
  docs: "https://www.plivo.com/docs/voice/concepts/signature-validation",
  check: urlFormNonce,
  event: {
    id: { first: [{ form: "MessageUUID" }, { form: "CallUUID" }] },
    type: { first: [{ form: "Status" }, { form: "CallStatus" }, { form: "Event" }] },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
};

async function verifyPlivo(input: CheckInput): Promise<Checked | Rejected> {
  const { headers } = input.request;
  const signatures = readSignatures(input);
  if ("reason" in signatures) return signatures;
  const nonce = headerOnce(nonceHeader, headers);
  if (typeof nonce !== "string") return nonce;
  // It stands behind a full stop: a nonce with one could have been a part of the form.
  if (!/^[\w-]+$/.test(nonce))
    return rejected("malformed", `The header ${nonceHeader} is no nonce.`);
  const url = calledUrl({ url: input.request.url, config: input.config });
  if (typeof url === "object") return url;
  const form = parseForm(input.request.body);
  const content = form === undefined ? undefined : signedText(url, form);
  if (content === undefined) return notAForm;
  const contents = [[utf8(`${content}.${nonce}`)]];
  return matchCode(plan, { signatures, contents, timestampMs: undefined }, input);
}

/** A sub-account's and the main account's, in one header or two. */
function readSignatures({ request }: CheckInput): readonly Uint8Array[] | Rejected {
  const own = headerOnce(header, request.headers);
  const main = headerOnce(mainHeader, request.headers);
  for (const each of [own, main]) {
    if (typeof each !== "string" && each.reason !== "missing-header") return each;
  }
  if (typeof own !== "string" && typeof main !== "string") return own;
  const texts = [own, main].flatMap((each) => (typeof each === "string" ? each.split(",") : []));
  // A header that came twice is joined with a comma and a space.
  const decoded = texts.map((text) => decodeCanonicalBase64(text));
  const signatures = decoded.filter((each) => each !== undefined && each.length === 32);
  if (texts.length > maxSignatures || signatures.length < texts.length) {
    return rejected("malformed", `The header ${header} is no list of base64 of 32 bytes.`);
  }
  return signatures.filter((each) => each !== undefined);
}

/** `url?name=value&…`, both sorted; then, when there is a form, `.` and each `name` and `value`, sorted. */
function signedText(url: string, form: FormFields): string | undefined {
  const bare = url.split("#")[0] ?? "";
  const at = bare.indexOf("?");
  const base = at < 0 ? bare : bare.slice(0, at);
  const query = parsePairs(at < 0 ? "" : bare.slice(at + 1));
  if (query === undefined) return undefined;
  const queryText = pairs(query, "=").join("&");
  const formText = pairs(form, "").join("");
  if (form.size === 0) return queryText === "" ? base : `${base}?${queryText}`;
  return queryText === "" ? `${base}?${formText}` : `${base}?${queryText}.${formText}`;
}

function pairs(fields: FormFields, between: string): readonly string[] {
  return sortedNames(fields).flatMap((name) =>
    sortedValues(fields.get(name) ?? []).map((value) => name + between + value),
  );
}

async function signPlivo(input: SignInput): Promise<SignOutput> {
  const url = urlToSign(input);
  const form = parseForm(input.body);
  const content = form === undefined ? undefined : signedText(url, form);
  if (content === undefined) throw new TypeError(notAForm.detail);
  const nonce = encodeHex(globalThis.crypto.getRandomValues(new Uint8Array(12)));
  const codes = await computeCodes(plan, [utf8(`${content}.${nonce}`)], input);
  return {
    headers: {
      [header]: codes.map(encodeBase64).join(","),
      [nonceHeader]: nonce,
      "content-type": "application/x-www-form-urlencoded",
    },
  };
}
