/** Something that a signal ends early. */
export interface Endable {
  endEarly(): void;
}

/**
 * Watches signals for many requests with one listener a signal: adding a listener to an
 * `AbortSignal` walks those it already has, and a stop signal is shared by thousands of requests.
 */
export class SignalWatch {
  readonly #watched = new Map<AbortSignal, Set<Endable>>();

  add(signal: AbortSignal, item: Endable): void {
    const items = this.#watched.get(signal);
    if (items === undefined) {
      this.#watched.set(signal, new Set([item]));
      signal.addEventListener("abort", this);
    } else {
      items.add(item);
    }
  }

  remove(signal: AbortSignal, item: Endable): void {
    const items = this.#watched.get(signal);
    if (items === undefined) return;
    items.delete(item);
    if (items.size === 0) this.#forget(signal);
  }

  /** The listener is the object itself, so that no closure is made. */
  handleEvent(event: Event): void {
    const signal = event.target;
    if (!(signal instanceof AbortSignal)) return;
    const items = this.#watched.get(signal);
    if (items === undefined) return;
    this.#forget(signal);
    for (const item of items) item.endEarly();
  }

  #forget(signal: AbortSignal): void {
    this.#watched.delete(signal);
    signal.removeEventListener("abort", this);
  }
}
