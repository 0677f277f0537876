/** Numbers that look random and come again with the seed. */
export interface Random {
  readonly seed: number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
}

/** A run is repeated with the seed that its failure names, in `POSTHORN_TEST_SEED`. */
export function createRandom(): Random {
  const given = process.env["POSTHORN_TEST_SEED"];
  const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given);
  let state = seed;
  /** The mulberry32 generator. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, whole: (least, most) => least + Math.floor(next() * (most - least + 1)) };
}
