import { randomBytes } from "node:crypto";
import type { Database } from "./database.ts";
import { shareOut } from "./share-out.ts";
import {
  allLeases,
  allWorkers,
  forgetWorkers,
  giveLeases,
  isSessionGone,
  nobody,
  register,
  takeLeases,
  type Lease,
  type Part,
  type TakenLease,
  type WorkerRow,
} from "./worker-rows.ts";
import { WorkerSession } from "./worker-session.ts";

export interface OwnershipOptions {
  /**
   * A worker that is silent for so long has lost its partitions.
   * @default 10000
   */
  readonly leaseMs?: number;
}

export interface OwnershipParts extends OwnershipOptions {
  readonly database: Database;
  readonly url: string;
  readonly gained: (leases: readonly TakenLease[]) => void;
  /** They are to be handed over. */
  readonly leave: (partitions: readonly number[]) => void;
  readonly lost: (partitions: readonly number[]) => void;
  /** After a time in which it was not sure to have them. */
  readonly renewed: () => void;
}

/** Of a worker whose session is gone: a connection that was cut is back before. */
const longestQuietMs = 4_000;
/** Of the silence that others allow. */
const sureShare = 0.9;

interface Seen {
  readonly leases: readonly Lease[];
  /** Who is to have each partition. */
  readonly wanted: readonly (string | undefined)[];
  readonly alive: ReadonlySet<string>;
  /** Their rows are there still. */
  readonly dead: readonly string[];
}

/**
 * Which partitions this worker has. Each worker renews its row every second, on the database's clock,
 * over a session that holds a lock of its name, and looks at all rows: `shareOut` then tells each the
 * same. A worker takes what nobody has, and what a worker had that is gone: one that is silent for the
 * whole lease, or is silent for a few seconds and its session is gone, so that a crash, which ends the
 * session, is noticed soon, and a short cut of the network is none. What another one is to have is handed
 * to it, and never free in between: a worker that stands apart would take all.
 */
