import { mac } from "../checks/mac.ts";
import type { HashName } from "../crypto-provider.ts";
import { echoWhenTopicMatches } from "../handshakes/hub-challenge.ts";
import type { Check, CheckInput, Scheme } from "../scheme.ts";

const hashes: Readonly<Record<string, HashName>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** Code of its own: the hub chooses the hash, and says which before the signature. */
const byMethod: Check = {
  kind: "hmac",
  coversBody: true,
  verify: (input) => checkOf(methodOf(input)).verify(input),
  sign: (input) => checkOf("sha256").sign(input),
};

export const websub: Scheme = {
  name: "websub",
  title: "WebSub",
  docs: "https://www.w3.org/TR/websub/#authenticated-content-distribution",
  check: byMethod,
  event: {},
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [{ name: "topic", required: true, what: "The topic URL that you subscribed to" }],
  handshake: echoWhenTopicMatches,
  unconfirmed: ["The form of the signature and of the challenge."],
};

function methodOf({ request }: CheckInput): string {
  const [value = ""] = request.headers("x-hub-signature");
  const method = value.slice(0, Math.max(0, value.indexOf("=")));
  return Object.hasOwn(hashes, method) ? method : "sha256";
}

function checkOf(method: string): Check {
  const hash = hashes[method] ?? "SHA-256";
  return mac({
    hash,
    signature: { header: "x-hub-signature", prefix: `${method}=`, encoding: "hex" },
  });
}
