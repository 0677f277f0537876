import { gzipSync } from "node:zlib";
import { utf8, utf8Text } from "../../bytes.ts";
import type { CheckCase } from "../check-case.ts";
import { expectAccepted, expectNoFailure, merged, of, skipped } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { signed } from "./signed.ts";

const rawBytes: CheckCase = {
  name: "raw-bytes",
  title: "a genuine body that a parser would write differently is accepted",
  needs: "accepted",
  why:
    "Providers send white space, escapes, big numbers and repeated keys that do not survive JSON.parse and " +
    "JSON.stringify: such deliveries fail, now and then, and nobody sees why.",
  mend: "Verify the raw bytes before any parser: express.raw, request.text(), or this package's doors.",
  async run(bench) {
    const event = bench.event();
    const text = utf8Text(event.body) ?? "";
    if (!text.startsWith("{")) return skipped("The body is no JSON object.");
    const odd =
      '{ "posthorn_odd" :\t"\\u00e9 \\/ é \u2028 🦊",\r\n "number": 1.0, "big": 12345678901234567890, ' +
      '"twice": 1, "twice": 2, "exponent": 1E+2,\n' +
      `${text.slice(1)}\n`;
    const delivery = await signed(bench, { ...event, body: utf8(odd) });
    if (delivery === undefined) return skipped("The scheme cannot sign such a body.");
    return expectAccepted(await bench.send("odd white space, escapes, numbers and keys", delivery));
  },
};

const oddBodies: readonly (readonly [string, Uint8Array])[] = [
  ["text that is no JSON", utf8("this is not JSON")],
  ["the JSON value null", utf8("null")],
  ["a JSON list", utf8("[]")],
  ["bytes that are no UTF-8", Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0xc3)],
];

const noJson: CheckCase = {
  name: "no-json",
  title: "a rightly signed body that is no JSON object does not make it fail",
  needs: "accepted",
  why: "A 5xx makes the provider send the same body again and again, and an exception may end the process.",
  mend: "Parse after verifying, with a catch around it; answer 2xx or 400, and never 5xx.",
  async run(bench) {
    const findings: Finding[] = [];
    for (const [what, body] of oddBodies) {
      const delivery = await signed(bench, { ...bench.event(), body });
      if (delivery === undefined) continue;
      findings.push(of(what, expectNoFailure(await bench.send(what, delivery))));
    }
    return findings.length === 0
      ? skipped("The scheme cannot sign such bodies.")
      : merged(findings);
  },
};

const emptyBody: CheckCase = {
  name: "empty-body",
  title: "a rightly signed empty body does not make it fail",
  needs: "accepted",
  why: "A 5xx makes the provider send it again and again.",
  mend: "Take an empty body for zero bytes, and verify those.",
  async run(bench) {
    const delivery = await signed(bench, { ...bench.event(), body: new Uint8Array() });
    if (delivery === undefined) return skipped("The scheme cannot sign an empty body.");
    return expectNoFailure(await bench.send("an empty body, rightly signed", delivery));
  },
};

const gzip: CheckCase = {
  name: "gzip",
  title: "a compressed body is understood or refused",
  needs: "accepted",
  why: "Whether the signature covers the compressed bytes differs by provider, and a receiver that guesses fails.",
  mend: "Inflate only where the scheme says so, and at most to a size of your choice.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    const headers = [...delivery.headers, ["content-encoding", "gzip"] as const];
    const compressed = { ...delivery, headers, body: Uint8Array.from(gzipSync(delivery.body)) };
    const exchange = await bench.send("the body compressed (content-encoding: gzip)", compressed);
    return bench.scheme.compression === "inflate"
      ? expectAccepted(exchange)
      : expectNoFailure(exchange);
  },
};

export const bodies: readonly CheckCase[] = [rawBytes, noJson, emptyBody, gzip];
