import { utf8, utf8Text } from "../bytes.ts";
import { mac } from "../checks/mac.ts";
import type { Check, Scheme } from "../scheme.ts";

const overBody = mac({
  hash: "SHA-256",
  key: "text-nfkd",
  signature: { header: "x-hmac-signature", prefix: "hmac-sha256-hex=", encoding: "hex" },
});

/** Code of its own: the sender hashes whole weights as decimals, and sends them as whole numbers. */
const decimalWeights: Check = {
  kind: overBody.kind,
  coversBody: true,
  verify: (input) => {
    const { request } = input;
    return overBody.verify({ ...input, request: { ...request, body: asHashed(request.body) } });
  },
  sign: (input) => overBody.sign({ ...input, body: asHashed(input.body) }),
};

export const easypost: Scheme = {
  name: "easypost",
  title: "EasyPost",
  docs: "https://docs.easypost.com/guides/webhooks-guide",
  check: decimalWeights,
  event: { id: { json: "id" }, type: { json: "description" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};

function asHashed(body: Uint8Array): Uint8Array {
  const text = utf8Text(body);
  if (text === undefined) return body;
  return utf8(text.replaceAll(/("weight":\s*)(\d+)(\s*)(?=,|\})/g, "$1$2.0"));
}
