import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSchemaCache, createSchemaCompiler, maxSchemaLength } from "./event-schemas.ts";
import type { SchemaCompiler } from "./event-schemas.ts";

const cache = createSchemaCache();

function check(schema: object, payload: unknown): ReturnType<typeof cache.check> {
  return cache.check(JSON.stringify(schema), payload);
}

const tooMuch = {
  kind: "invalid",
  faults: [{ path: "", message: "the payload costs too much to hold to the schema" }],
};

function times(count: number, schema: object): readonly object[] {
  return Array.from({ length: count }, () => schema);
}

const draft07 = "http://json-schema.org/draft-07/schema#";
const draft2020 = "https://json-schema.org/draft/2020-12/schema";

const invoice = {
  type: "object",
  required: ["amount", "email"],
  properties: {
    amount: { type: "integer", minimum: 0 },
    email: { type: "string", format: "email" },
    currency: { enum: ["EUR", "USD"] },
  },
  additionalProperties: false,
};

describe("a payload", () => {
  test("that keeps to the schema is valid", () => {
    expect(check(invoice, { amount: 1, email: "a@example.com" })).toEqual({ kind: "valid" });
  });

  test("that does not is invalid, with every fault and where it is", () => {
    expect(check(invoice, { amount: -1, email: "none", currency: "GBP", extra: 1 })).toEqual({
      kind: "invalid",
      faults: [
        { path: "", message: 'must NOT have additional properties: "extra"' },
        { path: "/amount", message: "must be >= 0" },
        { path: "/email", message: 'must match format "email"' },
        {
          path: "/currency",
          message: 'must be equal to one of the allowed values: ["EUR","USD"]',
        },
      ],
    });
    expect(check(invoice, {})).toEqual({
      kind: "invalid",
      faults: [
        { path: "", message: "must have required property 'amount'" },
        { path: "", message: "must have required property 'email'" },
      ],
    });
  });

  test("with many faults is told ten of them", () => {
    const verdict = check({ items: { type: "string" } }, Array(1_000).fill(1));
    expect(verdict.kind === "invalid" && verdict.faults.length).toBe(10);
  });

  test("with more faults than are worth telling is told one of them", () => {
    const schema = { items: { $ref: "#/$defs/text" }, $defs: { text: { type: "string" } } };
    expect(check(schema, Array(100_000).fill(1))).toEqual({
      kind: "invalid",
      faults: [{ path: "/0", message: "must be string" }],
    });
  });

  test("cannot make a fault long", () => {
    const verdict = check({ additionalProperties: false }, { ["x".repeat(100_000)]: 1 });
    const length = verdict.kind === "invalid" ? verdict.faults[0]?.message.length : undefined;
    expect(length).toBeLessThan(400);
  });

  test("has the members of its own alone", () => {
    const schema = { required: ["constructor", "toString"] };
    expect(check(schema, {}).kind).toBe("invalid");
    expect(check(schema, { constructor: 1, toString: 2 }).kind).toBe("valid");
  });

  test("that nests deeper than the stack is invalid", () => {
    const schema = { properties: { next: { $ref: "#" } }, type: "object" };
    const deep: unknown = JSON.parse('{"next":'.repeat(200_000) + "{}" + "}".repeat(200_000));
    expect(check(schema, { next: { next: {} } })).toEqual({ kind: "valid" });
    expect(check(schema, deep)).toEqual({
      kind: "invalid",
      faults: [{ path: "", message: "the payload is nested too deeply" }],
    });
  });

  test("is left as it is: no default is set, nothing is converted or removed", () => {
    const payload = { a: "1", b: 2 };
    check({ properties: { a: { type: "number" }, c: { default: 1 } } }, payload);
    expect(payload).toEqual({ a: "1", b: 2 });
  });

  test("of any form is judged without an error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
        expect(check({ type: "object" }, payload).kind).toBe(isObject ? "valid" : "invalid");
      }),
    );
  });
});

