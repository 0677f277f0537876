import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createIdCodec,
  createIdSource,
  firstIdAt,
  idTimeMs,
  installationName,
  toId,
} from "./ids.ts";

const codec = createIdCodec("aB3dE6");

describe("ids", () => {
  test("grow strictly, also when the clock stands still or goes back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 400 }), (steps) => {
        let now = Date.UTC(2026, 5, 1);
        let step = 0;
        const source = createIdSource(() => (now += steps[step++ % (steps.length || 1)] ?? 0));
        let last = 0;
        for (let i = 0; i < 600; i += 1) {
          const id = source.next("message");
          expect(id).toBeGreaterThan(last);
          last = id;
        }
      }),
      { numRuns: 50 },
    );
  });

  test("start after the largest known id", () => {
    const known = createIdSource(() => Date.UTC(2030, 0, 1)).next("message");
    const source = createIdSource(() => Date.UTC(2026, 0, 1), known);
    expect(source.next("message")).toBeGreaterThan(known);
  });

  test("of two nodes never meet", () => {
    const now = (): number => Date.UTC(2026, 0, 1);
    const first = createIdSource(now, 0, 1);
    const second = createIdSource(now, 0, 2);
    const ids = new Set<number>();
    for (let i = 0; i < 1000; i += 1) {
      ids.add(first.next("message"));
      ids.add(second.next("message"));
    }
    expect(ids.size).toBe(2000);
  });

  test("tell their time, and bound a range by time", () => {
    const at = Date.UTC(2026, 10, 23, 12);
    const id = createIdSource(() => at).next("delivery");
    expect(idTimeMs(id)).toBe(at);
    expect(firstIdAt(at)).toBeLessThanOrEqual(id);
    expect(firstIdAt(at + 1)).toBeGreaterThan(id);
  });

  test("survive being written and read, and sort as text as they do as numbers", () => {
    const any = fc.integer({ min: 0, max: 2 ** 53 - 1 });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [textA, textB] = [a, b].map((n) => codec.format("message", toId("message", n)));
        if (textA === undefined || textB === undefined) throw new Error("expected two texts");
        expect(codec.parse("message", textA)).toBe(a);
        expect(textA < textB).toBe(a < b);
      }),
    );
  });

  test("of another kind, another installation or another shape are not read", () => {
    const text = codec.format("message", toId("message", 123_456));
    expect(codec.parse("endpoint", text)).toBeUndefined();
    expect(createIdCodec("zzzzzz").parse("message", text)).toBeUndefined();
    for (const wrong of ["", "msg_", text.slice(1), `${text}0`, text.replace("msg", "MSG")]) {
      expect(codec.parse("message", wrong)).toBeUndefined();
    }
    expect(codec.parse("message", "msg_zzzzzzzzzaB3dE6")).toBeUndefined();
    expect(codec.parse("message", "msg_00000-000aB3dE6")).toBeUndefined();
  });

  test("an installation's name is six characters and refused otherwise", () => {
    expect(installationName(new Uint8Array([0, 61, 62, 255, 10, 36]))).toMatch(/^[0-9A-Za-z]{6}$/);
    expect(() => createIdCodec("short")).toThrow(RangeError);
    expect(() => createIdCodec("a-c_e.")).toThrow(RangeError);
  });

  test("a number that cannot be an id is refused", () => {
    for (const wrong of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => toId("message", wrong)).toThrow(RangeError);
    }
  });
});
