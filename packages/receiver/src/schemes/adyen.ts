import { constantTimeEqual, decodeCanonicalBase64, encodeBase64, utf8 } from "../bytes.ts";
import { pinned } from "../checks/combined.ts";
import { computeCode } from "../checks/computed.ts";
import { keyBytes } from "../checks/key-form.ts";
import { mac } from "../checks/mac.ts";
import { mismatch } from "../checks/mismatch.ts";
import { textAt } from "../event-places.ts";
import { answered, textAnswer } from "../handshakes/answers.ts";
import { isRecord, jsonBody } from "../json-body.ts";
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

/** Code of its own: each item of the body has a signature over eight of its fields. */
const perItem: Check = { kind: "hmac", coversBody: false, verify: verifyItems, sign: signItems };
const item = "notificationItems.0.NotificationRequestItem";

export const adyen: Scheme = {
  name: "adyen",
  title: "Adyen",
  docs: "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures",
  check: pinned({
    config: "mode",
    otherwise: "standard",
    checks: {
      standard: perItem,
      platform: mac({
        hash: "SHA-256",
        key: "hex",
        signature: { header: "hmacsignature", encoding: "base64" },
      }),
    },
  }),
  event: {
    id: { join: [{ json: `${item}.pspReference` }, { json: `${item}.eventCode` }], with: ":" },
    type: { first: [{ json: `${item}.eventCode` }, { json: "type" }] },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    { name: "mode", required: false, what: "standard, or platform for platforms and management" },
  ],
  acceptBody: "[accepted]",
  handshake: acceptNothing,
  answerWithinMs: 10_000,
  unconfirmed: ["The answer may take 10 seconds."],
};

/** A request without a body notifies of nothing: the test of an address, that wants the usual answer. */
function acceptNothing({ request }: HandshakeInput): Handshake | undefined {
  const empty = request.method === "POST" && request.body.length === 0;
  return empty ? answered(textAnswer("[accepted]")) : undefined;
}

interface SignedItem {
  readonly signature: Uint8Array;
  readonly content: Uint8Array;
}

async function verifyItems(input: CheckInput): Promise<Checked | Rejected> {
  const items = readItems(input.request);
  if ("reason" in items) return items;
  const { crypto } = input;
  let secretIndex = -1;
  for (const [index, secret] of input.secrets.entries()) {
    const key = await keyBytes("hex", secret, crypto);
    if ("kind" in key) return key;
    let equal = 0;
    for (const { signature, content } of items) {
      const code = await crypto.hmac("SHA-256", key, [content]);
      if (constantTimeEqual(code, signature)) equal += 1;
    }
    if (equal === items.length && secretIndex < 0) secretIndex = index;
  }
  return secretIndex < 0 ? mismatch : { kind: "checked", secretIndex, timestampMs: undefined };
}

function readItems(request: { readonly body: Uint8Array }): readonly SignedItem[] | Rejected {
  const { notificationItems } = jsonBody(request);
  if (!Array.isArray(notificationItems) || notificationItems.length === 0) {
    return rejected("malformed", "The body has no notificationItems: is it a platform's webhook?");
  }
  const items: SignedItem[] = [];
  for (const each of notificationItems) {
    const signature = textAt(each, "NotificationRequestItem.additionalData.hmacSignature");
    if (signature === undefined) {
      return rejected("missing-header", "An item of the body has no additionalData.hmacSignature.");
    }
    const bytes = decodeCanonicalBase64(signature);
    const content = contentOf(each);
    if (bytes?.length !== 32 || content === undefined) {
      return rejected("malformed", "An item's signature or a signed field is of another form.");
    }
    items.push({ signature: bytes, content });
  }
  return items;
}

const signedFields = [
  ["pspReference", /^[^:]*$/],
  ["originalReference", /^[^:]*$/],
  ["merchantAccountCode", /^[^:]*$/],
  ["merchantReference", /^/],
  ["amount.value", /^-?\d*$/],
  ["amount.currency", /^(?:[A-Z]{3})?$/],
  ["eventCode", /^\w*$/],
  ["success", /^(?:true|false)?$/],
] as const;

/**
 * The fields with colons between. Colons in them are not escaped, so that text could move from one field into
 * the next: only the merchant's own reference may have any. Undefined for fields that have.
 */
function contentOf(notification: unknown): Uint8Array | undefined {
  const values = signedFields.map(([path, shape]) => {
    const value = textAt(notification, `NotificationRequestItem.${path}`) ?? "";
    return shape.test(value) && value.isWellFormed() ? value : undefined;
  });
  return values.includes(undefined) ? undefined : utf8(values.join(":"));
}

async function signItems(input: SignInput): Promise<SignOutput> {
  const body = jsonBody(input);
  const { notificationItems } = body;
  if (!Array.isArray(notificationItems)) throw new TypeError("The body has no notificationItems.");
  const signed = notificationItems.map((each: unknown) => signItem(each, input));
  const whole = { ...body, notificationItems: await Promise.all(signed) };
  return {
    headers: { "content-type": "application/json" },
    body: utf8(JSON.stringify(whole)),
  };
}

async function signItem(each: unknown, input: SignInput): Promise<unknown> {
  const notification = isRecord(each) ? each["NotificationRequestItem"] : undefined;
  const content = contentOf(each);
  if (!isRecord(notification) || content === undefined) {
    throw new TypeError("An item has no NotificationRequestItem, or a field of another form.");
  }
  const code = await computeCode({ hash: "SHA-256", key: "hex" }, [content], input);
  const { additionalData } = notification;
  const more = isRecord(additionalData) ? additionalData : {};
  return {
    NotificationRequestItem: {
      ...notification,
      additionalData: { ...more, hmacSignature: encodeBase64(code) },
    },
  };
}
