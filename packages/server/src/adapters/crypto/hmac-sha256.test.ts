import { createHmac, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createHmacSha256, createHmacSha256Bytes } from "./hmac-sha256.ts";

const prefix = "msg_0J6Yk2Q4zAbCdEfGh.1795817000.";

test("is node:crypto's HMAC for keys around a block and bodies around the scratch buffer", () => {
  for (const keyBytes of [1, 24, 63, 64, 65, 75]) {
    const key = randomBytes(keyBytes);
    const hmac = createHmacSha256(key);
    for (const bodyBytes of [0, 1, 1024, 16_286, 16_287, 16_288, 70_000]) {
      const body = randomBytes(bodyBytes);
      const expected = createHmac("sha256", key).update(prefix).update(body).digest("base64");
      expect(hmac(prefix, body)).toBe(expected);
    }
  }
});

test("gives RFC 4231's second case", () => {
  const hmac = createHmacSha256(Buffer.from("Jefe"));
  const digest = Buffer.from(hmac("what do ya ", Buffer.from("want for nothing?")), "base64");
  expect(digest.toString("hex")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("keys do not mix", () => {
  const [one, two] = [createHmacSha256(Buffer.from("one")), createHmacSha256(Buffer.from("two"))];
  const before = one("a", Buffer.from("b"));
  two("c", Buffer.from("d"));
  expect(one("a", Buffer.from("b"))).toBe(before);
});

test("of chunks it is the same, as bytes", () => {
  for (const keyBytes of [1, 64, 65]) {
    const key = randomBytes(keyBytes);
    const hmac = createHmacSha256Bytes(key);
    for (const bodyBytes of [0, 1024, 16_319, 16_320, 16_321, 70_000]) {
      const body = randomBytes(bodyBytes);
      const chunks = [body.subarray(0, 7), body.subarray(7)];
      const expected = createHmac("sha256", key).update(body).digest();
      expect(Buffer.compare(hmac(chunks), expected)).toBe(0);
    }
    expect(Buffer.compare(hmac([]), createHmac("sha256", key).digest())).toBe(0);
  }
});
