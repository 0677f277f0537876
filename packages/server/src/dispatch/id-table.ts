const fewest = 8;
/** An empty table that is not larger stays as it is: 1 KB. */
const kept = 64;
/** 2^32 divided by the golden ratio: spreads ids that follow one another (Knuth, TAOCP 6.4). */
const spread = 0x9e3779b1;

/**
 * A map by id, in place: open addressing with linear probing. Under churn a Map grows into one
 * table after another, and V8 has each dead one point to the next: as soon as one lies in the old
 * generation, all that follow survive with whatever they held, until that is collected. A Map of
 * the requests under way made a sixth of all that the dispatcher allocates live that long.
 */
export class IdTable<Id extends number, Value extends object | string> {
  #ids = new Float64Array(fewest);
  #values = emptyValues<Value>(fewest);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: Id): Value | undefined {
    return this.#values[this.#find(id)];
  }

  has(id: Id): boolean {
    return this.get(id) !== undefined;
  }

  set(id: Id, value: Value): void {
    let place = this.#find(id);
    if (this.#values[place] === undefined) {
      if ((this.#size + 1) * 2 > this.#values.length) {
        this.#resize(this.#values.length * 2);
        place = this.#find(id);
      }
      this.#size += 1;
      this.#ids[place] = id;
    }
    this.#values[place] = value;
  }

  /** Says whether it was there. */
  delete(id: Id): boolean {
    const place = this.#find(id);
    if (this.#values[place] === undefined) return false;
    this.#close(place);
    this.#size -= 1;
    // Not with every wave, or it would grow and shrink all the time.
    if (this.#size === 0 && this.#values.length > kept) this.#resize(fewest);
    return true;
  }

  /** In no order. */
  ids(): number[] {
    return Array.from(this.#ids).filter((_, place) => this.#values[place] !== undefined);
  }

  /** Where it is, or would be. */
  #find(id: number): number {
    const mask = this.#values.length - 1;
    let place = this.#home(id);
    while (this.#values[place] !== undefined && this.#ids[place] !== id) place = (place + 1) & mask;
    return place;
  }

  #home(id: number): number {
    return (Math.imul(id, spread) >>> 16) & (this.#values.length - 1);
  }

  /** What had to go further on moves back, so that no search ends too early. */
  #close(place: number): void {
    const mask = this.#values.length - 1;
    let gap = place;
    let next = (gap + 1) & mask;
    while (this.#values[next] !== undefined) {
      const id = this.#ids[next] ?? 0;
      if (((next - this.#home(id)) & mask) >= ((next - gap) & mask)) {
        this.#ids[gap] = id;
        this.#values[gap] = this.#values[next];
        gap = next;
      }
      next = (next + 1) & mask;
    }
    this.#values[gap] = undefined;
  }

  #resize(places: number): void {
    const ids = this.#ids;
    const values = this.#values;
    this.#ids = new Float64Array(places);
    this.#values = emptyValues(places);
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue;
      const id = ids[index] ?? 0;
      const place = this.#find(id);
      this.#ids[place] = id;
      this.#values[place] = value;
    }
  }
}

function emptyValues<Value>(places: number): (Value | undefined)[] {
  return Array.from({ length: places }, () => undefined);
}
