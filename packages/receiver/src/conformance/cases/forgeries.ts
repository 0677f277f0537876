import { utf8, utf8Text } from "../../bytes.ts";
import { parseJson } from "../../event-places.ts";
import type { Bench, CheckCase } from "../check-case.ts";
import { bad, expectRefused, isAccepted, note, shown, skipped } from "../finding.ts";
import type { Finding } from "../finding.ts";
import type { Delivery, SignatureChange } from "../provider.ts";

const forgedWhy = "Anybody who knows the URL can send events that the provider never sent.";
const forgedMend = "Verify every request by the scheme before anything is done, and answer 401.";

/** A forgery must be refused; what the scheme's signature does not cover is none. */
async function refuses(
  bench: Bench,
  what: string,
  delivery: Delivery | undefined,
): Promise<Finding> {
  if (delivery === undefined) return skipped("The scheme has nothing of that kind.");
  const verdict = await bench.provider.judge(delivery);
  if (verdict.kind === "verified") {
    return skipped("The scheme's signature does not cover this: a receiver cannot see it.");
  }
  return expectRefused(await bench.send(what, delivery));
}

function changed(
  change: SignatureChange,
  texts: Pick<CheckCase, "name" | "title"> & { readonly what: string },
): CheckCase {
  const { name, title, what } = texts;
  return {
    name,
    title,
    needs: "nothing",
    why: forgedWhy,
    mend: forgedMend,
    run: async (bench) => refuses(bench, what, await bench.provider.change(bench.event(), change)),
  };
}

const otherSecret: CheckCase = {
  name: "other-secret",
  title: "a delivery signed with another secret is refused",
  needs: "nothing",
  why: forgedWhy,
  mend: forgedMend,
  run: async (bench) =>
    refuses(
      bench,
      "a delivery signed with another secret",
      await bench.provider.ofStranger(bench.event()),
    ),
};

const tamperedBody: CheckCase = {
  name: "tampered-body",
  title: "a body that was changed on the way is refused",
  needs: "nothing",
  why: "Amounts and recipients can be rewritten between the provider and you.",
  mend: "Compute the signature over the body that arrived, not over its length, its id or nothing.",
  async run(bench) {
    const event = bench.event();
    const { body } = await bench.provider.genuine(event);
    const other = changeOneCharacter(body);
    if (other === undefined) return skipped("The body has no letter or digit to change.");
    const delivery = await bench.provider.swapBody(event, other);
    return refuses(bench, "a body of which one character was changed", delivery);
  },
};

const reserialisedBody: CheckCase = {
  name: "reserialised-body",
  title: "the same JSON in other bytes is refused",
  needs: "nothing",
  why:
    "The receiver signs what it has parsed and serialised again, and not what arrived: it takes bytes that nobody " +
    "signed, and refuses genuine ones that its serialiser writes differently.",
  mend: "Verify the raw bytes: express.raw, request.text(), a raw body parser, or this package's doors.",
  async run(bench) {
    const event = bench.event();
    const { body } = await bench.provider.genuine(event);
    const value = parseJson(utf8Text(body) ?? "");
    if (typeof value !== "object" || value === null) return skipped("The body is no JSON.");
    const delivery = await bench.provider.swapBody(event, utf8(JSON.stringify(value, null, 2)));
    return refuses(bench, "the body with other white space under the same signature", delivery);
  },
};

const twoSignatures: CheckCase = {
  name: "two-signatures",
  title: "two signature headers are no trouble",
  needs: "nothing",
  why: "Frameworks differ in which of two headers they show, so what was checked may not be what is used.",
  mend: "Refuse a signature, id or timestamp header that is there twice.",
  async run(bench) {
    const delivery = await bench.provider.change(bench.event(), "twice");
    if (delivery === undefined) return skipped("The scheme's signature is in no header.");
    const exchange = await bench.send("a forged signature header and the genuine one", delivery);
    return isAccepted(exchange)
      ? note(`It took the one that fits: ${shown(exchange)}.`)
      : expectRefused(exchange);
  },
};

const hourSeconds = 3600;

const stale: CheckCase = {
  name: "stale",
  title: "a genuine delivery of long ago is refused",
  needs: "trusted-key",
  why: "Whoever recorded one delivery can send it again for ever.",
  mend: "Compare the signed time with your clock, in both directions, and remember ids beyond that.",
  run: async (bench) => ofOtherTime(bench, "past"),
};

const future: CheckCase = {
  name: "future",
  title: "a genuine delivery from the future is refused",
  needs: "trusted-key",
  why: "It stays valid until its time has come and gone, so it can be repeated for that long.",
  mend: "Compare the signed time in both directions: Math.abs(now - timestamp) <= tolerance.",
  run: async (bench) => ofOtherTime(bench, "future"),
};

async function ofOtherTime(bench: Bench, direction: "past" | "future"): Promise<Finding> {
  const { scheme, provider } = bench;
  const { defaultToleranceSeconds: tolerance } = scheme;
  const isLimited = Number.isFinite(tolerance);
  // Far beyond what a receiver may have configured; where there is no limit, a day.
  const seconds = isLimited ? Math.max(hourSeconds, 4 * tolerance) : 24 * hourSeconds;
  const sign = direction === "past" ? 1 : -1;
  const delivery = await provider.genuine(bench.event(sign * seconds));
  const verdict = await provider.judge(delivery);
  if (verdict.kind === "verified" && verdict.timestampSeconds === undefined) {
    return skipped("The scheme signs no time: only remembering the ids stops a repetition.");
  }
  const what = `a genuine delivery of ${seconds} s ${direction === "past" ? "ago" : "ahead"}`;
  const exchange = await bench.send(what, delivery);
  if (!isAccepted(exchange)) return expectRefused(exchange);
  const says = `Accepted: ${shown(exchange)}.`;
  if (!isLimited) return note(`${says} The provider sets no limit; remember the ids.`);
  // Official libraries of other schemes refuse the past only; this specification names both directions.
  const must = direction === "past" || scheme.check.kind === "standard-webhooks";
  return must ? bad(says) : note(says);
}

const all: readonly CheckCase[] = [
  changed("wrong", {
    name: "wrong-signature",
    title: "a signature with one wrong character is refused",
    what: "a signature of which one character was changed",
  }),
  otherSecret,
  changed("missing", {
    name: "missing-signature",
    title: "a delivery without a signature is refused",
    what: "no signature",
  }),
  changed("empty", {
    name: "empty-signature",
    title: "a delivery with an empty signature header is refused",
    what: "an empty signature header",
  }),
  changed("cut", {
    name: "cut-signature",
    title: "a signature that was cut off is refused",
    what: "a signature without its end",
  }),
  twoSignatures,
  tamperedBody,
  reserialisedBody,
  stale,
  future,
];

export const forgeries: readonly CheckCase[] = all.map((each) => ({ ...each, wantsRefusal: true }));

/** The last letter or digit becomes another one; in a number a digit, so that JSON stays JSON. */
function changeOneCharacter(body: Uint8Array): Uint8Array | undefined {
  const text = utf8Text(body);
  if (text === undefined) return undefined;
  const amount = text.lastIndexOf("4900");
  const at = amount < 0 ? text.search(/[a-z0-9](?=[^a-z0-9]*$)/i) : amount;
  if (at < 0) return undefined;
  const char = text[at] ?? "";
  const other = char === "5" ? "6" : /\d/.test(char) ? "5" : char === "x" ? "y" : "x";
  return utf8(text.slice(0, at) + other + text.slice(at + 1));
}
