import { afterEach, describe, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { type Api, connect } from "./kit/connect.ts";
import { type ConnectProxy, startConnectProxy } from "./kit/connect-proxy.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

// Two attempts: that a blocked one is not tried again shows that it ended for that reason.
const schedule = { POSTHORN_RETRY_SCHEDULE: "0,0.2" };
const proxies: ConnectProxy[] = [];

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});

async function connectProxy(): Promise<ConnectProxy> {
  const proxy = await startConnectProxy();
  proxies.push(proxy);
  return proxy;
}

/** URLs that name an address which must not be called, in every spelling that URLs have. */
const blockedAddresses: readonly string[] = [
  "http://127.0.0.1/",
  "http://127.0.0.1:8080/",
  "https://127.8.9.10/",
  "http://0.0.0.0/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[0:0:0:0:0:ffff:127.0.0.1]/",
  "http://[::127.0.0.1]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::ffff:169.254.169.254]/",
  "http://168.63.129.16/",
  "http://10.1.2.3/",
  "http://172.16.0.1/",
  "http://192.168.1.1/",
  "http://100.64.0.1/",
  "http://192.0.2.1/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  // The same addresses: decimal, octal, hexadecimal, short, mixed, full-width, with a dot.
  "http://2130706433/",
  "http://0177.0.0.1/",
  "http://0x7f000001/",
  "http://0x7f.1/",
  "http://127.1/",
  "http://0/",
  "http://017700000001/",
  "http://2852039166/",
  "http://0xa9.0xfe.0xa9.0xfe/",
  "http://１２７.０.０.１/",
  "http://127。0。0。1/",
  "http://127.0.0.1./",
  "http://%31%32%37.0.0.1/",
  // IPv6: NAT64, 6to4, Teredo, unique local, link-local, site-local, multicast, documentation.
  "http://[64:ff9b::7f00:1]/",
  "http://[64:ff9b::a9fe:a9fe]/",
  "http://[64:ff9b:1::a00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
  "http://[fd00:ec2::254]/",
  "http://[fc00::1]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[ff02::1]/",
  "http://[2001:db8::1]/",
  // A port of another protocol, of a public address.
  "http://93.184.216.34:22/",
  "http://93.184.216.34:6379/",
  "https://93.184.216.34:25/",
  "http://93.184.216.34:0/",
];

/** URLs that are none for a receiver, whatever address they lead to. */
const invalidUrls: readonly string[] = [
  "http://user:password@receiver.example/",
  "http://user@receiver.example/",
  "http://receiver.example@127.0.0.1/",
  "unix:/var/run/docker.sock",
  "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
  "file:///etc/passwd",
  "ftp://receiver.example/",
  "gopher://127.0.0.1:6379/_FLUSHALL",
  "javascript:alert(1)",
  "//127.0.0.1/",
  "http:127.0.0.1",
  "http:///127.0.0.1/",
  "http://",
  "http://[fe80::1%25eth0]/",
  "http://256.256.256.256/",
  "http://receiver.example:99999/",
  "http://receiver.example/\r\nx-injected: 1",
  " http://127.0.0.1/",
  "http://receiver.exa mple/",
  "receiver.example",
];

