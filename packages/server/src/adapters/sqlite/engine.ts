import type { EndpointId } from "../../domain/ids.ts";
import type { Target } from "../../ports/dispatch-store.ts";
import { Checkpoints } from "./checkpoint.ts";
import type { Database } from "./database.ts";
import { Effects, type Effect } from "../sql/effects.ts";
import { faultOf, unavailable } from "./faults.ts";
import { Idempotency } from "./idempotency.ts";
import { InstallationRow } from "./installation.ts";
import { LivingApplications } from "./living-applications.ts";
import { buildMethods, type Methods } from "./methods.ts";
import type { Slices } from "./paging.ts";
import type { CallName } from "./protocol.ts";
import { Rollups } from "./rollups.ts";
import type { Shared } from "./shared.ts";
import { Sweep } from "./sweep.ts";
import type { Targets } from "./targets.ts";

export interface Work {
  readonly name: CallName;
  readonly args: readonly unknown[];
}

export type Result =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown };

/** Rows that a step of the sweep looks at: about a millisecond, so that a publish hardly waits. */
export const sweepRows = 200;

export interface EngineOptions {
  readonly partitions: number;
  readonly now: () => number;
}

export interface Flushed {
  /** One for each piece of work, in its order. */
  readonly results: readonly Result[];
  readonly effects: readonly Effect[];
}

/** The store on one connection, synchronous: what its thread runs, and tests run directly. */
export class Engine {
  /** Transactions committed since it was made. */
  commits = 0;
  readonly checkpoints: Checkpoints;
  readonly methods: Methods;
  readonly #database: Database;
  readonly #shared: Shared;
  readonly #sweep: Sweep;
  readonly #targets: Targets;
  readonly #begin;
  readonly #commit;
  readonly #rollback;

  constructor(database: Database, options: EngineOptions) {
    this.#database = database;
    this.#shared = {
      effects: new Effects(),
      idempotency: new Idempotency(database),
      installation: new InstallationRow(database, options.partitions),
      living: new LivingApplications(database),
      rollups: new Rollups(database),
      now: options.now,
    };
    const { methods, targets } = buildMethods(database, this.#shared);
    this.methods = methods;
    this.#targets = targets;
    this.checkpoints = new Checkpoints(database);
    this.#sweep = new Sweep(database);
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
  }

  /**
   * Runs writes in one transaction, on disk when it returns. A fault of the machine fails them all
   * and leaves nothing of them; an error of one of them has each tried by itself, so that only the
   * one fails.
   */
  flush(writes: readonly Work[]): Flushed {
    try {
      return this.#transact(() => writes.map((work) => this.#run(work)));
    } catch (error) {
      const fault = faultOf(error);
      if (fault !== undefined) return failAll(writes, unavailable(fault, error));
      if (writes.length === 1) return failAll(writes, error);
    }
    const flushed = writes.map((work) => this.flush([work]));
    return {
      results: flushed.flatMap(({ results }) => results),
      effects: flushed.flatMap(({ effects }) => effects),
    };
  }

  /** Starts a read; each `next` is one slice of it. Errors come as `StoreUnavailable` or as bugs. */
  *read(work: Work): Slices<Result> {
    try {
      const value: unknown = this.methods[work.name].run(work.args);
      return { kind: "value", value: isSlices(value) ? yield* value : value };
    } catch (error) {
      const fault = faultOf(error);
      return { kind: "error", error: fault === undefined ? error : unavailable(fault, error) };
    }
  }

  targets(endpoints: Iterable<EndpointId>): readonly Target[] {
    return this.#targets.targets(endpoints);
  }

  isWrite(name: CallName): boolean {
    return this.methods[name].isWrite;
  }

  /** One step, bounded by `rows`, of removing what has expired; says whether it came round. */
  sweep(now: number, rows: number = sweepRows): boolean {
    let cameRound = true;
    this.#transact(() => {
      cameRound = this.#sweep.step(now, rows);
      return [];
    });
    return cameRound;
  }

  /** Leaves a store that needs no recovery, if the disk lets it; otherwise the next open recovers. */
  close(): void {
    try {
      this.#shared.installation.writeLargest();
      this.checkpoints.truncate();
    } catch (error) {
      if (faultOf(error) === undefined) throw error;
    } finally {
      this.#database.close();
    }
  }

  #transact(run: () => readonly Result[]): Flushed {
    const { effects, installation, living, rollups } = this.#shared;
    // A rollback that itself met a fault leaves the transaction open.
    if (this.#database.isTransaction) this.#rollback.run();
    try {
      this.#begin.run();
      const results = run();
      rollups.write();
      installation.reserve();
      this.#commit.run();
      installation.committed();
      this.commits += 1;
      return { results, effects: effects.take() };
    } catch (error) {
      effects.take();
      rollups.clear();
      installation.rolledBack();
      this.#tryRollback();
      throw error;
    } finally {
      living.forget();
    }
  }

  #tryRollback(): void {
    try {
      if (this.#database.isTransaction) this.#rollback.run();
    } catch {
      // The error that led here says more; the next transaction tries to roll back again.
    }
  }

  #run(work: Work): Result {
    return { kind: "value", value: this.methods[work.name].run(work.args) };
  }
}

function failAll(writes: readonly Work[], error: unknown): Flushed {
  return { results: writes.map(() => ({ kind: "error", error })), effects: [] };
}

function isSlices(value: unknown): value is Slices<unknown> {
  return (
    typeof value === "object" && value !== null && Symbol.iterator in value && "throw" in value
  );
}
