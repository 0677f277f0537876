import type { PartitionSharing } from "../ports/partition-sharing.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import type { Engine } from "./engine.ts";
import { hasSuspects, isAtWork } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { Tenure } from "./tenures.ts";

/** Gives partitions up: to another worker in order, or because it took them. */
export interface Departures {
  /** Resolves when they are handed over, or left to `stop`. */
  leave(partitions: readonly number[]): Promise<void>;
  lose(partitions: readonly number[]): void;
  /** What is not handed over by now stays with this worker until it ends. */
  stop(): void;
}

const lookAgainMs = 10;
const tryAgainMs = 500;

export function createDepartures(engine: Engine, sharing: PartitionSharing): Departures {
  const { clock, settings, log } = engine.parts;
  let stopped = false;

  const wait = (ms: number) => new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve));

  /** Each as soon as nothing is under way in it: one endpoint that hangs holds up its own partition. */
  async function depart(leaving: ReadonlySet<Tenure>): Promise<void> {
    let left = leaving;
    const cancelCut = clock.at(clock.now() + settings.drainMs, () => {
      for (const tenure of left) tenure.abort.abort();
    });
    let working = lanesOf(engine, leaving);
    while (left.size > 0 && !stopped) {
      working = working.filter(isAtWork);
      const busy = new Set(working.map((lane) => lane.tenure));
      const ready = [...left].filter((tenure) => !busy.has(tenure));
      if (ready.length > 0) await handOver(new Set(ready));
      else await wait(lookAgainMs);
      left = new Set([...left].filter(({ state }) => state === "leaving"));
    }
    cancelCut();
  }

  async function handOver(ready: ReadonlySet<Tenure>): Promise<void> {
    const lanes = lanesOf(engine, ready);
    for (const lane of lanes) engine.laneWrites.mustChange(lane);
    await engine.recorder.flushed();
    const going = [...ready].filter(({ state }) => state === "leaving");
    for (const { inOrder, tenures } of byOrder(engine, going)) await give(tenures, inOrder);
  }

  async function give(tenures: readonly Tenure[], inOrder: boolean): Promise<void> {
    if (stopped) return;
    const partitions = tenures.map(({ partition }) => partition);
    try {
      await sharing.handOver(partitions, inOrder);
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable)) throw cause;
      log.warn(
        { fault: cause.fault, partitions },
        "partitions cannot be handed over: trying again",
      );
      await wait(tryAgainMs);
      return;
    }
    end(tenures);
    log.info({ partitions }, "handed partitions over");
  }

  function end(tenures: readonly Tenure[]): void {
    for (const tenure of tenures) engine.tenures.end(tenure);
    for (const lane of lanesOf(engine, new Set(tenures))) {
      // It gives up its place among those that wait.
      engine.look(lane);
      engine.drop(lane);
    }
  }

  function found(partitions: readonly number[]): readonly Tenure[] {
    return partitions.flatMap((partition) => engine.tenures.find(partition) ?? []);
  }

  return {
    async leave(partitions) {
      const leaving = new Set(found(partitions).filter(({ state }) => state === "held"));
      for (const tenure of leaving) tenure.state = "leaving";
      for (const lane of lanesOf(engine, leaving)) engine.look(lane);
      try {
        await depart(leaving);
      } catch (cause) {
        engine.fail(new Error("partitions cannot be handed over", { cause }));
      }
    },
    lose(partitions) {
      const lost = found(partitions);
      for (const tenure of lost) tenure.abort.abort();
      end(lost);
      log.warn(
        { partitions },
        "another worker took partitions: what was under way there is left to it",
      );
    },
    stop() {
      stopped = true;
    },
  };
}

/** In order is a partition where nothing waits that may have had an attempt before a crash. */
export function byOrder(
  engine: Engine,
  tenures: readonly Tenure[],
): readonly { readonly inOrder: boolean; readonly tenures: readonly Tenure[] }[] {
  const suspect = new Set<Tenure | undefined>();
  for (const lane of engine.lanes.all()) if (hasSuspects(lane)) suspect.add(lane.tenure);
  // Of a lane that is not loaded yet nobody knows in which partition it is.
  const isSuspect = (tenure: Tenure) => suspect.has(tenure) || suspect.has(undefined);
  return [true, false]
    .map((inOrder) => ({
      inOrder,
      tenures: tenures.filter((tenure) => isSuspect(tenure) !== inOrder),
    }))
    .filter((group) => group.tenures.length > 0);
}

function lanesOf(engine: Engine, tenures: ReadonlySet<Tenure>): readonly Lane[] {
  return [...engine.lanes.all()].filter(
    (lane) => lane.tenure !== undefined && tenures.has(lane.tenure),
  );
}
