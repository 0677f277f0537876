import { utf8Text } from "../bytes.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** The parameters of a form or query, by name, each with its values in the order they came in. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

// A form of a provider has some dozens of fields; each is sorted before its sender is known.
const maxFields = 5000;

/** Undefined for what is no form: escapes that are none, or bytes that are no UTF-8, have no one meaning. */
export function parseForm(bytes: Uint8Array): FormFields | undefined {
  const text = utf8Text(bytes);
  return text === undefined ? undefined : parsePairs(text);
}

/** The same for the text of a query, without its question mark. */
export function parsePairs(text: string): FormFields | undefined {
  const fields = new Map<string, string[]>();
  const pairs = text.split("&").filter((pair) => pair !== "");
  if (pairs.length > maxFields) return undefined;
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = unescapeField(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeField(equals < 0 ? "" : pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
}

function unescapeField(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // The one thing that it throws for: a per cent sign without two digits, or no UTF-8.
    return undefined;
  }
}

/** Sorted by code unit, as the providers' libraries do. */
export function sortedNames(fields: FormFields): readonly string[] {
  return [...fields.keys()].toSorted(byCodeUnit);
}

export function sortedValues(values: readonly string[]): readonly string[] {
  return values.toSorted(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export const notAForm: Rejected = rejected(
  "malformed",
  "The body is no form in UTF-8: give it as it arrived.",
);
