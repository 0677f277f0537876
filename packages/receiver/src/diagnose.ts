import { decodeBase64, decodeHex, joinBytes, utf8, utf8Text } from "./bytes.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { parseJson } from "./event-places.ts";
import { inflate, isGzip } from "./inflate.ts";
import { jsonBody } from "./json-body.ts";
import type { CheckInput, Scheme } from "./scheme.ts";
import type { SecretInput } from "./secret-input.ts";
import type { Rejected } from "./verdict.ts";

interface Guess {
  readonly diagnosis: Diagnosis;
  readonly detail: string;
  readonly input: CheckInput;
}

// Whoever sends rubbish makes this work: of a larger body no variants are hashed.
const maxBodyBytes = 256 * 1024;

/**
 * Looks which slip explains a mismatch, by checking again with it undone. Nothing of what was computed leaves: the
 * answer only says which slip it is.
 */
export async function diagnose(
  scheme: Scheme,
  input: CheckInput,
  rejection: Rejected,
  known: Readonly<Record<string, SecretInput>>,
): Promise<Rejected> {
  if (input.request.body.length > maxBodyBytes) return rejection;
  const guesses = [...secretGuesses(input, known), ...(await bodyGuesses(scheme, input))];
  for (const { diagnosis, detail, input: changed } of guesses) {
    const outcome = await scheme.check.verify(changed);
    if (outcome.kind === "checked") return { ...rejection, detail, diagnosis };
  }
  return hint(input, rejection);
}

function secretGuesses(
  input: CheckInput,
  known: Readonly<Record<string, SecretInput>>,
): readonly Guess[] {
  const texts = input.secrets.filter((secret) => typeof secret === "string");
  const guess = (diagnosis: Diagnosis, detail: string, secrets: readonly SecretInput[]): Guess[] =>
    secrets.length === 0 ? [] : [{ diagnosis, detail, input: { ...input, secrets } }];
  const each = (diagnosis: Diagnosis, detail: string, secrets: readonly SecretInput[]): Guess[] =>
    secrets.flatMap((secret) => guess(diagnosis, detail, [secret]));
  return [
    ...each(
      { kind: "secret-whitespace" },
      "The signature matches the secret without the white space at its ends: remove it.",
      texts.map((text) => text.trim()).filter((text, at) => text !== texts[at] && text !== ""),
    ),
    ...Object.entries(known).flatMap(([label, secret]) =>
      guess(
        { kind: "other-secret", label },
        `The signature matches another secret of yours: ${label}.`,
        [secret],
      ),
    ),
    ...each(
      { kind: "secret-prefix" },
      "The signature matches the secret with its prefix (whsec_) added or removed.",
      texts.map((text) =>
        text.startsWith("whsec_") ? text.slice("whsec_".length) : `whsec_${text}`,
      ),
    ),
    ...each(
      { kind: "secret-encoding" },
      "The signature matches the secret in another form: as text where it was decoded, or decoded where it is text.",
      texts.flatMap(otherForms),
    ),
  ];
}

function otherForms(text: string): readonly Uint8Array[] {
  const bare = text.replace(/^wh?sec_/, "");
  const forms = [decodeBase64(bare), decodeHex(bare.toLowerCase()), utf8(bare), utf8(text)];
  return forms
    .filter((form) => form !== undefined && form.length > 0)
    .map((form) => form ?? utf8(""));
}

async function bodyGuesses(scheme: Scheme, input: CheckInput): Promise<readonly Guess[]> {
  if (!scheme.check.coversBody) return [];
  const { body } = input.request;
  const guess =
    (kind: "body-reserialized" | "body-edges" | "body-compression", detail: string) =>
    (changed: Uint8Array): Guess => ({
      diagnosis: { kind },
      detail,
      input: { ...input, request: { ...input.request, body: changed } },
    });
  const inflated = isGzip(body) ? await inflate(body) : undefined;
  return [
    ...edges(body).map(
      guess(
        "body-edges",
        "The signature matches the body with its line end or byte order mark put back: take the bytes as they come.",
      ),
    ),
    ...reserialized(body).map(
      guess(
        "body-reserialized",
        "The signature matches the same JSON written otherwise: the body was parsed and serialised again. Take the raw bytes.",
      ),
    ),
    ...(inflated === undefined ? [] : [inflated]).map(
      guess(
        "body-compression",
        "The signature matches the inflated body: inflate it before verifying.",
      ),
    ),
  ];
}

function edges(body: Uint8Array): readonly Uint8Array[] {
  const mark = Uint8Array.of(0xef, 0xbb, 0xbf);
  const trimmed = utf8Text(body)?.replace(/\s+$/, "");
  const unmarked = trimmed?.startsWith("\uFEFF") === true ? [utf8(trimmed.slice(1))] : [];
  const ends = ["\n", "\r\n"].map((end) => joinBytes([body, utf8(end)]));
  return [
    ...ends,
    joinBytes([mark, body]),
    ...(trimmed === undefined ? [] : [utf8(trimmed)]),
    ...unmarked,
  ];
}

function reserialized(body: Uint8Array): readonly Uint8Array[] {
  const value = parseJson(utf8Text(body) ?? "");
  if (value === undefined) return [];
  const compact = JSON.stringify(value);
  const escaped = compact.replaceAll(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const texts = [compact, JSON.stringify(value, null, 2), JSON.stringify(value, null, 4), escaped];
  return texts.map(utf8);
}

/** What cannot be tried, but is told by the request itself. */
function hint(input: CheckInput, rejection: Rejected): Rejected {
  const [coding = ""] = input.request.headers("content-encoding");
  if (/gzip|br|deflate|zstd/i.test(coding) && !isGzip(input.request.body)) {
    const detail =
      "No signature matches, and the body came compressed and was inflated before: give it as it came.";
    return { ...rejection, detail, diagnosis: { kind: "body-compression" } };
  }
  const { livemode } = jsonBody(input.request);
  if (typeof livemode !== "boolean") return rejection;
  const sent = livemode ? "live" : "test";
  const detail = `No signature matches, and the delivery says that it is of ${sent} mode: is the secret of the other?`;
  return { ...rejection, detail, diagnosis: { kind: "test-live-twin", sent } };
}
