import { afterEach, describe, expect, test, vi } from "vitest";
import { encodeHex, utf8 } from "../src/bytes.ts";
import { webCrypto } from "../src/web-crypto.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** As a runtime loads it that has this `process`. */
async function loadWith(process: unknown) {
  vi.resetModules();
  vi.stubGlobal("process", process);
  const { platformCrypto } = await import("../src/platform-crypto.ts");
  return platformCrypto;
}

// RFC 4231, case 2, the data in two chunks.
const key = utf8("Jefe");
const chunks = [utf8("what do ya want "), utf8("for nothing?")];
const code = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
// FIPS 180-2, B.1.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("the default provider", () => {
  test("hashes at once with the runtime's node:crypto", async () => {
    const { platformCrypto } = await import("../src/platform-crypto.ts");
    const made = platformCrypto.hmac("SHA-256", key, chunks);
    expect(made).toBeInstanceOf(Uint8Array);
    expect(encodeHex(await made)).toBe(code);
    expect(encodeHex(await platformCrypto.digest("SHA-256", [utf8("a"), utf8("bc")]))).toBe(abc);
  });

  test.each([
    ["no process", undefined],
    ["a process without builtin modules", { env: {} }],
    ["a builtin that is not there", { getBuiltinModule: () => undefined }],
    ["a builtin that is something else", { getBuiltinModule: () => ({ createHmac: "none" }) }],
  ])("uses WebCrypto with %s", async (_, process) => {
    const platformCrypto = await loadWith(process);
    const made = platformCrypto.hmac("SHA-256", key, chunks);
    expect(made).toBeInstanceOf(Promise);
    expect(encodeHex(await made)).toBe(code);
    expect(encodeHex(await platformCrypto.digest("SHA-256", [utf8("a"), utf8("bc")]))).toBe(abc);
  });
});

describe("WebCrypto's imported keys", () => {
  test("a key whose bytes change is another key, and each hash has its own", async () => {
    const changing = utf8("Jefe");
    expect(encodeHex(await webCrypto.hmac("SHA-256", changing, chunks))).toBe(code);
    changing[0] = 0x6a;
    expect(encodeHex(await webCrypto.hmac("SHA-256", changing, chunks))).not.toBe(code);
    expect(await webCrypto.hmac("SHA-512", key, chunks)).toHaveLength(64);
    expect(encodeHex(await webCrypto.hmac("SHA-256", key, chunks))).toBe(code);
  });

  test("more keys than are kept, and keys too large to keep, give their own codes", async () => {
    const { platformCrypto } = await import("../src/platform-crypto.ts");
    const large = new Uint8Array(2_000).fill(7);
    const keys = [...Array.from({ length: 300 }, (_, at) => utf8(`key ${at}`)), large];
    for (const each of [...keys, ...keys.slice(0, 3)]) {
      const expected = Uint8Array.from(await platformCrypto.hmac("SHA-256", each, chunks));
      expect(await webCrypto.hmac("SHA-256", each, chunks)).toEqual(expected);
    }
  });
});
