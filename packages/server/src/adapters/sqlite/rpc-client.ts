import { unavailable } from "./faults.ts";
import {
  carried,
  type Answer,
  type Call,
  type CallName,
  type Calls,
  type ToStore,
} from "./protocol.ts";

/** The store begins with so many while this thread still reads the next ones. */
const earlyCalls = 16;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export type Asked<Name extends CallName> = ReturnType<Calls[Name]>;

/** The caller's side: the calls of one tick go as one message, answers come in batches. */
export class RpcClient {
  readonly #post: (message: ToStore) => void;
  /** By id; ids are used again (a Map that is filled and emptied keeps garbage alive for long). */
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #freeIds: number[] = [];
  #calls: Call[] = [];
  #ended: Error | undefined;

  constructor(post: (message: ToStore) => void) {
    this.#post = post;
  }

  /**
   * Of one name, so the call is one of the union and its answer that name's: the thread's table has
   * the same types, see `methods.ts`.
   */
  ask<Name extends CallName>(name: Name, ...args: Parameters<Calls[Name]>): Asked<Name> {
    const id = this.#freeIds.pop() ?? this.#waiting.length;
    return this.#send({ id, name, args } as Call) as Asked<Name>;
  }

  #send(call: Call): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting[call.id] = { resolve, reject };
      if (this.#calls.length === 0) setImmediate(() => this.flush());
      this.#calls.push(call);
      if (this.#calls.length === earlyCalls) this.flush();
    });
  }

  flush(): void {
    if (this.#calls.length === 0) return;
    const calls = this.#calls;
    this.#calls = [];
    this.#post({ kind: "calls", calls });
  }

  settle(answers: readonly Answer[]): void {
    for (const answer of answers) {
      const waiting = this.#waiting[answer.id];
      this.#waiting[answer.id] = undefined;
      this.#freeIds.push(answer.id);
      if (answer.kind === "value") waiting?.resolve(answer.value);
      else waiting?.reject(carried(answer.error));
    }
  }

  /** Everything pending, and every later call, is rejected. */
  end(error: Error = unavailable("closed")): void {
    this.#ended ??= error;
    this.#calls = [];
    for (const waiting of this.#waiting.splice(0)) waiting?.reject(this.#ended);
  }
}