describe("a format", () => {
  test.each([
    ["date-time", "2026-03-01T12:00:00Z", "2026-02-30T12:00:00Z"],
    ["email", "a@example.com", "a@"],
    ["uri", "urn:isbn:1", "not a uri"],
    ["url", "https://example.com/a?b#c", "mailto:a@example.com"],
    ["url", "ftp://example.com", "https://"],
    ["uuid", "c56a4180-65aa-42ec-a945-5fd21dec0538", "c56a4180"],
    ["ipv4", "127.0.0.1", "127.0.0.256"],
  ])("%s takes %s and not %s", (format, right, wrong) => {
    for (const $schema of [draft07, draft2020]) {
      expect(check({ $schema, format }, right)).toEqual({ kind: "valid" });
      expect(check({ $schema, format }, wrong)).toEqual({
        kind: "invalid",
        faults: [{ path: "", message: `must match format "${format}"` }],
      });
    }
  });
});

describe("a pattern", () => {
  test("that would hold up the language's engine is judged by its text's length", () => {
    const schema = { properties: { name: { pattern: "^(a+)+$" } } };
    expect(check(schema, { name: "a".repeat(50_000) })).toEqual({ kind: "valid" });
    expect(check(schema, { name: `${"a".repeat(50_000)}!` })).toEqual({
      kind: "invalid",
      faults: [{ path: "/name", message: 'must match pattern "^(a+)+$"' }],
    });
  });

  test("has a budget, which is a payload's and not a schema's", () => {
    const schema = { pattern: `${"(a?){30}".repeat(10)}b` };
    expect(check(schema, "a".repeat(1_000_000))).toEqual({
      kind: "invalid",
      faults: [{ path: "", message: "the payload costs too much to hold to the schema" }],
    });
    expect(check(schema, "ab")).toEqual({ kind: "valid" });
  });

  test("also selects members by name", () => {
    const schema = {
      patternProperties: { "^n_": { type: "number" }, "^s_": { type: "string" } },
      additionalProperties: false,
    };
    expect(check(schema, { n_a: 1, s_a: "x" })).toEqual({ kind: "valid" });
    expect(check(schema, { n_a: "x", s_a: 1, other: 1 })).toMatchObject({
      kind: "invalid",
      faults: [{ path: "" }, { path: "/n_a" }, { path: "/s_a" }],
    });
  });
});

describe("unique items", () => {
  const schema = { uniqueItems: true };

  test.each([
    ["[1,1.0]"],
    ["[0,-0]"],
    ['["a","b","a"]'],
    ['[{"a":1,"b":[2]},{"b":[2.0],"a":1}]'],
    ['[{"__proto__":1},{"__proto__":1}]'],
  ])("are not %s", (text) => {
    expect(check(schema, JSON.parse(text)).kind).toBe("invalid");
    expect(check({ uniqueItems: false }, JSON.parse(text)).kind).toBe("valid");
  });

  test.each([
    ["[]"],
    ['[1,"1",true,"true",null,"null",[],{}]'],
    ["[[1,2],[2,1],[12]]"],
    ['[["a,b"],["a","b"]]'],
    ['[{"a":"b"},{"b":"a"}]'],
    ['[{"a":1,"b":2},{"a":1},{"a:1,b":2}]'],
  ])("are %s", (text) => {
    expect(check(schema, JSON.parse(text))).toEqual({ kind: "valid" });
    expect(check({ $schema: draft07, ...schema }, JSON.parse(text))).toEqual({ kind: "valid" });
  });

  test("are told where they are repeated", () => {
    expect(check(schema, [3, 1, 2, 1])).toEqual({
      kind: "invalid",
      faults: [
        { path: "", message: "must NOT have duplicate items (items ## 1 and 3 are identical)" },
      ],
    });
  });

  test("of a large payload are judged in the same budget as all else", () => {
    const many = Array.from({ length: 80_000 }, (_, i) => ({ n: i }));
    expect(check(schema, many)).toEqual({ kind: "valid" });
    expect(check(schema, [...many, { n: 0 }]).kind).toBe("invalid");
    expect(check({ allOf: times(100, schema) }, many)).toEqual(tooMuch);
  });
});

