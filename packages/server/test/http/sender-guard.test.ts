import { afterEach, describe, expect, test } from "vitest";
import { type HttpSenderOptions, openHttpSender } from "../../src/adapters/http/http-sender.ts";
import type { SendResult, Sender } from "../../src/ports/sender.ts";
import { type Receiver, startReceiver } from "../kit/receiver.ts";

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  ends.push(() => started.close());
  return started;
}

function sender(options: HttpSenderOptions = {}): Sender {
  const opened = openHttpSender({ deadlineMs: 5000, ...options });
  ends.push(() => opened.close());
  return opened;
}

function send(from: Sender, url: string): Promise<SendResult> {
  return from.send({ url, headers: {}, body: Buffer.from("{}") });
}

/** Answers each question with the next list, and counts the questions. */
function resolver(...answers: readonly (readonly string[])[]): {
  readonly lookup: NonNullable<HttpSenderOptions["lookup"]>;
  asked: number;
} {
  const made = {
    asked: 0,
    lookup: () => {
      const addresses = answers[Math.min(made.asked++, answers.length - 1)] ?? [];
      return Promise.resolve(
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
    },
  };
  return made;
}

describe("an address that is not public", () => {
  test.each([
    (port: number) => `http://127.0.0.1:${port}/`,
    (port: number) => `http://0177.0.0.1:${port}/`,
    (port: number) => `http://2130706433:${port}/`,
    (port: number) => `http://0x7f.1:${port}/`,
    (port: number) => `http://127.1:${port}/`,
    (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `http://[::1]:${port}/`,
    (port: number) => `http://0.0.0.0:${port}/`,
  ])("is refused as a literal: %s", async (urlOf) => {
    const to = await receiver();
    expect(await send(sender(), urlOf(to.port))).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
    });
    expect(to.connections).toBe(0);
  });

  test("is refused behind the system's own names", async () => {
    const to = await receiver();
    expect(await send(sender(), `http://localhost:${to.port}/`)).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
      dnsMs: expect.any(Number),
    });
    expect(to.connections).toBe(0);
  });

  test.each([
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "fd00:ec2::254",
    "::1",
    "::ffff:127.0.0.1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "100.64.0.1",
    "0.0.0.0",
  ])("is refused behind a name: %s", async (address) => {
    const result = await send(sender({ lookup: resolver([address]).lookup }), "http://evil.test/");
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "address-blocked", address });
    expect(result.detail).toContain(address);
  });

  test("is refused beside public ones, which are not connected to either", async () => {
    const { lookup } = resolver(["203.0.114.1", "127.0.0.1"]);
    expect(await send(sender({ lookup }), "http://mixed.test/")).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
      address: "127.0.0.1",
      detail: expect.stringContaining("loopback"),
    });
  });

  test("an answer that is no address is refused", async () => {
    const { lookup } = resolver(["metadata.internal"]);
    expect(await send(sender({ lookup }), "http://odd.test/")).toMatchObject({
      errorClass: "address-blocked",
    });
  });
});

describe("an allowed target", () => {
  test("is connected to at the judged address, with one lookup: a second answer is never asked for", async () => {
    const to = await receiver();
    // Judged: 127.0.0.1 (allowed). Whoever resolved again would be sent to an address without one.
    const dns = resolver(["127.0.0.1"], ["10.0.0.1"]);
    const from = sender({ lookup: dns.lookup, allowedTargets: ["127.0.0.1/32"] });
    const result = await send(from, `http://rebinding.test:${to.port}/`);
    expect(result).toMatchObject({ outcome: "delivered", address: "127.0.0.1" });
    expect(to.requests[0]?.headers["host"]).toBe(`rebinding.test:${to.port}`);
    expect(dns.asked).toBe(1);
  });

  test("several addresses are tried without a second lookup", async () => {
    const to = await receiver();
    const dns = resolver(["127.0.0.2", "127.0.0.1"], ["10.0.0.1"]);
    const from = sender({ lookup: dns.lookup, allowedTargets: ["127.0.0.0/8"] });
    const result = await send(from, `http://several.test:${to.port}/`);
    expect(result).toMatchObject({ outcome: "delivered", address: "127.0.0.1" });
    expect(dns.asked).toBe(1);
  });

  test("is judged again for each connection", async () => {
    const to = await startReceiver({ answer: { headers: { connection: "close" } } });
    ends.push(() => to.close());
    const dns = resolver(["127.0.0.1"], ["127.0.0.2"]);
    const from = sender({ lookup: dns.lookup, allowedTargets: ["127.0.0.1/32"] });
    const url = `http://moving.test:${to.port}/`;
    expect(await send(from, url)).toMatchObject({ outcome: "delivered" });
    expect(await send(from, url)).toMatchObject({ errorClass: "address-blocked" });
    expect(dns.asked).toBe(2);
  });

  test("an IPv4 CIDR also allows the mapped form", async () => {
    const to = await receiver();
    const from = sender({ allowedTargets: ["127.0.0.0/8"] });
    expect(await send(from, `http://[::ffff:127.0.0.1]:${to.port}/`)).toMatchObject({
      outcome: "delivered",
    });
  });
});

describe("a URL", () => {
  test.each([
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/containers/json",
    "ftp://example.com/",
    "https://user:hunter2@example.com/",
    "https://",
    "not a url",
  ])("that is not usable is refused: %s", async (url) => {
    const result = await send(sender(), url);
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "invalid-url", totalMs: 0 });
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });

  test("with another protocol's port is refused where the address is not allowed", async () => {
    const { lookup } = resolver(["8.8.8.8"]);
    const from = sender({ lookup, allowedTargets: ["10.0.0.0/8"] });
    expect(await send(from, "http://redis.test:6379/")).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
      detail: expect.stringContaining("6379"),
    });
  });

  test("with a name that does not resolve is not sent", async () => {
    const missing = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    const from = sender({ lookup: () => Promise.reject(missing) });
    expect(await send(from, "https://missing.test/")).toMatchObject({
      outcome: "not-sent",
      errorClass: "dns-failed",
    });
    expect(
      await send(sender({ lookup: resolver([]).lookup }), "https://empty.test/"),
    ).toMatchObject({
      outcome: "not-sent",
      errorClass: "dns-failed",
    });
  });
});
