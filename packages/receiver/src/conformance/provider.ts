import { utf8, utf8Text } from "../bytes.ts";
import { answerHandshake } from "../handshake.ts";
import type { Handshake, Scheme, SchemeConfig } from "../scheme.ts";
import { sign } from "../sign.ts";
import type { SignedRequest } from "../sign.ts";
import type { Verdict } from "../verdict.ts";
import { verify } from "../verify.ts";
import { keysOf, otherKeys, strangerKeys } from "./keys.ts";
import type { Keys } from "./keys.ts";
import type { SampleEvent } from "./sample-event.ts";

export type HeaderPairs = readonly (readonly [string, string])[];

/** A request as the provider would send it, or as somebody who pretends to be it. */
export interface Delivery {
  readonly method: string;
  /** As the provider calls it: what schemes that sign the URL sign. */
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
  /** Texts that a receiver must not answer: the signature that would be right. */
  readonly unsaid: readonly string[];
}

/** What somebody does to a signature that is there. */
export type SignatureChange = "wrong" | "missing" | "empty" | "cut" | "twice";

/** Makes the deliveries of one provider to one URL, the genuine ones and the forged. */
export interface Provider {
  /** False when only the real provider has the key: then whatever is made here is a forgery. */
  readonly trusted: boolean;
  readonly secretTexts: readonly string[];

  /** Throws a TypeError for a body that the scheme cannot sign. */
  genuine(event: SampleEvent): Promise<Delivery>;

  /** Signed in the right way with a key that is not the receiver's. */
  ofStranger(event: SampleEvent): Promise<Delivery>;

  /** Undefined where the change is not one for this scheme. */
  change(event: SampleEvent, change: SignatureChange): Promise<Delivery | undefined>;

  /** The signature and all other headers of one event with the body of another. */
  swapBody(event: SampleEvent, body: Uint8Array): Promise<Delivery>;

  /** What a receiver that verifies by the scheme makes of it, now. */
  judge(delivery: Delivery): Promise<Verdict>;

  /** What it answers to a provider's question; undefined when this is none. */
  answer(delivery: Delivery): Promise<Handshake | undefined>;
}

export interface ProviderOptions {
  readonly scheme: Scheme;
  readonly secret: string | undefined;
  /** As the provider calls it. */
  readonly url: string;
  readonly config: SchemeConfig;
  readonly headers: HeaderPairs;
}

/** Undefined when the scheme needs a secret and none was given. Throws for a secret that is none of the scheme's. */
export async function makeProvider(
  options: ProviderOptions,
  probe: SampleEvent,
): Promise<Provider | undefined> {
  const { scheme, secret } = options;
  const works = async (keys: Keys): Promise<boolean> => {
    try {
      const delivery = await signEvent(options, keys, probe);
      return (await judge(options, keys, delivery)).kind === "verified";
    } catch {
      // A key of another kind than the scheme's.
      return false;
    }
  };
  const keys = secret === undefined ? await strangerKeys(scheme, works) : keysOf(secret);
  if (keys === undefined) return undefined;
  const others = await otherKeys(keys);
  const build = async (event: SampleEvent): Promise<Delivery> => signEvent(options, keys, event);
  const byOther = async (event: SampleEvent): Promise<Delivery> => {
    const [delivery, right] = await Promise.all([signEvent(options, others, event), build(event)]);
    return { ...delivery, unsaid: signatureTexts(right, delivery) };
  };
  return {
    trusted: secret !== undefined,
    secretTexts: secret === undefined ? [] : textsOf(secret),
    genuine: build,
    ofStranger: byOther,
    judge: (delivery) => judge(options, keys, delivery),
    answer: (delivery) =>
      answerHandshake(scheme, delivery, keys.verifyWith, { config: options.config }),
    async change(event, change) {
      const [right, other] = await Promise.all([build(event), byOther(event)]);
      return changeSignature(right, other, change);
    },
    async swapBody(event, body) {
      const [original, right] = await Promise.all([
        build(event),
        build({ ...event, body }).catch(() => undefined),
      ]);
      const unsaid = right === undefined ? [] : signatureTexts(right, original);
      return { ...original, body, unsaid };
    },
  };
}

