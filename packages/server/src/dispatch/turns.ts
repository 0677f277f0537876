import type { ApplicationId } from "../domain/ids.ts";
import { paces } from "./pace.ts";
import type { Pace } from "./pace.ts";
import { Ring, unlinked } from "../domain/ring.ts";
import type { Linked } from "../domain/ring.ts";

/**
 * Whose turn it is: by pace, then round robin over applications, then over the lanes of the
 * application. An application with thousands of lanes has one turn in each round, as the others.
 */
export interface Turns<T> {
  /** Queues it; a second time moves it only when its pace changed. */
  add(taker: T, application: ApplicationId, pace: Pace): void;
  remove(taker: T): void;
  /** The next one of a pace that is admitted; it is out then. */
  take(admits: (pace: Pace) => boolean): T | undefined;
  size(): number;
}

/** Where a taker sits among those whose turn comes. It has one for each `Turns` that it is in. */
export interface Seat<T> extends Linked<Seat<T>> {
  readonly taker: T;
  pace: Pace;
  group: Group<T> | undefined;
}

export function createSeat<T>(taker: T): Seat<T> {
  return { taker, pace: "fast", group: undefined, ...unlinked };
}

/** Those of an application that wait. */
interface Group<T> extends Linked<Group<T>> {
  readonly application: ApplicationId;
  readonly members: Ring<Seat<T>>;
}

// Those without members that are kept, rather than made anew with each turn.
const keptGroups = 1024;

export function createTurns<T>(seatOf: (taker: T) => Seat<T>): Turns<T> {
  const rounds = { fast: new Round<T>(), unproven: new Round<T>(), slow: new Round<T>() };
  let size = 0;
  let next = 0;

  function remove(taker: T): void {
    const seat = seatOf(taker);
    if (!seat.linked) return;
    rounds[seat.pace].remove(seat);
    size -= 1;
  }

  return {
    remove,
    add(taker, application, pace) {
      const seat = seatOf(taker);
      if (seat.linked && seat.pace === pace) return;
      remove(taker);
      seat.pace = pace;
      rounds[pace].add(seat, application);
      size += 1;
    },
    take(admits) {
      for (let tried = 0; tried < paces.length; tried += 1) {
        const pace = paces[next % paces.length] ?? "fast";
        next += 1;
        const seat = admits(pace) ? rounds[pace].take(pace === "unproven") : undefined;
        if (seat !== undefined) {
          size -= 1;
          return seat.taker;
        }
      }
      return undefined;
    },
    size: () => size,
  };
}

/** The turns of one pace. */
class Round<T> {
  readonly #order = new Ring<Group<T>>();
  readonly #groups = new Map<ApplicationId, Group<T>>();
  #takes = 0;

  add(seat: Seat<T>, application: ApplicationId): void {
    const group = this.#groupOf(application);
    if (!group.linked) this.#order.push(group);
    group.members.push(seat);
    seat.group = group;
  }

  remove(seat: Seat<T>): void {
    const { group } = seat;
    if (group === undefined) return;
    group.members.remove(seat);
    seat.group = undefined;
    this.#settle(group, false);
  }

  take(newcomersToo: boolean): Seat<T> | undefined {
    this.#takes += 1;
    // Every second turn goes to the newest: one that works must not wait behind thousands that
    // came with it and hang.
    const newest = newcomersToo && this.#takes % 2 === 0;
    const group = newest ? this.#order.last : this.#order.first;
    const seat = newest ? group?.members.last : group?.members.first;
    if (group === undefined || seat === undefined) return undefined;
    group.members.remove(seat);
    seat.group = undefined;
    this.#settle(group, !newest);
    return seat;
  }

  #groupOf(application: ApplicationId): Group<T> {
    const known = this.#groups.get(application);
    if (known !== undefined) return known;
    const group: Group<T> = { application, members: new Ring(), ...unlinked };
    this.#groups.set(application, group);
    return group;
  }

  #settle(group: Group<T>, toTheEnd: boolean): void {
    const isEmpty = group.members.size === 0;
    if (isEmpty || toTheEnd) this.#order.remove(group);
    if (!isEmpty && toTheEnd) this.#order.push(group);
    if (isEmpty && this.#groups.size > keptGroups) this.#groups.delete(group.application);
  }
}
