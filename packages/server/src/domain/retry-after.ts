/** `Retry-After` of an answer: RFC 9110 §10.2.3, with the three forms of a date of §5.6.7. */

/**
 * How long to wait, in ms from `nowMs`: at most `capMs`, and 0 when that time is past. `undefined`
 * for what is neither a number of seconds nor a date that exists.
 */
export function parseRetryAfter(value: string, nowMs: number, capMs: number): number | undefined {
  const text = value.trim();
  const afterMs = /^-?\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text, nowMs) - nowMs;
  return Number.isNaN(afterMs) ? undefined : Math.min(Math.max(0, afterMs), capMs);
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const dayMs = 86_400_000;

const time = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
const month = `(?<month>${months.join("|")})`;
const shortDay = `(?<weekday>${days.map((day) => day.slice(0, 3)).join("|")})`;
const longDay = `(?<weekday>${days.join("|")})`;

/** Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT · Sun Nov  6 08:49:37 1994 */
const forms = [
  new RegExp(`^${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`),
  new RegExp(`^${shortDay} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`),
];

/** ms since 1970, or NaN. */
function parseHttpDate(text: string, nowMs: number): number {
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return readDate(parts, nowMs);
  }
  return NaN;
}

function readDate(parts: Readonly<Record<string, string>>, nowMs: number): number {
  const number = (name: string): number => Number(parts[name]);
  const monthIndex = months.indexOf(parts["month"] ?? "");
  const [day, hour, minute, second] = [
    number("day"),
    number("hour"),
    number("minute"),
    number("second"),
  ];
  // A leap second is written as the 60th; Date.UTC makes it the next minute's first.
  if (hour > 23 || minute > 59 || second > 60) return NaN;

  const at = (year: number): number => Date.UTC(year, monthIndex, day, hour, minute, second);
  const year = parts["year"]?.length === 2 ? centuryOf(number("year"), at, nowMs) : number("year");
  // Date.UTC reads a year below 100 as one of the twentieth century.
  if (year < 100) return NaN;

  // Date.UTC makes the 31st of February a day in March, so the month's own length is asked for.
  const firstMs = Date.UTC(year, monthIndex, 1);
  if (day < 1 || day > (Date.UTC(year, monthIndex + 1, 1) - firstMs) / dayMs) return NaN;
  const weekday = days[(4 + firstMs / dayMs + day - 1 + 7 * 1e6) % 7];
  return weekday?.startsWith(parts["weekday"] ?? "-") === true ? at(year) : NaN;
}

/** A year of two digits is the last one that is not more than 50 years ahead (§5.6.7). */
function centuryOf(twoDigits: number, at: (year: number) => number, nowMs: number): number {
  const latestMs = nowMs + 50 * 365.2425 * dayMs;
  let year = 1900 + twoDigits;
  while (at(year + 100) <= latestMs) year += 100;
  return year;
}
