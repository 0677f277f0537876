import { decodeCanonicalBase64 } from "./bytes.ts";
import type { SignatureVersion } from "./signed-content.ts";
import { rejected, sentTwice } from "./verdict.ts";
import type { Rejected } from "./verdict.ts";

export interface SignatureEntry {
  readonly version: SignatureVersion;
  readonly signature: Uint8Array;
}

interface SignatureEntries {
  readonly kind: "entries";
  readonly entries: readonly SignatureEntry[];
}

// Each v1a entry costs a curve operation per key (about 0.1 ms), and the sender of the header is not known yet.
const maxEntries = 32;

/** The readable signatures of the versions in `checkable`. Others are skipped, as the specification asks. */
export function parseSignatureHeader(
  header: string,
  checkable: ReadonlySet<SignatureVersion>,
): SignatureEntries | Rejected {
  const parts = header.split(" ").filter((part) => part !== "");
  const problem = problemOf(parts);
  if (problem !== undefined) return problem;

  const usable = parts.flatMap((part) => splitVersion(part) ?? []);
  const known = usable.filter(({ version }) => isCheckable(version, checkable));
  if (known.length === 0) return rejected("signature", unknownVersions(usable, checkable));
  const entries = known.flatMap((entry) => decodeEntry(entry) ?? []);
  if (entries.length === 0) {
    return rejected(
      "malformed",
      "No signature in the header is padded standard base64 of the right length: was it cut off, or sent as hex?",
    );
  }
  return { kind: "entries", entries };
}

function problemOf(parts: readonly string[]): Rejected | undefined {
  if (parts.length > maxEntries) {
    return rejected("malformed", `The header holds more than ${maxEntries} signatures.`);
  }
  // Header lists join repeated headers with a comma and a space; base64 ends in neither.
  if (parts.some((part) => part.endsWith(","))) {
    return sentTwice("of the signature");
  }
  if (parts.every((part) => splitVersion(part) === undefined)) {
    return rejected(
      "malformed",
      "No signature in the header carries its version: the form is v1,<base64>.",
    );
  }
  return undefined;
}

interface VersionedText {
  readonly version: string;
  readonly value: string;
}

function splitVersion(part: string): VersionedText | undefined {
  const comma = part.indexOf(",");
  if (comma < 1) return undefined;
  return { version: part.slice(0, comma), value: part.slice(comma + 1) };
}

function isCheckable(version: string, checkable: ReadonlySet<SignatureVersion>): boolean {
  return (version === "v1" || version === "v1a") && checkable.has(version);
}

// Characters of the base64 of 32 and of 64 bytes: nothing longer is decoded, however long the header is.
const v1Chars = 44;
const v1aChars = 88;

function decodeEntry({ version, value }: VersionedText): SignatureEntry | undefined {
  if (version === "v1" && value.length === v1Chars) return withBytes(version, value);
  if (version === "v1a" && value.length === v1aChars) return withBytes(version, value);
  return undefined;
}

function withBytes(version: SignatureVersion, value: string): SignatureEntry | undefined {
  const signature = decodeCanonicalBase64(value);
  return signature === undefined ? undefined : { version, signature };
}

function unknownVersions(
  usable: readonly VersionedText[],
  checkable: ReadonlySet<SignatureVersion>,
): string {
  if (!checkable.has("v1a") && usable.some(({ version }) => version === "v1a")) {
    return "The sender signs with v1a only: give its public key (whpk_…) as a secret.";
  }
  if (!checkable.has("v1") && usable.some(({ version }) => version === "v1")) {
    return "The sender signs with v1 only: give the shared secret (whsec_…), not a public key.";
  }
  return "The header holds signatures of unknown versions only; v1 and v1a are known.";
}
