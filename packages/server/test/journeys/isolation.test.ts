import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import {
  type Answering,
  type Receiver,
  drip,
  flood,
  hang,
  reset,
  say,
  sayAndLeave,
} from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, idsOf, receiver, urlOfNobody } from "./kit/receivers.ts";

const mib = 2 ** 20;
const okHead = "HTTP/1.1 200 OK\r\n";

interface Misbehaviour {
  readonly what: string;
  readonly answer: Answering;
  readonly attempt: {
    readonly outcome: string;
    readonly errorClass: string | null;
    readonly responseStatusCode: number;
    readonly truncated: boolean;
  };
}

const unanswered = { outcome: "unknown", responseStatusCode: 0, truncated: false };
const cutOff = { outcome: "delivered", errorClass: null, responseStatusCode: 200, truncated: true };

const misbehaviours: readonly Misbehaviour[] = [
  {
    what: "hangs",
    answer: hang,
    attempt: { ...unanswered, errorClass: "response-timeout" },
  },
  {
    what: "drips its headers, a byte a second",
    answer: drip(`${okHead}x-slow: `, "z", 1000),
    attempt: { ...unanswered, errorClass: "response-timeout" },
  },
  {
    // A complete status decides; of the body it is enough to know that more was to come.
    what: "drips its body, a byte a second",
    answer: drip(`${okHead}content-length: 1000000\r\n\r\n`, "z", 1000),
    attempt: cutOff,
  },
  {
    what: "resets the connection",
    answer: reset,
    attempt: { ...unanswered, errorClass: "connection-reset" },
  },
  {
    what: "ends the connection in the middle of its headers",
    answer: sayAndLeave(`${okHead}x-cut`, "end"),
    attempt: { ...unanswered, errorClass: "connection-reset" },
  },
  {
    what: "answers 600 MiB",
    answer: flood(`${okHead}content-length: ${600 * mib}\r\n\r\n`, "b", 600 * mib),
    attempt: cutOff,
  },
  {
    what: "answers 600 MiB in chunks and 500",
    answer: flood(
      "HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n",
      `400\r\n${"b".repeat(1024)}\r\n`,
      600 * mib,
    ),
    attempt: {
      outcome: "rejected",
      errorClass: null,
      responseStatusCode: 500,
      truncated: true,
    },
  },
  {
    what: "answers 10 MiB of headers",
    answer: flood(okHead, `x-large: ${"h".repeat(1024)}\r\n`, 10 * mib),
    attempt: { ...unanswered, errorClass: "response-headers-too-large" },
  },
  {
    what: "redirects to itself for ever",
    answer: () => ({ status: 302, headers: { location: "/" } }),
    attempt: {
      outcome: "rejected",
      errorClass: null,
      responseStatusCode: 302,
      truncated: false,
    },
  },
  {
    what: "does not speak HTTP",
    answer: say("220 mail.example ESMTP ready\r\n"),
    attempt: { ...unanswered, errorClass: "malformed-response" },
  },
  {
    what: "answers with two lengths",
    answer: say(`${okHead}content-length: 1\r\ncontent-length: 2\r\n\r\nab`),
    attempt: { ...unanswered, errorClass: "malformed-response" },
  },
];

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

async function start(env: Readonly<Record<string, string>>): Promise<PosthornProcess> {
  return startPosthorn({ dataDir: newDataDir(), env });
}

async function healthyEndpoints(api: Api, app: string, count: number): Promise<Receiver[]> {
  const all = await Promise.all(Array.from({ length: count }, () => receiver()));
  for (const { url } of all) await api.endpoint(app, { url });
  return all;
}

