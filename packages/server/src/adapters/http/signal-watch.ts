/**
 * Listens once to each signal, however many requests it may end: adding a listener to an
 * `AbortSignal` walks those it already has, and a stop signal is shared by thousands of requests.
 */
export class SignalWatch {
  readonly #watched = new WeakSet<AbortSignal>();
  readonly #aborted: (signal: AbortSignal) => void;

  /** `aborted` ends what belongs to the signal. */
  constructor(aborted: (signal: AbortSignal) => void) {
    this.#aborted = aborted;
  }

  watch(signal: AbortSignal): void {
    if (this.#watched.has(signal)) return;
    this.#watched.add(signal);
    signal.addEventListener("abort", () => this.#aborted(signal), { once: true });
  }
}
