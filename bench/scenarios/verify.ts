import { createHmac, createSecretKey } from "node:crypto";
import { verify as verifyWebhook, webCrypto } from "@posthorn/receiver";
import type { CryptoProvider, Verdict } from "@posthorn/receiver";
import { github } from "@posthorn/receiver/schemes";
import { nodeCrypto } from "../../packages/server/src/adapters/crypto/node-crypto.ts";
import { inTurns, type Bench } from "../bench.ts";
import { githubSecret } from "../load/github.ts";
import { payloadOf } from "../load/payload.ts";
import type { Figure, Measured } from "../report.ts";
import { paired, type Scenario } from "./scenario.ts";

const bodyBytes = 10 * 1024;
const mostRatio = 1.15;

/** In this process, one after the other: what is measured is the work, and no server's. */
export const verify: Scenario = {
  name: "verify",
  title: "The receiver: verify a 10 KB GitHub request",
  needsStore: false,
  stores: ["sqlite"],
  run,
};

type Work = () => Promise<Verdict> | Promise<ArrayBuffer> | Buffer;

async function run(bench: Bench): Promise<Measured> {
  const body = Buffer.from(payloadOf(0, 0, bodyBytes));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = Buffer.from(githubSecret);
  const key = createSecretKey(bytes);
  const { subtle } = globalThis.crypto;
  const webKey = await subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const bareNode = () => createHmac("sha256", key).update(body).digest();
  const bareWeb = () => subtle.sign("HMAC", webKey, body);
  const verifying = (crypto?: CryptoProvider) => verifyOf(body, crypto);
  const node = "bare HMAC of node:crypto";
  return {
    figures: [
      await compare(
        bench,
        { what: "as apps call it on Node", beside: node },
        verifying(),
        bareNode,
      ),
      await compare(
        bench,
        { what: "as the server calls it", beside: node },
        verifying(nodeCrypto),
        bareNode,
      ),
      await compare(
        bench,
        { what: "with WebCrypto", beside: "bare HMAC of WebCrypto" },
        verifying(webCrypto),
        bareWeb,
      ),
    ],
    processes: [],
  };
}

function verifyOf(body: Uint8Array, crypto: CryptoProvider | undefined): Work {
  const signature = createHmac("sha256", githubSecret).update(body).digest("hex");
  const headers = {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-000000000000",
    "x-github-event": "push",
    "x-github-hook-id": "292430182",
    "x-hub-signature-256": `sha256=${signature}`,
  };
  return () => verifyWebhook(github, { headers, body }, githubSecret, { crypto });
}

async function compare(
  bench: Bench,
  of: { readonly what: string; readonly beside: string },
  work: Work,
  bare: Work,
): Promise<Figure> {
  const count = bench.size(500, 10);
  const verdict = await work();
  if (!("kind" in verdict) || verdict.kind !== "verified") throw new Error("it was not verified");
  await timeOf(work, count);
  await timeOf(bare, count);
  const [values, besides]: [number[], number[]] = [[], []];
  await inTurns(
    bench.rounds * 20,
    async () => void values.push(await timeOf(work, count)),
    async () => void besides.push(await timeOf(bare, count)),
  );
  const figure = paired({ ...of, unit: "µs" }, values, besides, {
    text: `ratio ≤ ${mostRatio.toFixed(2)}`,
    met: ({ ratio }) => ratio <= mostRatio,
  });
  bench.say(
    `${of.what}: ${figure.value.toFixed(2)} µs, ${figure.beside?.ratio.toFixed(2)} of ${of.beside}`,
  );
  return figure;
}

/** In µs for each. */
async function timeOf(work: Work, count: number): Promise<number> {
  const startedAt = performance.now();
  for (let done = 0; done < count; done += 1) await work();
  return ((performance.now() - startedAt) * 1000) / count;
}