describe("in strict mode", () => {
  test("saving an endpoint refuses what names a blocked address or is no receiver's URL", async () => {
    const api = connect(await startPosthorn({ dataDir: newDataDir(), dev: false }));
    const app = await api.application();
    const wrong: string[] = [];
    const cases = [
      ...blockedAddresses.map((url) => ({ url, type: "value_error.address_blocked" })),
      ...invalidUrls.map((url) => ({ url, type: "value_error.invalid_url" })),
    ];
    const good = await api.endpoint(app, { url: "https://receiver.example/hook" });
    for (const { url, type } of cases) {
      const refused = {
        detail: [{ loc: ["body", "url"], msg: expect.stringMatching(/\S/), type }],
      };
      for (const [method, path] of [
        ["POST", `/app/${app}/endpoint`],
        ["PUT", `/app/${app}/endpoint/${good}`],
        ["PATCH", `/app/${app}/endpoint/${good}`],
      ] as const) {
        const answered = await api.ask(method, path, { body: { url } });
        const asExpected =
          answered.status === 422 &&
          expect.objectContaining(refused).asymmetricMatch(answered.body);
        if (!asExpected) wrong.push(`${method} ${url}: ${answered.status} ${answered.text}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await api.done("GET", `/app/${app}/endpoint/${good}`)).toMatchObject({
      url: "https://receiver.example/hook",
    });
  });

  test("connecting refuses them, too, whatever allowed them to be saved", async () => {
    const dataDir = newDataDir();
    const everything = { ...schedule, POSTHORN_ALLOWED_TARGETS: "0.0.0.0/0,::/0" };
    const lax = await startPosthorn({ dataDir, dev: false, env: everything });
    const before = connect(lax);
    const app = await before.application();
    const urls = new Map<string, string>();
    for (const url of blockedAddresses) {
      const endpoint = await before.endpoint(app, { url });
      urls.set(endpoint, url);
      await before.done("POST", `/app/${app}/endpoint/${endpoint}/pause`);
    }
    const message = await before.publish(app);
    expect(await lax.stop()).toBe(0);

    const api = connect(await startPosthorn({ dataDir, dev: false, env: schedule }));
    for (const endpoint of urls.keys()) {
      await api.done("POST", `/app/${app}/endpoint/${endpoint}/resume`);
    }
    await expectAllBlocked(api, { app, message, urls });
  });

  test("a name that leads to this machine is refused when connecting", async () => {
    const inside = await receiver();
    const server = await startPosthorn({ dataDir: newDataDir(), dev: false, env: schedule });
    const api = connect(server);
    const app = await api.application();
    const urls = new Map<string, string>();
    for (const name of ["localhost", "LOCALHOST"]) {
      const url = `http://${name}:${inside.port}/`;
      urls.set(await api.endpoint(app, { url }), url);
    }
    const message = await api.publish(app);
    await expectAllBlocked(api, { app, message, urls });
    expect(inside.connections).toBe(0);
  });
});

const ended: ReadonlySet<string> = new Set(["succeeded", "failed", "discarded"]);

async function expectAllBlocked(
  api: Api,
  sent: {
    readonly app: string;
    readonly message: string;
    readonly urls: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const { app, message, urls } = sent;
  await until("all have ended", async () =>
    (await api.deliveries(app, message)).every(({ state }) => ended.has(state)),
  );
  const ends = (await api.deliveries(app, message)).map(({ id, reason, attempts }) => ({
    url: urls.get(id),
    reason,
    attempts,
  }));
  expect(ends).toHaveLength(urls.size);
  expect(ends).toEqual(ends.map(({ url }) => ({ url, reason: "address-blocked", attempts: 1 })));
  for (const attempt of await api.attempts(app, message)) {
    expect(attempt).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
      detail: expect.stringMatching(/ is refused \(.+\)\. |belongs to another protocol/),
      responseStatusCode: 0,
    });
  }
}

describe("allowed targets", () => {
  test("let a network through, and nothing beside it", async () => {
    const inside = await receiver();
    const server = await startPosthorn({
      dataDir: newDataDir(),
      dev: false,
      env: { ...schedule, POSTHORN_ALLOWED_TARGETS: "127.0.0.0/8" },
    });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: inside.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "delivered");
    expect(await api.attempts(app, message)).toMatchObject([{ address: "127.0.0.1" }]);
    for (const url of ["http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/"]) {
      const answered = await api.ask("POST", `/app/${app}/endpoint`, { body: { url } });
      expect(answered.status).toBe(422);
    }
  });

  test("do not let a redirect lead elsewhere", async () => {
    const inside = await receiver();
    // Even where it leads would be allowed.
    const location = inside.url;
    const outside = await receiver({ answer: { status: 307, headers: { location } } });
    const server = await startPosthorn({
      dataDir: newDataDir(),
      dev: false,
      env: { ...schedule, POSTHORN_ALLOWED_TARGETS: "127.0.0.0/8" },
    });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: outside.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "attempts-exhausted");
    const redirected = { outcome: "rejected", responseStatusCode: 307 };
    expect(await api.attempts(app, message)).toMatchObject([redirected, redirected]);
    expect(inside.connections).toBe(0);
  });
});

describe("proxies", () => {
  test("of the environment are ignored", async () => {
    const inside = await receiver();
    const proxy = await connectProxy();
    const url = `http://127.0.0.1:${proxy.port}`;
    const server = await startPosthorn({
      dataDir: newDataDir(),
      env: {
        HTTP_PROXY: url,
        http_proxy: url,
        HTTPS_PROXY: url,
        https_proxy: url,
        ALL_PROXY: url,
        all_proxy: url,
        NODE_USE_ENV_PROXY: "1",
      },
    });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: inside.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "delivered");
    expect(idsOf(inside)).toEqual([message]);
    expect(proxy.heads).toEqual([]);
  });

  test("that are set are used, with their credentials, and do not weaken the guard", async () => {
    const inside = await receiver();
    const proxy = await connectProxy();
    const server = await startPosthorn({
      dataDir: newDataDir(),
      dev: false,
      env: {
        ...schedule,
        POSTHORN_ALLOWED_TARGETS: "127.0.0.1/32",
        POSTHORN_EGRESS_PROXY: `http://me:my-proxy-password@127.0.0.1:${proxy.port}`,
      },
    });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: inside.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "delivered");
    expect(idsOf(inside)).toEqual([message]);
    const credentials = Buffer.from("me:my-proxy-password").toString("base64");
    expect(proxy.heads).toHaveLength(1);
    expect(proxy.heads[0]).toMatch(
      new RegExp(`^CONNECT 127\\.0\\.0\\.1:${inside.port} HTTP/1\\.1`),
    );
    expect(proxy.heads[0]).toContain(`Basic ${credentials}`);
    expect(inside.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
    expect(server.output()).not.toContain("my-proxy-password");

    const answered = await api.ask("POST", `/app/${app}/endpoint`, {
      body: { url: "http://127.0.0.2/" },
    });
    expect(answered.status).toBe(422);
  });
});