describe("a check", () => {
  const many = Array(100_000).fill(1);
  const members = Object.fromEntries(many.map((_, i) => [`k${i}`, 1]));
  const fanOut = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => {
      const $ref = `#/$defs/d${i + 1}`;
      return [`d${i}`, { allOf: [{ $ref }, { $ref }] }];
    }),
  );

  test.each<[string, object, unknown]>([
    ["items", { allOf: times(200, { items: { type: "number" } }) }, many],
    [
      "an enumeration",
      { items: { enum: Array.from({ length: 9_000 }, (_, i) => i - 8_998) } },
      many,
    ],
    ["objects of an enumeration", { enum: times(500, { a: 1 }) }, members],
    ["members", { allOf: times(200, { propertyNames: {} }) }, members],
    ["lengths", { allOf: times(200, { maxLength: 1e7 }) }, "a".repeat(1_000_000)],
    ["choices", { items: { anyOf: [...times(200, { type: "null" }), {}] } }, many],
    ["faults of parts", { contains: { $ref: "#/$defs/a" }, $defs: { a: { type: "null" } } }, many],
    [
      "references that fan out",
      { properties: { a: { $ref: "#/$defs/d0" } }, $defs: { ...fanOut, d40: { maximum: 2 } } },
      { a: 1 },
    ],
  ])("ends that schema and payload make long together: %s", (_name, schema, payload) => {
    expect(cache.compile(JSON.stringify(schema)).kind).toBe("schema");
    expect(check(schema, payload)).toEqual(tooMuch);
  });

  test("of a payload as large as can be goes on to its end", () => {
    const item = {
      type: "object",
      required: ["id", "name"],
      properties: {
        id: { type: "integer", minimum: 0 },
        name: { type: "string", maxLength: 20, pattern: "^[a-z ]+$" },
        kind: { enum: ["a", "b", "c"] },
      },
      additionalProperties: false,
    };
    const schema = { items: { $ref: "#/$defs/item" }, uniqueItems: true, $defs: { item } };
    const payload = Array.from({ length: 25_000 }, (_, id) => ({
      id,
      name: "some name",
      kind: "b",
    }));
    expect(check(schema, payload)).toEqual({ kind: "valid" });
  });
});

