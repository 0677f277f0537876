import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scheme } from "../src/scheme.ts";
import * as schemes from "../src/schemes/index.ts";
import { sign } from "../src/sign.ts";
import { verify } from "../src/verify.ts";
import { webCrypto } from "../src/web-crypto.ts";
import { keysOf } from "./key-pairs.ts";
import { nodeCrypto } from "./node-crypto.ts";

const all: readonly Scheme[] = Object.values(schemes);
const nowSeconds = 1_767_250_382;
const url = "https://hooks.example.com/in/x?token=t";

const plainSecret = "s3cret-of-forty-characters-and-a-few-more-so-that-it-is-64-long!";

/** What the schemes with members of their own in the body need to find there. */
const bodies: Readonly<Record<string, string>> = {
  linear: `{"webhookTimestamp":${nowSeconds * 1000}}`,
  "microsoft-graph": '{"value":[{"id":"n1","changeType":"created"}]}',
};

// Their signature covers fields, which a made-up body does not have: see the tests of their own.
const fieldSchemes: ReadonlySet<string> = new Set([
  "adyen",
  "aws-sns",
  "braintree",
  "mandrill",
  "plivo",
  "twilio",
  "paypal",
  "contentful",
  "ebay",
  "cloudevents",
  "azure-event-grid",
]);

describe.each(all.filter(({ name }) => !fieldSchemes.has(name)))("$name", (scheme) => {
  const { signWith, verifyWith } = keysOf(scheme, plainSecret);
  const body = bodies[scheme.name] ?? '{"id":"evt_1","type":"invoice.paid","n":1.0}';
  const message = { id: "evt-1", type: "invoice.paid", timestampSeconds: nowSeconds, url, body };
  const options = { nowSeconds };

  test("what sign makes, verify takes, with either crypto provider", async () => {
    const web = { ...options, crypto: webCrypto };
    const signed = await sign(scheme, message, signWith, { crypto: webCrypto });
    expect(await verify(scheme, signed, verifyWith, web)).toMatchObject({
      kind: "verified",
      scheme: scheme.name,
    });
    expect(await verify(scheme, signed, verifyWith, options)).toMatchObject({ kind: "verified" });
    const other = { ...options, crypto: nodeCrypto };
    expect(await verify(scheme, signed, verifyWith, other)).toMatchObject({ kind: "verified" });
    const again = await sign(scheme, message, signWith, { crypto: nodeCrypto });
    expect(await verify(scheme, again, verifyWith, web)).toMatchObject({ kind: "verified" });
  });

  test("any one bit of a covered body, any cut of it, and any other order of its bytes is refused", async () => {
    if (!scheme.check.coversBody) return;
    const signed = await sign(scheme, message, signWith, { crypto: nodeCrypto });
    const verdictOf = (changed: Uint8Array): Promise<string> =>
      verify(scheme, { ...signed, body: changed }, verifyWith, {
        ...options,
        crypto: nodeCrypto,
      }).then((verdict) => verdict.kind);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const bit = at % (signed.body.length * 8);
        const flipped = signed.body.map((byte, index) =>
          index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        );
        expect(await verdictOf(flipped)).toBe("rejected");
        expect(await verdictOf(signed.body.slice(0, at % signed.body.length))).toBe("rejected");
        const turn = 1 + (at % (signed.body.length - 1));
        const turned = Uint8Array.from([...signed.body.slice(turn), ...signed.body.slice(0, turn)]);
        expect(await verdictOf(turned)).toBe("rejected");
      }),
      { numRuns: 15 },
    );
  });

  test("whatever stands in its headers, the answer is a verdict", async () => {
    const signed = await sign(scheme, message, signWith, { crypto: nodeCrypto });
    const names = Object.keys(signed.headers);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.nat(),
        async (text, at) => {
          const name = names[at % Math.max(1, names.length)] ?? "x";
          const headers = { ...signed.headers, [name]: text };
          const verdict = await verify(scheme, { ...signed, headers }, verifyWith, {
            ...options,
            crypto: nodeCrypto,
          });
          expect(["verified", "rejected"]).toContain(verdict.kind);
        },
      ),
      { numRuns: 25 },
    );
  });
});
