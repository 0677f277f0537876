import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CursorForm, idCursors, nameCursors, pageOf } from "../../src/api/paging.ts";
import { InvalidRequest } from "../../src/api/problems.ts";
import { evaluateFilter } from "../../src/domain/filter/evaluate-filter.ts";
import { parseFilter } from "../../src/domain/filter/parse-filter.ts";
import { createIdCodec } from "../../src/domain/ids.ts";
import { findMember, spliceMember } from "../../src/domain/json-member.ts";
import { parseRetryAfter } from "../../src/domain/retry-after.ts";
import { judgeAddresses, judgeTargetUrl, parseAllowedTargets } from "../../src/domain/target.ts";
import { readEventTypes } from "../../src/operate/openapi-event-types.ts";

const many = { numRuns: 2000 };
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }));

/** Words of a language in any order, so that some of it makes sense. */
function wordsOf(...words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, text);
  return fc
    .array(word, { maxLength: 20 })
    .chain((some) => fc.constantFrom("", " ").map((glue) => some.join(glue)));
}

describe("a cursor", () => {
  const codec = createIdCodec("abc123");
  const cursor = fc.oneof(
    text,
    fc.stringMatching(/^-{0,2}:?[a-zA-Z0-9._-]{0,20}$/),
    fc.stringMatching(/^-{0,2}(msg|app)_[0-9A-Za-z]{9}(abc123|abc124)$/),
  );

  test("of any text is the same when it is written, or refused", () => {
    fc.assert(
      fc.property(cursor, (iterator) => {
        expectSame(iterator, idCursors(codec, "message"));
        expectSame(iterator, nameCursors);
      }),
      many,
    );
  });

  function expectSame<Key>(iterator: string, form: CursorForm<Key>): void {
    try {
      const { from } = pageOf({ iterator }, form, "ascending");
      const mark = from?.side === "before" ? "-" : "";
      expect(from === undefined ? "" : mark + form.write(from.key)).toBe(iterator);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
    }
  }
});

describe("a filter", () => {
  const filter = fc.oneof(
    text,
    wordsOf(
      "a",
      ".",
      "b",
      '["c"]',
      "[0]",
      "=",
      "!=",
      "<",
      ">=",
      "contains",
      "in",
      "[",
      "]",
      ",",
    ).map((part) => `a = 1 and ${part}`),
    wordsOf("(", ")", "not", "and", "or", "exists", "a", "=", "1", '"x"', "true", "null", "-1e9"),
    fc.nat(2000).map((depth) => `${"(".repeat(depth)}a = 1${")".repeat(depth)}`),
    fc.nat(2000).map((depth) => `${"not ".repeat(depth)}a = 1`),
    fc.nat(400).map((count) => Array.from({ length: count + 1 }, () => "a=1").join(" or ")),
  );

  test("of any text is one that judges any payload, or is refused at a place in it", () => {
    fc.assert(
      fc.property(filter, fc.jsonValue(), (written, payload) => {
        const parsed = parseFilter(written);
        if (parsed.kind === "filter") {
          expect(typeof evaluateFilter(parsed.filter, payload)).toBe("boolean");
          return;
        }
        expect(parsed.position).toBeGreaterThanOrEqual(0);
        expect(parsed.position).toBeLessThanOrEqual(written.length);
        expect(parsed.message).not.toBe("");
      }),
      many,
    );
  });
});

test("a Retry-After of any text is nothing, or a time within the cap", () => {
  const dates = wordsOf("Sun", ",", "06", "Nov", "94", "1994", "08:49:37", "GMT", "99", "Feb", "-");
  const shaped = fc.stringMatching(/^(Sun|Mon), [0-3]\d (Nov|Feb) \d{4} \d\d:\d\d:\d\d GMT$/);
  const seconds = fc.stringMatching(/^ ?-?\d{1,400} ?$/);
  fc.assert(
    fc.property(
      fc.oneof(text, dates, shaped, seconds),
      fc.integer({ min: 0, max: 4e12 }),
      fc.nat(),
      (value, nowMs, capMs) => {
        const afterMs = parseRetryAfter(value, nowMs, capMs);
        if (afterMs === undefined) return;
        expect(afterMs).toBeGreaterThanOrEqual(0);
        expect(afterMs).toBeLessThanOrEqual(capMs);
      },
    ),
    many,
  );
});

