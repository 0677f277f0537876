import { describe, expect, test } from "vitest";
import { type ResolverParts, openResolver, parseHostsNames } from "./resolve-name.ts";

function failing(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(code), { code }));
}

const fromSystem = { address: "10.0.0.9", family: 4 };

function resolver(parts: Partial<ResolverParts["dns"]>, hostsNames: string[] = []) {
  const asked: string[] = [];
  const lookup = openResolver({
    dns: { resolve4: failing("ENOTFOUND"), resolve6: failing("ENODATA"), ...parts },
    system: (hostname) => {
      asked.push(hostname);
      return Promise.resolve([fromSystem]);
    },
    hostsNames: new Set(hostsNames),
  });
  return { lookup, asked };
}

describe("openResolver", () => {
  test("takes all addresses of both families from DNS, without the system", async () => {
    const { lookup, asked } = resolver({
      resolve4: () => Promise.resolve(["1.1.1.1", "1.0.0.1"]),
      resolve6: () => Promise.resolve(["2606:4700::1111"]),
    });
    expect(await lookup("one.example")).toEqual([
      { address: "1.1.1.1", family: 4 },
      { address: "1.0.0.1", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ]);
    expect(asked).toEqual([]);
  });

  test.each(["localhost", "receiver", "printer.local", "a.localhost", "pinned.example"])(
    "asks the system about the machine's own name %s",
    async (name) => {
      const dns = { resolve4: () => Promise.resolve(["1.1.1.1"]) };
      const { lookup, asked } = resolver(dns, ["pinned.example"]);
      expect(await lookup(name)).toEqual([fromSystem]);
      expect(asked).toEqual([name]);
    },
  );

  test.each(["ENOTFOUND", "ENODATA", "ESERVFAIL", "ECONNREFUSED"])(
    "asks the system when DNS says %s",
    async (code) => {
      const { lookup } = resolver({ resolve4: failing(code), resolve6: failing(code) });
      expect(await lookup("service.namespace.svc")).toEqual([fromSystem]);
    },
  );

  test("keeps names with silent servers away from the system's threads", async () => {
    const { lookup, asked } = resolver({ resolve4: failing("ETIMEOUT") });
    await expect(lookup("silent.example")).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(asked).toEqual([]);
  });

  test("is content with one family when the other's servers are silent", async () => {
    const { lookup } = resolver({
      resolve4: () => Promise.resolve(["1.1.1.1"]),
      resolve6: failing("ETIMEOUT"),
    });
    expect(await lookup("one.example")).toEqual([{ address: "1.1.1.1", family: 4 }]);
  });

  test("asks once for requests that come at the same time, and again later", async () => {
    let questions = 0;
    const { lookup } = resolver({
      resolve4: () => Promise.resolve([`1.1.1.${++questions}`]),
    });
    const [a, b] = await Promise.all([lookup("one.example"), lookup("one.example")]);
    expect(a).toEqual(b);
    expect(await lookup("one.example")).toEqual([{ address: "1.1.1.2", family: 4 }]);
  });
});

test("the names of a hosts file are read without comments and addresses", () => {
  const text = "127.0.0.1 localhost\n# 10.0.0.1 off.example\n\n::1\tIP6.example alias # note\r\n";
  expect([...parseHostsNames(text)]).toEqual(["localhost", "ip6.example", "alias"]);
});
