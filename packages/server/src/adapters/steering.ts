/** How far the time of a database is ahead of this machine's monotonic clock, and by how much at most. */
export interface MeasuredTime {
  readonly monotonicMs: number;
  readonly databaseMs: number;
  /** Half of the round trip. */
  readonly errorMs: number;
}

/** 50 ms in a second: a clock that is behind goes a little faster, one that is ahead a little slower. */
const steerRate = 1 / 20;

const indexBytes = 8;
const fields = 4;

/** Room for what `Steering` knows, which threads share. */
export function newSteering(): SharedArrayBuffer {
  return new SharedArrayBuffer(indexBytes + 2 * fields * Float64Array.BYTES_PER_ELEMENT);
}

/**
 * Leads a steady time to that of a database: at once when it is first measured, later on so gently
 * that it never goes back and never jumps. One thread measures; all read. There are two sets of
 * fields, and an index that says which one counts: whoever reads while the other one is written sees a
 * whole one.
 */
export class Steering {
  readonly #index: Int32Array;
  readonly #fields: Float64Array;
  #measured = false;

  constructor(shared: SharedArrayBuffer) {
    this.#index = new Int32Array(shared, 0, 1);
    this.#fields = new Float64Array(shared, indexBytes);
  }

  /** How far the steady time is ahead of the monotonic clock. */
  aheadMs(monotonicMs: number): number {
    const first = this.#first();
    const since = this.#field(first);
    const from = this.#field(first + 1);
    const most = Math.max(0, monotonicMs - since) * steerRate;
    return from + clamp(this.#field(first + 2) - from, most);
  }

  /** The same of the database's time as it was last measured, which may jump. */
  lastAheadMs(): number {
    return this.#field(this.#first() + 3);
  }

  follow({ databaseMs, errorMs, monotonicMs }: MeasuredTime): void {
    const ahead = databaseMs - monotonicMs;
    if (!this.#measured) {
      this.#measured = true;
      this.#write(monotonicMs, ahead, ahead, ahead);
      return;
    }
    // Within the error nothing is known to be wrong.
    const correct = (from: number): number => {
      const off = ahead - from;
      return from + Math.sign(off) * Math.max(0, Math.abs(off) - errorMs);
    };
    const from = this.aheadMs(monotonicMs);
    this.#write(monotonicMs, from, correct(from), correct(this.lastAheadMs()));
  }

  #first(): number {
    return Atomics.load(this.#index, 0) * fields;
  }

  #field(place: number): number {
    return this.#fields[place] ?? 0;
  }

  #write(...values: readonly [number, number, number, number]): void {
    const other = 1 - Atomics.load(this.#index, 0);
    this.#fields.set(values, other * fields);
    Atomics.store(this.#index, 0, other);
  }
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
