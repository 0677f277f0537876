/** How a time is written. `rfc3339` is UTC with any fraction of a second. */
export type TimeUnit = "seconds" | "milliseconds" | "rfc3339";

const digits = /^[0-9]+$/;
const rfc3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

// In between lies no time that both units could mean: the year 5138 in seconds, 1973 in milliseconds.
const unitBoundary = 100_000_000_000;

/** Milliseconds since 1970, with a fraction; undefined for a time of another form or unit. */
export function parseTime(unit: TimeUnit, text: string): number | undefined {
  if (unit === "rfc3339") return parseRfc3339(text);
  if (text.length > 20 || !digits.test(text)) return undefined;
  const value = Number(text);
  if (unit === "seconds") return value < unitBoundary ? value * 1000 : undefined;
  return value >= unitBoundary && Number.isSafeInteger(value) ? value : undefined;
}

function parseRfc3339(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  // Date drops what is finer than a millisecond, and takes no other digits than three everywhere.
  const whole = Date.parse(`${match[1] ?? ""}${match[3] ?? ""}`);
  return Number.isNaN(whole) ? undefined : whole + Number(`0.${match[2] ?? "0"}`) * 1000;
}

export function formatTime(unit: TimeUnit, timeMs: number): string {
  switch (unit) {
    case "seconds":
      return String(Math.floor(timeMs / 1000));
    case "milliseconds":
      return String(Math.floor(timeMs));
    case "rfc3339":
      return new Date(timeMs).toISOString();
  }
}
