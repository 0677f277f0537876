import { spawn } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { checkReceiver } from "../../src/conformance/index.ts";
import type { CheckReceiverOptions } from "../../src/conformance/index.ts";
import { stripe } from "../../src/index.ts";
import { of, serve } from "./kit.ts";

vi.setConfig({ testTimeout: 120_000 });

const secret = "whsec_a_secret_of_the_tests";

/** A receiver of Stripe's events written by hand, without a fault; each test puts one in. */
interface Receiver {
  readBody(request: IncomingMessage): Promise<Buffer | undefined>;
  verify(body: Buffer, header: string): boolean;
  answer(response: ServerResponse, status: number, text: string): void;
  refusal(body: Buffer, header: string): string;
  /** Gives the status; the event is undefined for a body that is none. */
  handle(event: StripeEvent | undefined): Promise<number>;
}

interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly created: number;
}

const limit = 5 * 2 ** 20;

function readLimited(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", () => resolve(Buffer.alloc(0)));
  });
}

function signatureOf(body: Buffer | string, timestamp: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
}

function partsOf(header: string): { readonly timestamp: string; readonly signature: string } {
  const [, timestamp = "", signature = ""] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(header) ?? [];
  return { timestamp, signature };
}

function verifySignature(body: Buffer | string, header: string): boolean {
  const { timestamp, signature } = partsOf(header);
  const [a, b] = [Buffer.from(signatureOf(body, timestamp)), Buffer.from(signature)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const isRecent = (header: string): boolean =>
  Math.abs(Date.now() / 1000 - Number(partsOf(header).timestamp)) <= 300;

const faultless: Receiver = {
  readBody: readLimited,
  verify: (body, header) => verifySignature(body, header) && isRecent(header),
  answer: (response, status, text) => {
    response.statusCode = status;
    response.end(text);
  },
  refusal: () => "refused",
  handle: (event) => Promise.resolve(event === undefined ? 400 : 200),
};

function parse(body: Buffer): StripeEvent | undefined {
  try {
    const value: Partial<StripeEvent> | null = JSON.parse(body.toString("utf8"));
    const { id, type, created } = value ?? {};
    const isEvent = id !== undefined && type !== undefined && created !== undefined;
    return isEvent ? { id, type, created } : undefined;
  } catch {
    return undefined;
  }
}

async function listen(parts: Partial<Receiver>): Promise<string> {
  const { readBody, verify, answer, refusal, handle } = { ...faultless, ...parts };
  return serve(async (request, response) => {
    const { "stripe-signature": header } = request.headers;
    if (request.method !== "POST") return answer(response, 405, "POST");
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413, "too large");
    const given = typeof header === "string" ? header : "";
    if (!verify(body, given)) return answer(response, 401, refusal(body, given));
    return answer(response, await handle(parse(body)), "done");
  }, onTestFinished);
}

async function faultsOf(
  parts: Partial<Receiver>,
  options: Partial<CheckReceiverOptions> = {},
): Promise<readonly string[]> {
  const url = await listen(parts);
  const skip = ["slow-body"];
  const report = await checkReceiver({ url, scheme: stripe, secret, skip, ...options });
  expect(report.checks.length).toBeGreaterThan(0);
  expect(JSON.stringify(report)).not.toContain(secret);
  return Object.keys(of(report, "bad"));
}

describe("a receiver", () => {
  test("without a fault has none", async () => {
    expect(await faultsOf({})).toEqual([]);
  });

  test("that verifies nothing", async () => {
    expect(await faultsOf({ verify: () => true })).toEqual([
      "wrong-signature",
      "other-secret",
      "missing-signature",
      "empty-signature",
      "cut-signature",
      "tampered-body",
      "reserialised-body",
      "stale",
    ]);
  });

  test("that looks whether there is a signature, and no further", async () => {
    expect(await faultsOf({ verify: (_, header) => header !== "" })).toEqual([
      "wrong-signature",
      "other-secret",
      "cut-signature",
      "tampered-body",
      "reserialised-body",
      "stale",
    ]);
  });

  test("that lets a delivery through which has no signature", async () => {
    const verify: Receiver["verify"] = (body, header) =>
      header === "" || faultless.verify(body, header);
    expect(await faultsOf({ verify })).toEqual(["missing-signature", "empty-signature"]);
  });

  test("that verifies the JSON which it serialised again", async () => {
    const again = (body: Buffer): string => {
      try {
        return JSON.stringify(JSON.parse(body.toString("utf8")));
      } catch {
        return body.toString("utf8");
      }
    };
    const verify: Receiver["verify"] = (body, header) =>
      verifySignature(again(body), header) && isRecent(header);
    expect(await faultsOf({ verify })).toEqual(["reserialised-body", "raw-bytes", "large-body"]);
  });

  test("that compares only the beginning of the signature", async () => {
    const verify: Receiver["verify"] = (body, header) => {
      const { timestamp, signature } = partsOf(header);
      const isBeginning = signature !== "" && signatureOf(body, timestamp).startsWith(signature);
      return isBeginning && isRecent(header);
    };
    expect(await faultsOf({ verify })).toEqual(["cut-signature"]);
  });

  test("that never looks at the time", async () => {
    expect(await faultsOf({ verify: verifySignature })).toEqual(["stale"]);
  });

  test("that fails on what is no JSON", async () => {
    const handle: Receiver["handle"] = (event) => Promise.resolve(event === undefined ? 500 : 200);
    expect(await faultsOf({ handle })).toEqual(["no-json", "empty-body"]);
  });

  test("that is slow", async () => {
    const handle = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return 200;
    };
    const only = ["genuine", "duplicate", "in-time"];
    expect(await faultsOf({ handle }, { only, deadlineMs: 500 })).toEqual(["in-time"]);
  });

  test("that answers with the signature which it expected", async () => {
    const refusal: Receiver["refusal"] = (body, header) =>
      `expected ${signatureOf(body, partsOf(header).timestamp)}`;
    expect(await faultsOf({ refusal })).toEqual(["leaks"]);
  });

  test("that answers with its secret, or with a stack trace", async () => {
    expect(await faultsOf({ refusal: () => `wrong for ${secret}` })).toEqual(["leaks"]);
    expect(await faultsOf({ refusal: () => new Error("no").stack ?? "" })).toEqual(["leaks"]);
  });

  test("that reads whatever is sent", async () => {
    const readBody: Receiver["readBody"] = async (request) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk);
      } catch {
        // The sender went away.
      }
      return Buffer.concat(chunks);
    };
    expect(await faultsOf({ readBody })).toEqual(["endless-body"]);
  });

  test("that cuts bodies off, and finds their signatures wrong", async () => {
    const readBody: Receiver["readBody"] = async (request) =>
      (await readLimited(request))?.subarray(0, 100_000);
    expect(await faultsOf({ readBody })).toEqual(["large-body"]);
  });

  test("that knows its header in one spelling only", async () => {
    const url = await serve(async (request, response) => {
      const body = await readLimited(request);
      if (request.method !== "POST") return faultless.answer(response, 405, "POST");
      if (body === undefined) return faultless.answer(response, 413, "too large");
      const at = request.rawHeaders.indexOf("Stripe-Signature");
      const header = at < 0 ? "" : (request.rawHeaders[at + 1] ?? "");
      return faultless.answer(response, faultless.verify(body, header) ? 200 : 401, "");
    }, onTestFinished);
    const report = await checkReceiver({ url, scheme: stripe, secret, skip: ["slow-body"] });
    expect(Object.keys(of(report, "bad"))).toEqual(["header-case"]);
  });

  test("that redirects", async () => {
    const answer: Receiver["answer"] = (response, status, text) => {
      response.statusCode = status === 200 ? 308 : status;
      response.setHeader("location", "/webhooks/");
      response.end(text);
    };
    expect(await faultsOf({ answer })).toEqual(["genuine", "redirects"]);
  });

  test("that sends strangers to its login page", async () => {
    const answer: Receiver["answer"] = (response, status, text) => {
      response.statusCode = status === 401 ? 302 : status;
      response.setHeader("location", "/login");
      response.end(text);
    };
    expect(await faultsOf({ answer })).toEqual(["redirects"]);
  });

  test("that fails for an event which it has", async () => {
    const had = new Set<string>();
    const handle: Receiver["handle"] = (event) => {
      if (event === undefined) return Promise.resolve(400);
      const status = had.has(event.id) ? 500 : 200;
      had.add(event.id);
      return Promise.resolve(status);
    };
    expect(await faultsOf({ handle })).toEqual(["duplicate", "concurrent-duplicates"]);
  });

  test("that refuses types which it does not know", async () => {
    const handle: Receiver["handle"] = (event) =>
      Promise.resolve(event?.type === "invoice.paid" ? 200 : 400);
    expect(await faultsOf({ handle }, { eventType: "invoice.paid" })).toEqual(["unknown-type"]);
  });

  test("that waits for the earlier event of an object", async () => {
    let latest = 0;
    const handle: Receiver["handle"] = (event) => {
      if (event === undefined) return Promise.resolve(400);
      const isLate = event.created < latest;
      latest = Math.max(latest, event.created);
      return Promise.resolve(isLate ? 409 : 200);
    };
    expect(await faultsOf({ handle })).toEqual(["reordered"]);
  });

  test("that handles a repeated event again shows it in its count", async () => {
    let handled = 0;
    const handle: Receiver["handle"] = () => Promise.resolve(((handled += 1), 200));
    const countUrl = await serve(
      (_, response) => response.end(JSON.stringify({ count: handled })),
      onTestFinished,
    );
    const only = ["handled-once"];
    expect(await faultsOf({ handle }, { only, countUrl })).toEqual(["handled-once"]);
  });

  test("whose work is still under way is not taken for one that repeats it", async () => {
    let handled = 0;
    const had = new Set<string>();
    const handle: Receiver["handle"] = (event) => {
      if (event !== undefined && !had.has(event.id)) {
        had.add(event.id);
        setTimeout(() => (handled += 1), 400);
      }
      return Promise.resolve(event === undefined ? 400 : 200);
    };
    const countUrl = await serve((_, response) => response.end(String(handled)), onTestFinished);
    const only = ["duplicate", "handled-once"];
    expect(await faultsOf({ handle }, { only, countUrl })).toEqual([]);
    expect(handled).toBeGreaterThan(2);
  });

  test("whose count is no number is not judged by it", async () => {
    const countUrl = await serve((_, response) => response.end("many"), onTestFinished);
    const only = ["handled-once"];
    const report = await checkReceiver({
      url: await listen({}),
      scheme: stripe,
      secret,
      only,
      countUrl,
    });
    expect(of(report, "skipped")["handled-once"]).toMatch(/neither a number/);
  });

  test("that waits for slow bodies gets a note, and one that is blocked by them a fault", async () => {
    const only = ["slow-body"];
    const url = await listen({});
    const options = { scheme: stripe, secret, only, skip: [], timeoutMs: 4000 };
    expect(of(await checkReceiver({ ...options, url }), "note")).toHaveProperty("slow-body");
    let busy: Promise<unknown> = Promise.resolve();
    const oneByOne: Receiver["readBody"] = (request) => {
      const next = busy.then(() => readLimited(request));
      busy = next;
      return next;
    };
    expect(await faultsOf({ readBody: oneByOne }, { ...options })).toEqual(["slow-body"]);
  });

  test("that hangs is given up on, and not asked again", async () => {
    const url = await serve(() => {}, onTestFinished);
    const report = await checkReceiver({ url, scheme: stripe, secret, timeoutMs: 300 });
    expect(Object.keys(of(report, "bad"))).toEqual(["genuine"]);
    expect(report.counts.skipped).toBeGreaterThan(20);
  });

  test("that refuses everything gets no praise for it", async () => {
    const url = await listen({ verify: () => false });
    const report = await checkReceiver({ url, scheme: stripe, secret, skip: ["slow-body"] });
    expect(Object.keys(of(report, "bad"))).toEqual(["genuine"]);
    expect(of(report, "skipped")["wrong-signature"]).toMatch(/says nothing/);
  });

  test("that goes down is found out, by the check that did it", async () => {
    const program = `
      require("node:http").createServer((request, response) => {
        const chunks = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => {
          JSON.parse(Buffer.concat(chunks).toString("utf8"));
          response.end();
        });
      }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => void child.kill());
    const [port] = await once(child.stdout, "data");
    const url = `http://127.0.0.1:${String(port).trim()}/`;
    const only = ["genuine", "no-json", "duplicate", "survives"];
    const report = await checkReceiver({ url, scheme: stripe, secret, only });
    expect(of(report, "good")).toHaveProperty("genuine");
    expect(of(report, "bad")).toEqual({
      "no-json": expect.stringMatching(/took the receiver down/),
    });
    expect(Object.keys(of(report, "skipped"))).toEqual(["duplicate", "survives"]);
  });
});

test("where nothing listens, nothing is said", async () => {
  const url = await serve(() => {}, onTestFinished);
  const free = url.replace(/:\d+/, ":1");
  const checked = checkReceiver({ url: free, scheme: stripe, secret });
  await expect(checked).rejects.toThrow(/cannot be reached: no connection \(ECONNREFUSED\)/);
});
