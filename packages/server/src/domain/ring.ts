/** What a ring can hold. The fields belong to the ring, and something is in one at a time. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
  linked: boolean;
}

/** How they begin: to be spread into what shall be held. */
export const unlinked = { before: undefined, after: undefined, linked: false } as const;

/**
 * A queue that gives any of its members up in constant time and allocates nothing: a Map that is
 * emptied at its head slows down with what was deleted, and see `dispatch/id-table.ts`.
 */
export class Ring<T extends Linked<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get first(): T | undefined {
    return this.#first;
  }

  get last(): T | undefined {
    return this.#last;
  }

  get size(): number {
    return this.#size;
  }

  push(member: T): void {
    member.before = this.#last;
    member.linked = true;
    if (this.#last === undefined) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
    this.#size += 1;
  }

  /** Does nothing for a member that is out already. */
  remove(member: T): void {
    if (!member.linked) return;
    if (member.before === undefined) this.#first = member.after;
    else member.before.after = member.after;
    if (member.after === undefined) this.#last = member.before;
    else member.after.before = member.before;
    member.linked = false;
    member.before = undefined;
    member.after = undefined;
    this.#size -= 1;
  }

  /** From first to last. The one that was just given may be removed meanwhile. */
  *[Symbol.iterator](): Generator<T, undefined> {
    let member = this.#first;
    while (member !== undefined) {
      const next: T | undefined = member.after;
      yield member;
      member = next;
    }
    return undefined;
  }
}
