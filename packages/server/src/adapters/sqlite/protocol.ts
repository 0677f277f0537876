import type { MessagePort } from "node:worker_threads";
import type { DispatchStore, FeedItem } from "../../ports/dispatch-store.ts";
import { StoreUnavailable, type StoreFault } from "../../ports/store-errors.ts";
import type { Change, Store } from "../../ports/store.ts";
import type { PartitionState } from "../../ports/worker-store.ts";

/** Everything that the store's thread can be asked, but for what needs more than the engine. */
export type Calls = Omit<Store, "close" | "onChange" | "listWorkers"> &
  DispatchStore & {
    /** The part of `listWorkers` that the engine knows. */
    partitionStates(): Promise<readonly Omit<PartitionState, "takenAt">[]>;
  };
export type CallName = keyof Calls;

/** A call with the arguments of its name. */
export type Call = {
  readonly [Name in CallName]: {
    readonly id: number;
    readonly name: Name;
    readonly args: Parameters<Calls[Name]>;
  };
}[CallName];

export type Answer =
  | { readonly id: number; readonly kind: "value"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly error: CarriedError };

/** An error as it crosses threads: a structured clone would lose its class. */
export type CarriedError =
  | { readonly kind: "unavailable"; readonly fault: StoreFault; readonly message: string }
  | { readonly kind: "error"; readonly cause: unknown };

export type ToStore =
  | { readonly kind: "calls"; readonly calls: readonly Call[] }
  /** Feed bytes that the listener has returned from. */
  | { readonly kind: "credit"; readonly bytes: number }
  | { readonly kind: "dispatch-port"; readonly port: MessagePort }
  | { readonly kind: "close" };

export type FromStore =
  | {
      readonly kind: "answers";
      readonly changes: readonly Change[];
      readonly feed: readonly FeedItem[];
      /** What `feed` counts against the credit. */
      readonly feedBytes: number;
      readonly answers: readonly Answer[];
    }
  | { readonly kind: "opened" }
  | { readonly kind: "not-opened"; readonly error: CarriedError }
  | { readonly kind: "log"; readonly line: StoreLogLine }
  | { readonly kind: "closed" };

/** Something that the thread did by itself and that failed; the next round tries again. */
export interface StoreLogLine {
  readonly level: "warn" | "error";
  readonly message: string;
}

export function carry(error: unknown): CarriedError {
  if (error instanceof StoreUnavailable) {
    return { kind: "unavailable", fault: error.fault, message: error.message };
  }
  return { kind: "error", cause: error };
}

export function carried(error: CarriedError): Error {
  if (error.kind === "unavailable") return new StoreUnavailable(error.fault, error.message);
  if (error.cause instanceof Error) return error.cause;
  return new Error("the store failed", { cause: error.cause });
}
