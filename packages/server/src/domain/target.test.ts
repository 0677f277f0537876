import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeAddress, judgeAddresses, judgeTargetUrl, parseAllowedTargets } from "./target.ts";

const none = parseAllowedTargets([]);

const refusedAddresses = [
  ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"]],
  ["loopback", ["127.0.0.1", "127.255.255.254", "::1"]],
  ["link-local and metadata", ["169.254.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0"]],
  ["cloud host services", ["168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"]],
  ["carrier-grade NAT", ["100.64.0.1", "100.127.255.255"]],
  ["multicast and broadcast", ["224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1"]],
  ["unspecified", ["0.0.0.0", "0.1.2.3", "::"]],
  ["reserved", ["240.0.0.1", "192.0.0.1", "192.88.99.1", "5f00::1", "100::1"]],
  ["benchmarking", ["198.18.0.1", "198.19.255.255", "2001:2::1"]],
  ["documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
  ["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8"]],
  ["IPv4-compatible", ["::127.0.0.1", "::7f00:1", "::8.8.8.8"]],
  ["IPv4-translated", ["::ffff:0:127.0.0.1"]],
  ["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::808:808", "64:ff9b:1::a00:1"]],
  ["6to4 and Teredo", ["2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378::1"]],
  ["unique local and site-local", ["fc00::1", "fd12:3456::1", "fec0::1"]],
  ["no address at all", ["", "localhost", "0177.0.0.1", "2130706433", "010.0.0.1", "8.8.8"]],
] as const;

describe("judgeAddress", () => {
  for (const [name, addresses] of refusedAddresses) {
    test.each(addresses)(`refuses %s (${name})`, (address) => {
      expect(judgeAddress(address, none)).toMatchObject({ kind: "refused", address });
    });
  }

  test.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"])(
    "allows the public %s",
    (address) => {
      expect(judgeAddress(address, none)).toEqual({ kind: "allowed" });
    },
  );

  test.each([
    ["10.0.0.0/8", "10.1.2.3", "allowed"],
    ["10.0.0.0/8", "11.0.0.1", "allowed"],
    ["10.0.0.0/8", "192.168.0.1", "refused"],
    ["10.0.0.0/8", "::ffff:10.1.2.3", "allowed"],
    ["10.0.0.0/8", "::ffff:192.168.0.1", "refused"],
    ["10.0.0.0/8", "64:ff9b::10.1.2.3", "refused"],
    ["127.0.0.1", "127.0.0.1", "allowed"],
    ["127.0.0.1", "127.0.0.2", "refused"],
    ["fd00::/8", "fd12::1", "allowed"],
    ["::1", "::1", "allowed"],
    ["::/0", "10.0.0.1", "refused"],
    ["::ffff:10.0.0.0/104", "::ffff:10.0.0.1", "allowed"],
  ])("with %s allowed, %s is %s", (cidr, address, kind) => {
    expect(judgeAddress(address, parseAllowedTargets([cidr])).kind).toBe(kind);
  });

  test("no IPv6 address outside 2000::/3 is allowed", () => {
    const outside = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .filter(([first = 0]) => first >> 13 !== 1);
    fc.assert(
      fc.property(outside, (parts) => {
        const address = parts.map((part) => part.toString(16)).join(":");
        expect(judgeAddress(address, none).kind).toBe("refused");
      }),
    );
  });

  test.each(["10.0.0.0/33", "10.0.0", "example.com", "", "10.0.0.0/8/8"])(
    "the allowed target %j is refused as a configuration mistake",
    (cidr) => {
      expect(() => parseAllowedTargets([cidr])).toThrow(/Not a CIDR/);
    },
  );
});

describe("judgeAddresses", () => {
  const web = { port: 443, foreignPort: false };

  test("one refused address refuses the whole name", () => {
    expect(judgeAddresses(["8.8.8.8", "10.0.0.1"], web, none)).toMatchObject({
      kind: "refused",
      address: "10.0.0.1",
    });
    expect(judgeAddresses(["8.8.8.8", "1.1.1.1"], web, none)).toEqual({ kind: "allowed" });
  });

  test("another protocol's port is open only where every address is covered by an allowed CIDR", () => {
    const redis = { port: 6379, foreignPort: true };
    const some = parseAllowedTargets(["10.0.0.0/8"]);
    expect(judgeAddresses(["10.0.0.1"], redis, some)).toEqual({ kind: "allowed" });
    expect(judgeAddresses(["8.8.8.8"], redis, some)).toMatchObject({ kind: "refused" });
    expect(judgeAddresses(["10.0.0.1", "8.8.8.8"], redis, some)).toMatchObject({ kind: "refused" });
  });
});

describe("judgeTargetUrl", () => {
  test.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "unix:/var/run/docker.sock",
    "javascript:alert(1)",
    "example.com/hook",
    "//example.com/",
    "",
    "https://",
    "https:///path",
    "https:example.com",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://:secret@example.com/",
    "https://exa mple.com/",
    " https://example.com/",
    "https://exam\nple.com/",
    "https://example.com/\u007f",
    "https://example.com:99999/",
    `https://example.com/${"a".repeat(9000)}`,
  ])("%j is no usable URL", (url) => {
    expect(judgeTargetUrl(url, none)).toMatchObject({
      kind: "refused",
      errorClass: "invalid-url",
      detail: expect.not.stringContaining("secret"),
    });
  });

  test.each([
    "http://127.0.0.1/",
    "http://0177.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://①②⑦.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1:8080/",
  ])("%s names an address that is refused, however it is spelled", (url) => {
    expect(judgeTargetUrl(url, none)).toMatchObject({
      kind: "refused",
      errorClass: "address-blocked",
    });
  });

  test.each([22, 25, 110, 143, 445, 5432, 6379, 11211])(
    "port %i belongs to another protocol",
    (port) => {
      const url = `https://example.com:${port}/`;
      expect(judgeTargetUrl(url, none)).toMatchObject({ errorClass: "address-blocked" });
      // Whether the name resolves into the allowed network is only known when connecting.
      expect(judgeTargetUrl(url, parseAllowedTargets(["10.0.0.0/8"]))).toMatchObject({
        kind: "usable",
        target: { foreignPort: true },
      });
    },
  );

  test("a usable URL is taken apart in the parser's normal form", () => {
    expect(judgeTargetUrl("HTTPS://Example.COM:443/a/../b?x=1#frag", none)).toEqual({
      kind: "usable",
      target: {
        secure: true,
        origin: "https://example.com",
        hostname: "example.com",
        port: 443,
        path: "/b?x=1",
        literal: false,
        foreignPort: false,
      },
    });
    expect(judgeTargetUrl("http://[2606:4700::1]:8080", none)).toMatchObject({
      target: { hostname: "2606:4700::1", port: 8080, path: "/", literal: true, secure: false },
    });
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (url) => {
        expect(["usable", "refused"]).toContain(judgeTargetUrl(url, none).kind);
      }),
    );
  });
});
