import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 2, 1, 12, 0, 0);
const hourMs = 3_600_000;
const uncapped = Infinity;

describe("parseRetryAfter", () => {
  test.each([
    ["0", 0],
    ["1", 1_000],
    ["120", 120_000],
    ["0120", 120_000],
    [" 5\t", 5_000],
    ["-5", 0],
    ["-0", 0],
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sunday, 01-Mar-26 12:00:30 GMT", 30_000],
    ["Sun Mar  1 12:00:30 2026", 30_000],
    ["Tue Mar 10 12:00:00 2026", 9 * 24 * hourMs],
    ["Sun, 01 Mar 2026 11:59:59 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Sun Nov  6 08:49:37 1994", 0],
    ["Mon, 06 Jan 1600 00:00:00 GMT", undefined],
    ["Thu, 06 Jan 1600 00:00:00 GMT", 0],
    ["Tue, 29 Feb 2028 12:00:00 GMT", Date.UTC(2028, 1, 29, 12) - nowMs],
    ["Sun, 01 Mar 2026 12:59:60 GMT", hourMs],
  ])("reads %j as %s", (value, expected) => {
    expect(parseRetryAfter(value, nowMs, uncapped)).toBe(expected);
  });

  test.each([
    "",
    " ",
    "soon",
    "1.5",
    "1e3",
    "+5",
    "5s",
    "5, 6",
    "0x10",
    "Infinity",
    "2026-03-01T12:00:30Z",
    "Sun, 1 Mar 2026 12:00:30 GMT",
    "Sun, 01 Mar 2026 12:00:30",
    "Sun, 01 Mar 2026 12:00:30 UTC",
    "Sun, 01 Mar 2026 12:00:30 +0000",
    "sun, 01 mar 2026 12:00:30 gmt",
    "Mon, 01 Mar 2026 12:00:30 GMT",
    "Sunday, 01 Mar 2026 12:00:30 GMT",
    "Sun, 01-Mar-26 12:00:30 GMT",
    "Monday, 01-Mar-26 12:00:30 GMT",
    "Sun Mar 1 12:00:30 2026",
    "Sun Mar  1 12:00:30 2026 GMT",
    "Sun, 00 Mar 2026 12:00:30 GMT",
    "Sun, 29 Feb 2026 12:00:30 GMT",
    "Tue, 31 Apr 2029 12:00:30 GMT",
    "Sun, 01 Mar 2026 24:00:00 GMT",
    "Sun, 01 Mar 2026 12:60:00 GMT",
    "Sun, 01 Mar 2026 12:00:61 GMT",
    "Sun, 01 Foo 2026 12:00:30 GMT",
    "Sun, 01 Mar 0026 12:00:30 GMT",
    "Sun, 01 Mar 2026 12:00:30 GMT\nX: y",
  ])("does not read %j", (value) => {
    expect(parseRetryAfter(value, nowMs, uncapped)).toBeUndefined();
  });

  test("waits no longer than the cap", () => {
    expect(parseRetryAfter("60", nowMs, hourMs)).toBe(60_000);
    expect(parseRetryAfter("3600", nowMs, hourMs)).toBe(hourMs);
    expect(parseRetryAfter("3601", nowMs, hourMs)).toBe(hourMs);
    expect(parseRetryAfter("9".repeat(1_000), nowMs, hourMs)).toBe(hourMs);
    expect(parseRetryAfter("Mon, 01 Mar 2027 12:00:30 GMT", nowMs, hourMs)).toBe(hourMs);
  });

  test("takes a year of two digits that is more than 50 years ahead for one that is past", () => {
    // 2075-03-01 is 49 years ahead, 1977-03-01 is 49 years past.
    expect(parseRetryAfter("Friday, 01-Mar-75 12:00:00 GMT", nowMs, uncapped)).toBe(
      Date.UTC(2075, 2, 1, 12) - nowMs,
    );
    expect(parseRetryAfter("Tuesday, 01-Mar-77 12:00:00 GMT", nowMs, uncapped)).toBe(0);
    expect(parseRetryAfter("Monday, 01-Mar-77 12:00:00 GMT", nowMs, uncapped)).toBeUndefined();
  });

  test("reads every second of eight thousand years in all forms that can write it", () => {
    const seconds = fc.integer({
      min: Date.UTC(1600, 0, 1) / 1000,
      max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000,
    });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 4e9 }), (second, nowSecond) => {
        const date = new Date(second * 1000);
        const now = nowSecond * 1000;
        const expected = Math.max(0, date.getTime() - now);
        const [weekday, day = "", month, year, time] = date.toUTCString().split(/,? /);
        const asctime = `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
        expect(parseRetryAfter(date.toUTCString(), now, uncapped)).toBe(expected);
        expect(parseRetryAfter(asctime, now, uncapped)).toBe(expected);
        const isInReach = Math.abs(date.getTime() - now) < 49 * 365 * 24 * hourMs;
        if (!isInReach) return;
        const long = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(
          date,
        );
        const rfc850 = `${long}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
        expect(parseRetryAfter(rfc850, now, uncapped)).toBe(expected);
      }),
    );
  });

  test("never throws, and answers with nothing or a time within the cap", () => {
    const pieces = fc.constantFrom(
      "Sun",
      ", ",
      " ",
      "01",
      "31",
      "-",
      "Feb",
      "2026",
      "12:00:00",
      "GMT",
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: pieces })),
        fc.double(),
        fc.nat(),
        (value, now, capMs) => {
          const afterMs = parseRetryAfter(value, now, capMs);
          if (afterMs === undefined) return;
          expect(afterMs).toBeGreaterThanOrEqual(0);
          expect(afterMs).toBeLessThanOrEqual(capMs);
        },
      ),
    );
  });
});
