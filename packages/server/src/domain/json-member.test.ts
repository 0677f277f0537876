import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findMember, spliceMember } from "./json-member.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function valueOf(json: string, name: string): string | undefined {
  const bytes = encoder.encode(json);
  const range = findMember(bytes, name);
  return range && decoder.decode(bytes.subarray(range.start, range.end));
}

describe("findMember", () => {
  test.each([
    ['{"payload":1}', "1"],
    ['{"payload":12345678901234567890.10}', "12345678901234567890.10"],
    [' {\t"a" : 1 ,\r\n"payload" : { "b" : [ 1, 2 ] } } ', '{ "b" : [ 1, 2 ] }'],
    ['{"a":{"payload":1},"b":["payload",2],"c":"\\"payload\\":3","payload":4}', "4"],
    ['{"payload":1,"payload":[2],"other":3}', "[2]"],
    ['{"pay\\u006coad":"x"}', '"x"'],
    ['{"payload":1,"pay\\u006Coad":2}', "2"],
    ['{"payload":"a\\\\"}', '"a\\\\"'],
    ['{"payload":"}]\\",","z":1}', '"}]\\","'],
    ['{"payload":null ,"z":1}', "null"],
    ['{"payload":[{"a":"]"},[[]]]}', '[{"a":"]"},[[]]]'],
    ['\u{feff}{"payload":true}', "true"],
  ])("finds the payload of %s", (json, expected) => {
    expect(valueOf(json, "payload")).toBe(expected);
  });

  test.each(["{}", "{ }", '{"a":{"payload":1}}', '{"payloads":1}', '{"payloa":1}', "[1]", "1", ""])(
    "finds no payload in %j",
    (json) => {
      expect(valueOf(json, "payload")).toBeUndefined();
    },
  );

  test("finds names that are not ASCII, that are empty, or that start with a byte order mark", () => {
    expect(valueOf('{"größe":1}', "größe")).toBe("1");
    expect(valueOf('{"\\ud83d\\ude00":1}', "😀")).toBe("1");
    expect(valueOf('{"\\ud83d":1}', "\ud83d")).toBe("1");
    expect(valueOf('{"":1}', "")).toBe("1");
    expect(valueOf('{"\u{feff}a":1,"a":2}', "\u{feff}a")).toBe("1");
  });

  test("skips a value that nests deeper than the stack", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    expect(valueOf(`{"a":${deep},"payload":1}`, "payload")).toBe("1");
    expect(valueOf(`{"payload":${deep}}`, "payload")).toBe(deep);
  });

  test("agrees with JSON.parse on every member of any object, however it is written", () => {
    fc.assert(
      fc.property(writtenObjects, (json) => {
        const parsed: Record<string, unknown> = JSON.parse(json);
        for (const name of [...Object.keys(parsed), "payload", "__proto__"]) {
          const raw = valueOf(json, name);
          const own: unknown = Object.getOwnPropertyDescriptor(parsed, name)?.value;
          expect(raw).toBe(raw?.trim());
          expect(raw === undefined ? undefined : JSON.parse(raw)).toEqual(own);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("reads only the bytes it is given, also of a part of a larger buffer", () => {
    fc.assert(
      fc.property(writtenObjects, fc.nat(), (json, cut) => {
        const bytes = encoder.encode(json);
        const end = cut % (bytes.length + 1);
        const alone = findMember(bytes.slice(0, end), "payload");
        expect(findMember(bytes.subarray(0, end), "payload")).toEqual(alone);
        expect(alone?.end ?? 0).toBeLessThanOrEqual(end);
      }),
    );
  });

  test("ends and does not throw on bytes that are no JSON", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (noise, name) => {
        for (const bytes of [noise, Uint8Array.of(...encoder.encode('{"'), ...noise)]) {
          expect(findMember(bytes, name)?.end ?? 0).toBeLessThanOrEqual(bytes.length);
        }
      }),
    );
  });
});

describe("spliceMember", () => {
  test.each([
    ["{}", '{"payload":1.0}'],
    ["{ }", '{"payload":1.0}'],
    ['{"id":"msg_1"}', '{"id":"msg_1","payload":1.0}'],
    ['{\n  "a": {}\n}\n', '{\n  "a": {},"payload":1.0}'],
    ['{"a":"{"}', '{"a":"{","payload":1.0}'],
  ])("adds the raw value to %j", (json, expected) => {
    expect(spliceMember(json, "payload", "1.0")).toBe(expected);
  });

  test("refuses a text that is no object", () => {
    expect(() => spliceMember("1", "payload", "1")).toThrow(TypeError);
  });

  test("what was added is found again byte for byte, and nothing else changes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        writtenObjects,
        (object, name, raw) => {
          const json = spliceMember(JSON.stringify(object), name, raw);
          expect(valueOf(json, name)).toBe(raw.trim());
          const expected = JSON.parse(JSON.stringify(object));
          Object.defineProperty(expected, name, {
            value: JSON.parse(raw),
            configurable: true,
            enumerable: true,
            writable: true,
          });
          expect(JSON.parse(json)).toEqual(expected);
        },
      ),
    );
  });
});

const whitespace = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 3 });

const escapedUnits = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => {
    const hex = text.charCodeAt(i).toString(16).padStart(4, "0");
    return `\\u${hex}`;
  }).join("");

const strings = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("payload", "__proto__", "a", '{"payload":1}', '\\"', "}", "]", "\u{feff}"),
    ),
    fc.boolean(),
  )
  .map(([text, escaped]) => (escaped ? `"${escapedUnits(text)}"` : JSON.stringify(text)));

const { object: writtenObjects } = fc.letrec<{ object: string; array: string; value: string }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom("null", "true", "false", "-0", "1e3", "12345678901234567890.10"),
      strings,
      tie("object"),
      tie("array"),
    ),
    array: fc
      .array(
        fc.tuple(whitespace, tie("value"), whitespace).map((parts) => parts.join("")),
        {
          maxLength: 4,
        },
      )
      .map((items) => `[${items.join(",")}]`),
    object: fc
      .tuple(
        whitespace,
        fc.array(
          fc
            .tuple(whitespace, strings, whitespace, whitespace, tie("value"), whitespace)
            .map(([a, key, b, c, value, d]) => `${a}${key}${b}:${c}${value}${d}`),
          { maxLength: 6 },
        ),
        whitespace,
      )
      .map(([a, members, b]) => `{${members.length === 0 ? a : members.join(",")}}${b}`),
  }),
);
