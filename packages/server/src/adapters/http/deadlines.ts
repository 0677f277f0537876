import { Ring } from "../../domain/ring.ts";
import type { Linked } from "../../domain/ring.ts";

/** Something that must end by a certain time. */
export interface Expiring<Item> extends Linked<Item> {
  readonly deadlineAt: number;
  expire(): void;
}

/**
 * All deadlines of one length, with one timer. As they are equally long, they end in the order in
 * which they begin: a ring is enough, adding and removing cost no timer, and the timer fires
 * at most about once per length under load. Times are `performance.now()`.
 */
export class Deadlines<Item extends Expiring<Item>> {
  readonly #items = new Ring<Item>();
  #timer: NodeJS.Timeout | undefined;

  add(item: Item): void {
    this.#items.push(item);
    if (this.#timer === undefined) this.#arm(item);
    else if (this.#items.first === item) this.#timer.ref();
  }

  remove(item: Item): void {
    this.#items.remove(item);
    // The timer stays for the next ones, and must not keep an idle process alive.
    if (this.#items.size === 0) this.#timer?.unref();
  }

  /** Those that have not ended, as they are now. */
  all(): readonly Item[] {
    return [...this.#items];
  }

  #arm(first: Item): void {
    const delayMs = Math.max(1, Math.ceil(first.deadlineAt - performance.now()));
    // Timers run before sockets are read: after a pause of the whole process, answers that have
    // arrived within it would all be taken for timeouts. The sockets come first this way.
    this.#timer = setTimeout(() => setImmediate(() => this.#fire()), delayMs);
  }

  #fire(): void {
    this.#timer = undefined;
    const now = performance.now();
    let { first } = this.#items;
    while (first !== undefined && first.deadlineAt <= now) {
      this.remove(first);
      first.expire();
      first = this.#items.first;
    }
    if (first !== undefined && this.#timer === undefined) this.#arm(first);
  }
}