test.each(misbehaviours)(
  "an endpoint that $what costs 49 others nothing, and its attempt says what happened",
  async ({ answer, attempt }) => {
    const env = { POSTHORN_RETRY_SCHEDULE: "0,3600", POSTHORN_REQUEST_TIMEOUT_MS: "1500" };
    const server = await start(env);
    const api = connect(server);
    const app = await api.application();
    const healthy = await healthyEndpoints(api, app, 49);
    const before: string[] = [];
    for (let i = 0; i < 20; i += 1) before.push(await api.publish(app));
    for (const each of healthy) await each.received(before.length);
    const memory = memoryOf(server);

    const bad = await receiver({ answer });
    const endpoint = await api.endpoint(app, { url: bad.url });
    const messages: string[] = [];
    for (let i = 0; i < 20; i += 1) messages.push(await api.publish(app));
    const expected = [...before, ...messages].toSorted();
    for (const each of healthy) {
      await each.received(expected.length);
      expect(idsOf(each).toSorted()).toEqual(expected);
    }

    const [first = ""] = messages;
    const found = await until("its attempt is recorded", async () =>
      (await api.attempts(app, first)).find((each) => each.endpointId === endpoint),
    );
    expect(found).toMatchObject(attempt);
    if (attempt.errorClass !== null) expect(found.detail).toMatch(/\S/);
    for (const message of messages) {
      // An answer is recorded a moment after it came.
      await until("what came to the others is recorded", async () => {
        const others = (await api.deliveries(app, message)).filter(({ id }) => id !== endpoint);
        const done = others.filter(({ reason }) => reason === "delivered");
        return others.length === healthy.length && done.length === healthy.length;
      });
    }
    expect(memory.grownMib()).toBeLessThan(150);
    // Every request of its own was one of the schedule's: no redirect was followed, none doubled.
    expect(new Set(idsOf(bad)).size).toBe(bad.requests.length);
  },
);

test("requests that hang do not end while the others get everything", async () => {
  const api = connect(await start({ POSTHORN_REQUEST_TIMEOUT_MS: "60000" }));
  const app = await api.application();
  const bad = await receiver({ answer: hang });
  const hanging = await Promise.all(
    Array.from({ length: 20 }, () => api.endpoint(app, { url: bad.url })),
  );
  const nowhere = await api.endpoint(app, { url: await urlOfNobody() });
  const healthy = await healthyEndpoints(api, app, 10);
  for (let i = 0; i < 60; i += 1) await api.publish(app);
  await Promise.all(healthy.map((each) => each.received(60)));

  // Not one of the hanging requests has ended, so nothing waited for them.
  for (const endpoint of hanging) {
    expect(await api.done("GET", `/app/${app}/attempt/endpoint/${endpoint}`)).toMatchObject({
      data: [],
    });
  }
  expect(bad.open).toBeGreaterThan(0);
  expect(await api.done("GET", `/app/${app}/attempt/endpoint/${nowhere}`)).toMatchObject({
    data: expect.arrayContaining([
      expect.objectContaining({ outcome: "not-sent", errorClass: "connection-refused" }),
    ]),
  });
});

test("an answer of 600 MiB is not taken in", async () => {
  const server = await start({ POSTHORN_RETRY_SCHEDULE: "0" });
  const api = connect(server);
  const app = await api.application();
  const [healthy] = await healthyEndpoints(api, app, 1);
  for (let i = 0; i < 200; i += 1) await api.publish(app);
  await healthy?.received(200);

  const huge = await receiver({
    answer: flood(`${okHead}content-length: ${600 * mib}\r\n\r\n`, "b", 600 * mib),
  });
  const endpoint = await api.endpoint(app, { url: huge.url });
  const memory = memoryOf(server);
  const messages: string[] = [];
  for (let i = 0; i < 10; i += 1) messages.push(await api.publish(app));
  await huge.received(messages.length);
  for (const message of messages) {
    const attempt = await until("the answer is recorded", async () =>
      (await api.attempts(app, message)).find((each) => each.endpointId === endpoint),
    );
    expect(attempt).toMatchObject(cutOff);
    expect(attempt.response).toHaveLength(16 * 1024);
  }
  expect(memory.grownMib()).toBeLessThan(150);
});

/** How much more than now it had at any moment since; other systems than Linux do not tell. */
function memoryOf({ pid }: PosthornProcess): { grownMib(): number } {
  if (process.platform !== "linux") return { grownMib: () => 0 };
  const before = memoryMib(pid, "VmRSS");
  return { grownMib: () => memoryMib(pid, "VmHWM") - before };
}

function memoryMib(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kib === undefined) throw new Error(`${field} is not told of process ${pid}`);
  return Number(kib) / 1024;
}
