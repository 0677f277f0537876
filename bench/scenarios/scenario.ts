import type { Bench } from "../bench.ts";
import type { StoreKind } from "../load/place.ts";
import { median } from "../load/statistics.ts";
import type { Figure, Measured } from "../report.ts";

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** It reads or writes the store itself, so it cannot be run against another server. */
  readonly needsStore: boolean;
  /** Those that it is there for. */
  readonly stores: readonly StoreKind[];
  run(bench: Bench): Promise<Measured>;
}

export interface Goal {
  readonly text: string;
  readonly met: (figure: { readonly value: number; readonly ratio: number }) => boolean;
}

/** The median of a series. */
export function alone(what: string, unit: string, values: readonly number[], goal?: Goal): Figure {
  const value = median(values);
  return {
    what,
    unit,
    value,
    ...(goal === undefined ? {} : { goal: judged(goal, { value, ratio: Number.NaN }) }),
  };
}

/** Two series of one run, pair by pair. */
export function paired(
  what: { readonly what: string; readonly beside: string; readonly unit: string },
  values: readonly number[],
  besides: readonly number[],
  goal?: Goal,
): Figure {
  const value = median(values);
  const ratio = median(values.map((each, index) => each / (besides[index] ?? Number.NaN)));
  return {
    what: what.what,
    unit: what.unit,
    value,
    beside: { what: what.beside, value: median(besides), ratio },
    ...(goal === undefined ? {} : { goal: judged(goal, { value, ratio }) }),
  };
}

function judged(goal: Goal, figure: { readonly value: number; readonly ratio: number }) {
  return { text: goal.text, met: goal.met(figure) };
}