export class Ownership {
  readonly #parts: OwnershipParts;
  readonly #me = randomBytes(9).toString("base64url");
  readonly #leaseMs: number;
  readonly #quietMs: number;
  readonly #session: WorkerSession;
  readonly #held = new Map<number, number>();
  readonly #leaving = new Set<number>();
  #name = "";
  #part: Part = "retiring";
  #turn: Promise<unknown> = Promise.resolve();
  #observedSince = "";
  #sureUntil = 0;

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
    this.#leaseMs = parts.leaseMs ?? 10_000;
    this.#quietMs = Math.min(longestQuietMs, this.#leaseMs);
    this.#session = new WorkerSession({
      url: parts.url,
      worker: this.#me,
      everyMs: Math.min(1_000, this.#leaseMs / 4),
      renewed: (at, sentAt) => this.#renewed(at, sentAt),
    });
  }

  /** What the leases name it by. */
  get worker(): string {
    return this.#me;
  }

  /** By partition, the epochs of those that it has. */
  get held(): ReadonlyMap<number, number> {
    return this.#held;
  }

  inForce(): boolean {
    return performance.now() < this.#sureUntil;
  }

  /** Takes its share; what it has already is taken anew, as if it had crashed. */
  async join(name: string): Promise<readonly TakenLease[]> {
    return this.#alone(async () => {
      this.#name = name;
      this.#part = "sharing";
      await this.#register();
      await this.#session.open();
      const mine = Array.from(this.#held, ([partition, epoch]) => {
        return { partition, epoch, owner: this.#me };
      });
      const again = await takeLeases(this.#parts.database, this.#me, mine, true);
      this.#hold(again);
      const taken = [...again, ...(await this.#takeShare(await this.#look()))];
      void this.#session.tell();
      return taken;
    });
  }

  /** Others are to have what it has. */
  async retire(): Promise<void> {
    this.#part = "retiring";
    await this.#register();
    void this.#session.tell();
  }

  /** To whom they belong now; what was lost meanwhile is not given. */
  handOver(partitions: readonly number[], inOrder: boolean): Promise<void> {
    return this.#alone(async () => {
      const { wanted } = await this.#look();
      const given = partitions.flatMap((partition) => {
        const epoch = this.#held.get(partition);
        if (epoch === undefined) return [];
        const next = wanted[partition];
        return { partition, epoch, owner: next === this.#me ? nobody : (next ?? nobody) };
      });
      await giveLeases(this.#parts.database, this.#me, given, inOrder);
      this.#forget(partitions);
      void this.#session.tell();
    });
  }

  /** All of them, without an end of this worker's part. */
  async release(): Promise<void> {
    await this.retire();
    await this.handOver([...this.#held.keys()], true);
  }

  async close(): Promise<void> {
    this.#part = "retiring";
    this.#sureUntil = 0;
    await this.#session.close();
    await this.#turn;
    try {
      // Who has partitions still is not gone in order: others must be able to see that.
      if (this.#held.size === 0) await forgetWorkers(this.#parts.database, [this.#me]);
    } catch {
      // Its session is gone: the others will see.
    }
  }

  #register(): Promise<number> {
    return this.#parts.database.run(register, this.#me, this.#name, this.#part);
  }

  /** A look, and what follows from it, is not mixed with another one. */
  #alone<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #renewed(at: string | undefined, sentAt: number): Promise<void> {
    return this.#alone(async () => {
      const sure = this.inForce();
      // Others took it for gone, and removed it.
      if (at === undefined) await this.#register();
      if (!sure || this.#observedSince === "") this.#observedSince = at ?? "";
      const seen = await this.#look();
      this.#loseOthers(seen.leases);
      this.#sureUntil = sentAt + this.#quietMs * sureShare;
      if (!sure) this.#parts.renewed();
      if (this.#part !== "sharing") return;
      const taken = await this.#takeShare(seen);
      if (taken.length > 0) this.#parts.gained(taken);
      this.#leaveTo(seen.wanted);
    });
  }

  async #look(): Promise<Seen> {
    const { database } = this.#parts;
    const limits = {
      quietMs: this.#quietMs,
      leaseMs: this.#leaseMs,
      observedSince: this.#observedSince === "" ? "infinity" : this.#observedSince,
    };
    const leases = await allLeases(database);
    const rows = await allWorkers(database, limits);
    const dead = await this.#deadOf(rows);
    const living = rows.filter(({ id }) => !dead.includes(id));
    const alive = new Set(living.map(({ id }) => id));
    const wanted = shareOut({
      owners: leases.map(({ owner }) => (alive.has(owner) ? owner : undefined)),
      workers: living.flatMap(({ id, part }) => (part === "sharing" ? id : [])),
      apart: new Set(living.flatMap(({ id, part }) => (part === "apart" ? id : []))),
    });
    return { leases, wanted, alive, dead };
  }

  async #deadOf(rows: readonly WorkerRow[]): Promise<readonly string[]> {
    const dead: string[] = [];
    for (const { id, expired, quiet } of rows) {
      if (id === this.#me) continue;
      const isDead = expired || (quiet && (await isSessionGone(this.#parts.database, id)));
      if (isDead) dead.push(id);
    }
    return dead;
  }

  async #takeShare({ alive, dead, leases, wanted }: Seen): Promise<readonly TakenLease[]> {
    const { database } = this.#parts;
    const free = leases.filter(({ owner, partition }) => {
      if (wanted[partition] !== this.#me || this.#held.has(partition)) return false;
      return owner === this.#me || !alive.has(owner);
    });
    const taken = await takeLeases(database, this.#me, free, false);
    this.#hold(taken);
    await forgetWorkers(database, dead);
    return taken;
  }

  #hold(taken: readonly TakenLease[]): void {
    for (const { epoch, partition } of taken) this.#held.set(partition, epoch);
  }

  #leaveTo(wanted: readonly (string | undefined)[]): void {
    const leaving = [...this.#held.keys()].filter(
      (partition) => wanted[partition] !== this.#me && !this.#leaving.has(partition),
    );
    if (leaving.length === 0) return;
    for (const partition of leaving) this.#leaving.add(partition);
    this.#parts.leave(leaving);
  }

  #loseOthers(leases: readonly Lease[]): void {
    const lost = leases.filter(({ epoch, owner, partition }) => {
      const mine = this.#held.get(partition);
      return mine !== undefined && (owner !== this.#me || epoch !== mine);
    });
    if (lost.length === 0) return;
    const partitions = lost.map(({ partition }) => partition);
    this.#forget(partitions);
    this.#parts.lost(partitions);
  }

  #forget(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.#held.delete(partition);
      this.#leaving.delete(partition);
    }
  }
}
