import type { Clock } from "../ports/clock.ts";

/** One of many timers; `set` moves it, however often. */
export interface Timer {
  set(atMs: number): void;
  clear(): void;
}

export interface Timers {
  create(run: () => void): Timer;
  clearAll(): void;
}

interface Entry {
  at: number;
  /** Its place in the heap; -1 when it is not set. */
  index: number;
  readonly run: () => void;
}

/** All timers of the dispatcher in one heap, over one timer of the clock. */
export function createTimers(clock: Clock): Timers {
  const heap: Entry[] = [];
  let armedFor = Infinity;
  let disarm = (): void => {};

  function arm(): void {
    const at = heap[0]?.at ?? Infinity;
    // A clock's timer that fires too early only looks again.
    if (at >= armedFor) return;
    disarm();
    armedFor = at;
    disarm = clock.at(at, fire);
  }

  function fire(): void {
    armedFor = Infinity;
    disarm = () => {};
    const now = clock.now();
    for (let first = heap[0]; first !== undefined && first.at <= now; first = heap[0]) {
      remove(heap, first);
      first.run();
    }
    arm();
  }

  return {
    create(run) {
      const entry: Entry = { at: 0, index: -1, run };
      return {
        set(atMs) {
          if (entry.index >= 0 && entry.at === atMs) return;
          remove(heap, entry);
          entry.at = atMs;
          insert(heap, entry);
          arm();
        },
        clear: () => remove(heap, entry),
      };
    },
    clearAll() {
      for (const entry of heap) entry.index = -1;
      heap.length = 0;
      disarm();
      disarm = () => {};
      armedFor = Infinity;
    },
  };
}

function insert(heap: Entry[], entry: Entry): void {
  entry.index = heap.length;
  heap.push(entry);
  rise(heap, entry);
}

function remove(heap: Entry[], entry: Entry): void {
  if (entry.index < 0) return;
  const last = heap.pop();
  if (last !== undefined && last !== entry) {
    place(heap, last, entry.index);
    rise(heap, last);
    sink(heap, last);
  }
  entry.index = -1;
}

function rise(heap: Entry[], entry: Entry): void {
  while (entry.index > 0) {
    const parent = heap[(entry.index - 1) >> 1];
    if (parent === undefined || parent.at <= entry.at) return;
    swap(heap, entry, parent);
  }
}

function sink(heap: Entry[], entry: Entry): void {
  for (;;) {
    const left = heap[entry.index * 2 + 1];
    const right = heap[entry.index * 2 + 2];
    const child = right !== undefined && left !== undefined && right.at < left.at ? right : left;
    if (child === undefined || child.at >= entry.at) return;
    swap(heap, entry, child);
  }
}

function swap(heap: Entry[], a: Entry, b: Entry): void {
  const { index } = a;
  place(heap, a, b.index);
  place(heap, b, index);
}

function place(heap: Entry[], entry: Entry, index: number): void {
  entry.index = index;
  heap[index] = entry;
}
