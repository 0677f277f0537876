import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Bench, channel, payloadBytes } from "../bench.ts";
import { monotonicMs } from "../load/clock.ts";
import type { Sighting } from "../load/receiver.ts";
import { createApplication, rotateSecret, type Server, setEndpoint } from "../load/server.ts";
import { median } from "../load/statistics.ts";
import type { Figure, Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";
import { Installation } from "./installation.ts";

/**
 * A receiver that answers after 100 ms gets some 80 requests a second then, evenly enough that silence is
 * a sign.
 */
const env = { POSTHORN_ENDPOINT_CONCURRENCY: "8" };
const silenceMs = 400;
const lookEveryMs = 20;
const longestMs = 10_000;
const mostMs = 1_000;

export const configChange: Scenario = {
  name: "config-change",
  title: "An endpoint is changed through one process, and another one delivers",
  needsStore: true,
  stores: ["postgres"],
  run,
};

const changes = {
  "a secret rotated": rotate,
  "an endpoint disabled": (at: Endpoint) =>
    at.until(() => setEndpoint(at.server, at.of, { disabled: true }), endBefore),
  "and enabled": (at: Endpoint) =>
    at.until(() => setEndpoint(at.server, at.of, { disabled: false }), firstOf),
  "its rate lowered to 1/s": (at: Endpoint) =>
    at.until(() => setEndpoint(at.server, at.of, { throttleRate: 1 }), endBefore),
  "and raised": (at: Endpoint) =>
    at.until(() => setEndpoint(at.server, at.of, { throttleRate: null }), firstOfTwo),
};

async function run(bench: Bench): Promise<Measured> {
  const rounds = bench.size(20, 2);
  const apart = await Installation.open(bench, 1, env);
  try {
    const together = await bench.openProcess(await bench.place(), ["api", "worker"], env);
    try {
      const two = await measure(bench, apart.api, rounds);
      const one = await measure(bench, together, rounds);
      return {
        figures: [...two].flatMap(([what, times]) => figuresOf(what, times, one.get(what) ?? [])),
        processes: [
          { name: "the process that is told", usage: apart.api.usage() },
          { name: "the process that delivers", usage: apart.workers[0]?.usage() },
        ],
      };
    } finally {
      await together.stop();
    }
  } finally {
    await apart.stop();
  }
}

function figuresOf(
  what: string,
  two: readonly number[],
  one: readonly number[],
): readonly Figure[] {
  const unit = "ms";
  return [
    paired({ what, beside: "in one process", unit }, [median(two)], [median(one)]),
    alone(`${what}, the slowest of ${two.length}`, unit, [Math.max(...two)], {
      text: "< 1,000 ms",
      met: ({ value }) => value < mostMs,
    }),
  ];
}

/** Publishes what waits long enough for all changes, and makes them. */
async function measure(
  bench: Bench,
  server: Server,
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const [target, ports] = [bench.target(0), [0]];
  const app = await createApplication(server, [{ url: target, channel }]);
  const of = { app: app.id, endpoint: app.endpoints[0] ?? "" };
  const count = 200 * rounds;
  const base = await bench.begin(count);
  await bench.receiver.ask("mode", { port: 0, mode: "slow" });
  await bench.receiver.ask("watch", 0);
  const produced = await bench.producer.ask("send", {
    url: app.url,
    body: { kind: "message", token: server.token, channel },
    payloadBytes,
    base,
    count,
    pace: { kind: "closed", publishers: 64 },
  });
  const times = new Map<string, number[]>(Object.keys(changes).map((what) => [what, []]));
  const at = new Endpoint(bench, server, of);
  for (let round = 0; round < rounds; round += 1) {
    for (const [what, change] of Object.entries(changes)) times.get(what)?.push(await change(at));
  }
  await bench.receiver.ask("mode", { port: 0, mode: "fast" });
  await bench.finish(ports, produced);
  await bench.receiver.ask("seen", 0);
  return times;
}

/** When a change was in force, by what arrived since it was asked for; `undefined`: not yet. */
type Judge = (
  seen: readonly Sighting[],
  at: { readonly asked: number; readonly now: number },
) => number | undefined;

class Endpoint {
  readonly server: Server;
  readonly of: { readonly app: string; readonly endpoint: string };
  readonly #bench: Bench;

  constructor(bench: Bench, server: Server, of: Endpoint["of"]) {
    this.#bench = bench;
    this.server = server;
    this.of = of;
  }

  /** From the request to the API until the receiver saw it, and until the answer at least. */
  async until(change: () => Promise<void>, judge: Judge): Promise<number> {
    const { receiver } = this.#bench;
    await receiver.ask("seen", 0);
    const asked = monotonicMs();
    await change();
    const answered = monotonicMs();
    const seen: Sighting[] = [];
    for (;;) {
      seen.push(...(await receiver.ask("seen", 0)).filter(({ atMs }) => atMs > asked));
      const now = monotonicMs();
      const inForce = judge(seen, { asked, now });
      if (inForce !== undefined) return Math.max(answered, inForce) - asked;
      if (now > asked + longestMs) throw new Error("the change was not seen");
      await pause(lookEveryMs);
    }
  }
}

/** The last before a silence. */
const endBefore: Judge = (seen, { asked, now }) => {
  const times = [asked, ...seen.map(({ atMs }) => atMs)];
  return times.find((atMs, index) => (times[index + 1] ?? now) - atMs >= silenceMs);
};

function firstOf([first]: readonly Sighting[]): number | undefined {
  return first?.atMs;
}

/** The second of two that came close to each other. */
function firstOfTwo(seen: readonly Sighting[]): number | undefined {
  return seen.find(({ atMs }, index) => atMs - (seen[index - 1]?.atMs ?? 0) < silenceMs)?.atMs;
}

/** The first request that the new secret signed, or the last one that it did not, if that is later. */
async function rotate(at: Endpoint): Promise<number> {
  const key = randomBytes(24);
  const isNew = (sighting: Sighting) => isSignedBy(key, sighting);
  return at.until(
    () => rotateSecret(at.server, at.of, `whsec_${key.toString("base64")}`),
    (seen, { now }) => {
      const first = seen.find(isNew);
      const last = seen.findLast((each) => !isNew(each));
      if (first === undefined || now < first.atMs + silenceMs) return undefined;
      return Math.max(first.atMs, last?.atMs ?? 0);
    },
  );
}

function isSignedBy(key: Buffer, { body, head }: Sighting): boolean {
  const header = (name: string) =>
    new RegExp(`\\r\\n${name}: ([^\\r]*)`, "i").exec(head)?.[1] ?? "";
  const signed = `${header("webhook-id")}.${header("webhook-timestamp")}.${body}`;
  const signature = createHmac("sha256", key).update(signed, "latin1").digest("base64");
  return header("webhook-signature").split(" ").includes(`v1,${signature}`);
}
