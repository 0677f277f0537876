/** Something that must end by a certain time. `next` and `previous` belong to the list alone. */
export interface Expiring<Item> {
  readonly deadlineAt: number;
  previous: Item | undefined;
  next: Item | undefined;
  expire(): void;
}

/**
 * All deadlines of one length, with one timer. As they are equally long, they end in the order in
 * which they begin: a linked list is enough, adding and removing cost no timer, and the timer fires
 * at most about once per length under load. Times are `performance.now()`.
 */
export class Deadlines<Item extends Expiring<Item>> {
  #first: Item | undefined;
  #last: Item | undefined;
  #timer: NodeJS.Timeout | undefined;

  add(item: Item): void {
    item.previous = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    if (this.#timer === undefined) this.#arm(item);
    else if (this.#first === item) this.#timer.ref();
  }

  remove(item: Item): void {
    if (item.previous === undefined) {
      if (this.#first !== item) return;
      this.#first = item.next;
    } else {
      item.previous.next = item.next;
    }
    if (item.next === undefined) this.#last = item.previous;
    else item.next.previous = item.previous;
    item.previous = undefined;
    item.next = undefined;
    // The timer stays for the next ones, and must not keep an idle process alive.
    if (this.#first === undefined) this.#timer?.unref();
  }

  /** Those that have not ended, as they are now. */
  all(): readonly Item[] {
    const items: Item[] = [];
    for (let item = this.#first; item !== undefined; item = item.next) items.push(item);
    return items;
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
    let first = this.#first;
    while (first !== undefined && first.deadlineAt <= now) {
      this.remove(first);
      first.expire();
      first = this.#first;
    }
    if (first !== undefined && this.#timer === undefined) this.#arm(first);
  }
}