describe("a schema", () => {
  test.each<[string, object]>([
    ["a list", { properties: { next: { $ref: "#" } } }],
    ["a tree", { $ref: "#/$defs/n", $defs: { n: { items: { anyOf: [{ $ref: "#/$defs/n" }] } } } }],
    [
      "a tree by a dynamic reference",
      { $dynamicAnchor: "node", properties: { of: { items: { $dynamicRef: "#node" } } } },
    ],
    ["names", { propertyNames: { $ref: "#/$defs/n" }, $defs: { n: { type: "string" } } }],
  ])("may refer to itself further into the payload: %s", (_name, schema) => {
    expect(cache.compile(JSON.stringify(schema)).kind).toBe("schema");
  });

  test("is read as draft 2020-12 or as draft-07, as it says", () => {
    const tuple2020 = { prefixItems: [{ type: "number" }] };
    const tuple07 = { items: [{ type: "number" }] };
    expect(check(tuple2020, ["x"]).kind).toBe("invalid");
    expect(check({ $schema: draft2020, ...tuple2020 }, ["x"]).kind).toBe("invalid");
    expect(check({ $schema: draft07, ...tuple07 }, ["x"]).kind).toBe("invalid");
    expect(check({ $schema: draft07, ...tuple2020 }, ["x"]).kind).toBe("valid");
    expect(check(tuple07, ["x"]).kind).toBe("invalid-schema");
  });

  test("may refer to its own parts", () => {
    const schema = {
      $id: "https://example.com/invoice",
      $ref: "#/definitions/positive",
      definitions: { positive: { exclusiveMinimum: 0 } },
    };
    expect(check(schema, 0).kind).toBe("invalid");
    expect(check({ ...schema, $schema: draft07 }, 0).kind).toBe("invalid");
  });

  test("may have the $id of another, and does not see the other", () => {
    const $id = "https://example.com/same";
    expect(check({ $id, type: "string" }, 1).kind).toBe("invalid");
    expect(check({ $id, type: "number" }, 1).kind).toBe("valid");
    expect(check({ $ref: $id }, 1)).toEqual({
      kind: "invalid-schema",
      message: "can't resolve reference https://example.com/same from id #",
    });
  });

  test("may have keywords and formats that are not known", () => {
    const schema = { type: "string", format: "our-own", "x-owner": "billing", example: "a" };
    expect(check(schema, "a")).toEqual({ kind: "valid" });
  });

  test.each([
    ["{", /JSON/],
    ["[]", /^a schema is a JSON object$/],
    ["true", /^a schema is a JSON object$/],
    ['{"type":"strin"}', /^schema\/type must be equal to one of the allowed values/],
    ['{"required":"a"}', /^schema\/required must be array/],
    ['{"$ref":"https://example.com/a.json"}', /can't resolve reference/],
    ['{"$ref":"#/definitions/none"}', /can't resolve reference/],
    ['{"$schema":"http://json-schema.org/draft-04/schema#"}', /2020-12 or draft-07/],
    ['{"$schema":7}', /2020-12 or draft-07/],
    ['{"$async":true}', /\$async/],
    ['{"properties":{"a":{"$async":true,"type":"string","$id":"a"}}}', /async/],
    ['{"$ref":"#"}', /refers to itself without end/],
    ['{"anyOf":[{"type":"object"},{"$ref":"#"}]}', /refers to itself without end/],
    [
      '{"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"not":{"$ref":"#/$defs/a"}}}}',
      /refers to itself without end/,
    ],
    [
      '{"$schema":"http://json-schema.org/draft-07/schema#","if":{"required":["a"]},"then":{"$ref":"#"}}',
      /refers to itself without end/,
    ],
    ['{"$dynamicRef":"#none"}', /names no "\$dynamicAnchor"/],
    ['{"properties":{"a":{"$dynamicRef":"#none"}}}', /names no "\$dynamicAnchor"/],
    ['{"$dynamicAnchor":"a","$dynamicRef":"#a"}', /refers to itself without end/],
    ['{"pattern":"("}', /^Invalid regular expression/],
    ['{"pattern":"(?=a)b"}', /lookaround/],
    ['{"patternProperties":{"(a)\\\\1":{}}}', /backreferences/],
    ['{"pattern":"^.{1,100000}$"}', /minLength and maxLength/],
    [`{"title":"${"x".repeat(maxSchemaLength)}"}`, /^a schema has at most 65536 characters$/],
    [`${'{"not":'.repeat(8_000)}{}${"}".repeat(8_000)}`, /nested too deeply/],
  ])("that is wrong is told apart with a message: %s", (text, message) => {
    const schema = cache.compile(text);
    expect(schema.kind === "invalid-schema" && schema.message).toMatch(message);
    expect(cache.check(text, {})).toEqual(schema);
  });
});

describe("createSchemaCache", () => {
  function counted(): { compile: SchemaCompiler; compiled: string[] } {
    const compiler = createSchemaCompiler();
    const compiled: string[] = [];
    return {
      compiled,
      compile(text) {
        compiled.push(text);
        return compiler(text);
      },
    };
  }

  const [a, b, c] = ['{"type":"string"}', '{"type":"number"}', '{"type":"none"}'] as const;

  test("compiles a schema once, wrong ones too", () => {
    const { compile, compiled } = counted();
    const cache = createSchemaCache(10, compile);
    expect(cache.compile(a).kind).toBe("schema");
    expect(cache.check(a, "x").kind).toBe("valid");
    expect(cache.check(a, 1).kind).toBe("invalid");
    expect(cache.check(c, 1).kind).toBe("invalid-schema");
    expect(cache.compile(c).kind).toBe("invalid-schema");
    expect(compiled).toEqual([a, c]);
  });

  test("forgets the schema that was not used for longest", () => {
    const { compile, compiled } = counted();
    const cache = createSchemaCache(2, compile);
    for (const text of [a, b, a, c, a]) cache.check(text, 1);
    expect(compiled).toEqual([a, b, c]);
    cache.check(b, 1);
    expect(compiled).toEqual([a, b, c, b]);
    cache.check(a, 1);
    expect(compiled).toEqual([a, b, c, b]);
    cache.check(c, 1);
    expect(compiled).toEqual([a, b, c, b, c]);
  });
});