async function signEvent(
  { scheme, url, config, headers }: ProviderOptions,
  keys: Keys,
  { id, type, body, atMs }: SampleEvent,
): Promise<Delivery> {
  const message = { id, type, body, url, timestampSeconds: atMs / 1000 };
  const signed = await sign(scheme, message, keys.signWith, { config });
  return {
    method: signed.method,
    url: signed.url ?? url,
    headers: withDefaults(signed, headers),
    body: signed.body,
    unsaid: [],
  };
}

function withDefaults(signed: SignedRequest, added: HeaderPairs): HeaderPairs {
  const own = Object.entries(signed.headers);
  const names = new Set([...own, ...added].map(([name]) => name.toLowerCase()));
  const type = looksLikeForm(signed.body)
    ? "application/x-www-form-urlencoded"
    : "application/json";
  const defaults = [
    ["user-agent", "posthorn-receiver-check"],
    ["content-type", type],
  ] as const;
  return [...defaults.filter(([name]) => !names.has(name)), ...own, ...added];
}

function looksLikeForm(body: Uint8Array): boolean {
  return /^[\w-]+=[^\s{}"]*$/.test(utf8Text(body) ?? "");
}

function judge({ scheme, config }: ProviderOptions, keys: Keys, delivery: Delivery) {
  const { method, url, headers, body } = delivery;
  return verify(scheme, { method, url, headers, body }, keys.verifyWith, {
    config,
    diagnose: false,
  });
}

/** The secret, and what of it stands after its prefix. Of very short ones every text has some. */
function textsOf(secret: string): readonly string[] {
  return [secret.trim(), secret.trim().replace(/^[a-z]+_/, "")].filter((text) => text.length >= 6);
}

/** The words in which a right delivery's headers differ from another's, long enough to be a signature. */
function signatureTexts(right: Delivery, other: Delivery): readonly string[] {
  const sent = other.headers.map(([, value]) => value).join("\n");
  return right.headers
    .flatMap(([, value]) => value.split(/[\s,;=|&]+/))
    .filter((word) => word.length >= 16 && !sent.includes(word));
}

/**
 * The signature is where the deliveries of two keys differ: so it is found in any scheme, in headers, in the body
 * and in the URL.
 */
function changeSignature(
  right: Delivery,
  other: Delivery,
  change: SignatureChange,
): Delivery | undefined {
  const headers = right.headers.flatMap(([name, value]): HeaderPairs => {
    const otherValue = other.headers.find(([each]) => each === name)?.[1] ?? value;
    return changeHeader([name, value], otherValue, change);
  });
  const text = utf8Text(right.body) ?? "";
  const body = changeText(text, utf8Text(other.body) ?? "", change);
  const url = changeText(right.url, other.url, change);
  const isSame = body === text && url === right.url && sameHeaders(headers, right.headers);
  if (isSame) return undefined;
  const unsaid = signatureTexts(right, { ...right, headers });
  return { ...right, headers, url, body: body === text ? right.body : utf8(body), unsaid };
}

function changeHeader(
  [name, value]: readonly [string, string],
  other: string,
  change: SignatureChange,
): HeaderPairs {
  if (value === other) return [[name, value]];
  switch (change) {
    case "missing":
      return [];
    case "empty":
      return [[name, ""]];
    case "cut":
      return [[name, value.slice(0, -Math.max(4, Math.floor(value.length / 4)))]];
    case "twice":
      return [
        [name, changeText(value, other, "wrong")],
        [name, value],
      ];
    case "wrong":
      return [[name, changeText(value, other, "wrong")]];
  }
}

function changeText(text: string, other: string, change: SignatureChange): string {
  if (text === other) return text;
  let start = 0;
  while (text[start] === other[start]) start += 1;
  let end = 0;
  while (end < text.length - start && text.at(-1 - end) === other.at(-1 - end)) end += 1;
  const rest = text.slice(text.length - end);
  const signature = text.slice(start, text.length - end);
  switch (change) {
    case "wrong":
      return text.slice(0, start) + (other[start] ?? "0") + text.slice(start + 1);
    case "missing":
      return text.slice(0, start) + rest;
    case "cut":
      return text.slice(0, start) + signature.slice(0, Math.floor(signature.length / 2)) + rest;
    case "empty":
    case "twice":
      return text;
  }
}

function sameHeaders(a: HeaderPairs, b: HeaderPairs): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
