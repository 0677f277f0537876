import { setTimeout as pause } from "node:timers/promises";
import { type Bench, channel, type Run } from "../bench.ts";
import { monotonicMs } from "../load/clock.ts";
import { createApplication } from "../load/server.ts";
import type { Figure, Measured } from "../report.ts";
import { alone, paired, type Goal, type Scenario } from "./scenario.ts";
import { Installation } from "./installation.ts";

const applications = 24;
const ports = [0];
const perSecond = 200;
/** More than are sent in the longest of the rounds. */
const most = 300 * perSecond;
const mostRounds = 3;
/** Load before and after what happens. */
const aroundMs = 1_000;
const leaseMs = 10_000;

export const rolling: Scenario = {
  name: "rolling",
  title: "Three workers, 24 applications, 200 messages/s: replaced one by one, and one killed",
  needsStore: true,
  stores: ["postgres"],
  run,
};

interface Rounds {
  readonly steady: Run[];
  readonly replaced: Run[];
  readonly killed: Run[];
  readonly takeoverMs: number[];
}

async function run(bench: Bench): Promise<Measured> {
  const installation = await Installation.open(bench, 3);
  try {
    const urls: string[] = [];
    for (let n = 0; n < applications; n += 1) {
      const targets = [{ url: bench.target(0), channel }];
      urls.push((await createApplication(installation.api, targets)).url);
    }
    const rounds: Rounds = { steady: [], replaced: [], killed: [], takeoverMs: [] };
    const load = new Load(bench, installation, urls);
    for (let round = 0; round < Math.min(bench.rounds, mostRounds); round += 1) {
      rounds.steady.push(await load.during(() => pause(bench.size(5_000, 500))));
      rounds.replaced.push(await load.during(() => replaceAll(installation)));
      const killing = async () => void rounds.takeoverMs.push(await killOne(installation));
      rounds.killed.push(await load.during(killing, { mayRepeat: true }));
      await installation.add();
      await installation.isEven();
      bench.say(
        `longest ${longest(rounds.replaced).toFixed(0)} ms while they are replaced, ` +
          `${longest(rounds.killed).toFixed(0)} ms when one is killed`,
      );
    }
    return {
      figures: figuresOf(rounds),
      processes: [
        { name: "the API", usage: installation.api.usage() },
        { name: "Postgres", usage: bench.postgres?.usage() },
      ],
    };
  } finally {
    await installation.stop();
  }
}

class Load {
  readonly #bench: Bench;
  readonly #installation: Installation;
  readonly #urls: readonly string[];

  constructor(bench: Bench, installation: Installation, urls: readonly string[]) {
    this.#bench = bench;
    this.#installation = installation;
    this.#urls = urls;
  }

  /** Publishes to all applications until `happening` is over. */
  async during(
    happening: () => Promise<void>,
    of: { readonly mayRepeat?: boolean } = {},
  ): Promise<Run> {
    const { token } = this.#installation.api;
    const [url = "", ...others] = this.#urls;
    const pace = { kind: "open", perSecond } as const;
    const running = this.#bench.run({ url, others, token, count: most, pace, ports, ...of });
    const ended = async () => {
      try {
        await pause(aroundMs);
        await happening();
        await pause(aroundMs);
      } finally {
        await this.#bench.producer.ask("enough");
      }
    };
    const [run] = await Promise.all([running, ended()]);
    if (run.produced.sent === most)
      throw new Error("the load ended before what was to happen in it");
    return run;
  }
}

/** As a rolling deploy does: a new one comes before an old one goes. */
async function replaceAll(installation: Installation): Promise<void> {
  const count = installation.workers.length;
  for (let n = 0; n < count; n += 1) {
    await installation.add();
    await installation.isEven();
    await installation.takeOldest().stop();
    await installation.isEven();
  }
}

/** Answers with the time until the others have all that the killed one had. */
async function killOne(installation: Installation): Promise<number> {
  const killed = installation.takeOldest();
  const owner = await installation.ownerOf(killed);
  const at = monotonicMs();
  await killed.kill();
  await installation.isTakenFrom(owner);
  return monotonicMs() - at;
}

function figuresOf({ killed, replaced, steady, takeoverMs }: Rounds): readonly Figure[] {
  const unit = "ms";
  const beside = "nothing happens";
  const longestOf = (what: string, runs: readonly Run[], goal?: Goal) =>
    paired({ what, beside, unit }, [longest(runs)], [longest(steady)], goal);
  const p99 = (runs: readonly Run[]) => runs.map(({ received }) => received.latency.p99);
  return [
    longestOf("longest from publish to arrival, replaced", replaced, {
      text: "< 2,000 ms",
      met: ({ value }) => value < 2_000,
    }),
    paired(
      { what: "p99 from publish to arrival, replaced", beside, unit },
      p99(replaced),
      p99(steady),
    ),
    longestOf("longest from publish to arrival, one killed", killed),
    alone(
      "kill -9 until all partitions are owned again, at most",
      unit,
      [Math.max(...takeoverMs)],
      {
        text: "< 10,000 ms",
        met: ({ value }) => value < leaseMs,
      },
    ),
    alone("sent twice after a kill -9, at most", "deliveries", [
      Math.max(...killed.map(({ received }) => received.duplicates)),
    ]),
  ];
}

function longest(runs: readonly Run[]): number {
  return Math.max(...runs.map(({ received }) => received.latency.max));
}