describe("a target", () => {
  const nothing = parseAllowedTargets([]);
  const some = parseAllowedTargets(["10.0.0.0/8", "fd00::/8"]);
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.constantFrom("localhost", "0", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "a."),
    text,
  );
  const url = fc.oneof(
    text,
    fc.webUrl(),
    wordsOf("http", "https", ":", "//", "/", "@", "[::1]", "127.0.0.1", "\\", "%", "?", "#", ".."),
    fc
      .tuple(fc.constantFrom("http", "https", "HTTPS", "ftp"), host, fc.nat(70_000), text)
      .map(([scheme, name, port, rest]) => `${scheme}://${name}:${port}/${rest}`),
    fc.webUrl().map((whole) => whole.replace("://", "://user:a-secret-word@")),
  );

  test("of any text is judged, and a refusal never quotes what may be secret", () => {
    fc.assert(
      fc.property(url, fc.constantFrom(nothing, some), (written, allowed) => {
        const verdict = judgeTargetUrl(written, allowed);
        if (verdict.kind === "refused") {
          expect(verdict.detail).not.toContain("a-secret-word");
          return;
        }
        const { target } = verdict;
        expect(["http:", "https:"]).toContain(new URL(target.origin).protocol);
        expect(target.port).toBeLessThan(65_536);
        expect(target.path.startsWith("/")).toBe(true);
      }),
      many,
    );
  });

  test("at any address is allowed or refused; what is no address is refused", () => {
    const plain = { port: 443, foreignPort: false };
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), text, fc.constantFrom("::ffff:10.0.0.1", "1"));
    fc.assert(
      fc.property(address, (each) => {
        const verdict = judgeAddresses([each], plain, nothing);
        if (each.startsWith("127.") || each === "" || each.includes("x")) {
          expect(verdict.kind).toBe("refused");
        }
        // With one refused address beside it nothing is allowed.
        expect(judgeAddresses([each, "127.0.0.1"], plain, nothing).kind).toBe("refused");
      }),
      many,
    );
  });

  test("a range of any text is one, or a mistake that is named", () => {
    const range = fc.oneof(
      text,
      fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(200)).map((pair) => pair.join("/")),
      wordsOf("10", ".", "0", "/", "8", "::", "fd00", "%eth0", "0x7f"),
    );
    fc.assert(
      fc.property(range, (cidr) => {
        try {
          const { ranges } = parseAllowedTargets([cidr]);
          expect(ranges).toHaveLength(1);
          judgeAddresses(["10.0.0.1", "::1"], { port: 443, foreignPort: true }, { ranges });
        } catch (error) {
          expect(String(error)).toContain("Not a CIDR");
        }
      }),
      many,
    );
  });
});

describe("a JSON member", () => {
  const key = fc.oneof(text, fc.constantFrom("payload", "", "__proto__", '"', "\\", "\u{feff}"));
  const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }));

  // Texts are compared, not values: V8's JSON.parse takes one escaped name for another once it has
  // seen a name with a backslash (https://github.com/nodejs/node/issues/63785).
  const blank = fc.stringMatching(/^[ \t\r\n]{0,2}$/);

  function textOf(bytes: Uint8Array, name: string): string | undefined {
    const range = findMember(bytes, name);
    return range && Buffer.from(bytes.subarray(range.start, range.end)).toString();
  }

  test("is cut out as it was written, and only where it is", () => {
    fc.assert(
      fc.property(object, key, blank, (value, name, gap) => {
        const members = Object.entries(value).map(([each, member]) =>
          [gap, JSON.stringify(each), gap, ":", gap, JSON.stringify(member), gap].join(""),
        );
        const bytes = Buffer.from(`${gap}{${members.join(",") || gap}}${gap}`);
        const expected = Object.hasOwn(value, name) ? JSON.stringify(value[name]) : undefined;
        expect(textOf(bytes, name)).toBe(expected);
      }),
      many,
    );
  });

  test("is looked for in any bytes without leaving them", () => {
    const almost = wordsOf(
      "{",
      "}",
      "[",
      "]",
      '"',
      "payload",
      '"payload"',
      ":",
      ",",
      "\\",
      "1",
      "e",
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      almost.map((each) => new TextEncoder().encode(`{${each}`)),
    );
    fc.assert(
      fc.property(bytes, (each) => {
        const range = findMember(each, "payload");
        if (range === undefined) return;
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThanOrEqual(each.length);
      }),
      many,
    );
  });

  test("that is added is the one that is read", () => {
    fc.assert(
      fc.property(object, key, fc.jsonValue(), (value, name, added) => {
        const spliced = spliceMember(JSON.stringify(value), name, JSON.stringify(added));
        expect(textOf(Buffer.from(spliced), name)).toBe(JSON.stringify(added));
      }),
      many,
    );
  });
});

test("an OpenAPI document of any JSON gives event types, each with a name and a description", () => {
  const node = fc.jsonValue({ maxDepth: 2 });
  const operation = fc.record(
    {
      description: node,
      summary: node,
      deprecated: node,
      requestBody: fc.oneof(
        node,
        node.map((schema) => ({ content: { "application/json": { schema } } })),
        node.map((schema) => ({
          content: { "application/json": { schema: { $ref: "#/components/schemas/a", schema } } },
        })),
      ),
      "x-group-name": node,
    },
    { requiredKeys: [] },
  );
  const item = fc.oneof(node, fc.record({ post: operation }), fc.record({ put: operation }));
  const webhooks = fc.oneof(node, fc.dictionary(text, item));
  const document = fc.oneof(
    node,
    fc.record({ webhooks, components: node }),
    fc.record({ "x-webhooks": webhooks, components: fc.record({ schemas: node }) }),
  );
  fc.assert(
    fc.property(document, (any) => {
      for (const each of readEventTypes(any)) {
        expect(typeof each.name).toBe("string");
        expect(each.description.length).toBeLessThanOrEqual(4096);
        expect(() => JSON.stringify(each)).not.toThrow();
      }
    }),
    many,
  );
});
