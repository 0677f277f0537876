import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SealedText } from "../../domain/endpoint.ts";
import { createVault } from "./vault.ts";

const vault = createVault(new Uint8Array(32).fill(1));

describe("a vault", () => {
  test("opens what it sealed, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(vault.open(vault.seal(text))).toBe(text);
      }),
    );
  });

  test("seals the same text differently each time, and shows nothing of it", () => {
    const [one, two] = [vault.seal("whsec_secret"), vault.seal("whsec_secret")];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^a1\.[\w-]+$/);
    expect(Buffer.from(one.slice(3), "base64url").toString("latin1")).not.toContain("whsec");
  });

  test("refuses what was sealed under another key", () => {
    const other = createVault(new Uint8Array(32).fill(2));
    expect(() => other.open(vault.seal("x"))).toThrow("another master key");
  });

  test("refuses what was changed, in any byte", () => {
    const sealed = vault.seal("a secret");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      const text = `a1.${changed.toString("base64url")}` as SealedText;
      expect(() => vault.open(text)).toThrow(/master key/);
    }
  });

  test.each(["", "a1.", "a1.AAAA", "b1.AAAA", "plain text"])("refuses %j", (text) => {
    expect(() => vault.open(text as SealedText)).toThrow("not a sealed text");
  });

  test("needs a key of 32 bytes", () => {
    expect(() => createVault(new Uint8Array(31))).toThrow(RangeError);
  });
});
