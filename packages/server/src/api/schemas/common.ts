import { z } from "zod";

const illFormed = "must be well-formed Unicode without control characters below U+0009";

/** Text for people. Lone surrogates would be changed on the way into the store. */
export function text(maxLength: number) {
  return z
    .string()
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine((value) => value.isWellFormed() && !hasLowControl(value), illFormed);
}

function hasLowControl(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) if (value.charCodeAt(i) < 9) return true;
  return false;
}

interface Characters {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

export const nameCharacters: Characters = {
  // Not `.` or `..`: a URL drops such a step of its path, so nothing so named can be addressed.
  pattern: /^(?!\.{1,2}$)[a-zA-Z0-9\-_.]+$/,
  allowed: "letters, digits and - _ . (and is not . or ..)",
};

function name(what: string, { pattern, allowed }: Characters, max: number) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .regex(pattern, `${what} takes ${allowed}`);
}

export const uid = name("a uid", nameCharacters, 256);
export const eventTypeName = name("the name of an event type", nameCharacters, 256);
export const groupName = name("a group's name", nameCharacters, 256);
export const featureFlag = name("a feature flag", nameCharacters, 256);
export const channelCharacters: Characters = {
  pattern: /^[a-zA-Z0-9\-_.:+]+$/,
  allowed: "letters, digits and - _ . : +",
};

export const channel = name("a channel", channelCharacters, 128);
export const tag = name(
  "a tag",
  { pattern: /^[a-zA-Z0-9\-_./\\#]+$/, allowed: "letters, digits and - _ . / \\ #" },
  128,
);

/** A list of names without order: what is there twice counts once. */
export function nameSet<T extends z.ZodType<string>>(item: T, min: number, max: number) {
  return z
    .array(item)
    .min(min, `needs ${min} at least`)
    .max(max, `takes ${max} at most`)
    .transform((items) => Array.from(new Set(items)));
}

export const throttleRate = z
  .int("must be a whole number")
  .min(1, "must be 1 or more (null is unlimited)")
  .max(65_535, "must be 65535 or less");

const maxMetadata = 100;

export const metadata = z
  .record(text(256), text(4096))
  .refine((value) => Object.keys(value).length <= maxMetadata, `takes ${maxMetadata} keys at most`);

const outOfRange = "must be a time that a calendar has, from 1970 to 9999";

/** RFC 3339 with an offset; becomes ms since 1970. */
export const time = z.iso
  .datetime({ offset: true, error: "must be an RFC 3339 time such as 2030-01-31T12:00:00Z" })
  .transform((value) => Date.parse(value))
  .refine((value) => Number.isFinite(value) && value >= 0, outOfRange);

export const timeOut = z.iso.datetime();

export function showTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function showTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : showTime(ms);
}

export const flagQuery = z
  .enum(["true", "false"], "must be true or false")
  .transform((value) => value === "true")
  .optional()
  .meta({ openapi: { type: "boolean" } });

/** Clients join lists with commas; a repeated parameter is a list, too. */
export const eventTypesQuery = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]).flatMap((part) => part.split(",")))
  .pipe(z.array(eventTypeName).min(1).max(250))
  .optional()
  .meta({
    description: "Only these event types, comma-separated.",
    openapi: { type: "array", items: { type: "string" }, maxItems: 250 },
  });

const validationProblem = z
  .object({
    code: z.string().optional(),
    detail: z.array(z.object({ loc: z.array(z.string()), msg: z.string(), type: z.string() })),
  })
  .meta({ id: "HTTPValidationError" });

export const problem = z
  .object({ code: z.string(), detail: z.string() })
  .meta({ id: "HttpErrorOut" });

/** The errors that any route can answer. */
export const commonErrors = {
  401: problem.describe("The API key is missing, unknown or revoked."),
  403: problem.describe("The API key may not do this."),
  404: problem.describe("What the path names does not exist."),
  409: problem.describe("It conflicts with what is there."),
  422: validationProblem.describe("The request's content is at fault."),
  503: problem.describe("It cannot be done now; nothing was changed."),
};

export const nothing = z.null().describe("Done; no content.");
export const emptyBody = z.strictObject({}).optional();
export const empty = z.object({}).meta({ id: "EmptyResponse" });

export function listOf<T extends z.ZodType>(id: string, item: T) {
  return z
    .object({
      data: z.array(item),
      done: z.boolean(),
      iterator: z.string().nullable(),
      prevIterator: z.string().nullable(),
    })
    .meta({ id: `ListResponse_${id}_` });
}
