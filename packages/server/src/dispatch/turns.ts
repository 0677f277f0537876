import type { ApplicationId, EndpointId } from "../domain/ids.ts";
import { paces } from "./pace.ts";
import type { Pace } from "./pace.ts";
import { createRing } from "./ring.ts";
import type { Ring, RingNode } from "./ring.ts";

export interface TurnTaker {
  readonly endpoint: EndpointId;
}

/**
 * Whose turn it is: by pace, then round robin over applications, then over the lanes of the
 * application. An application with thousands of lanes has one turn in each round, as the others.
 */
export interface Turns<T extends TurnTaker> {
  /** Queues it; a second time moves it only when its pace changed. */
  add(taker: T, application: ApplicationId, pace: Pace): void;
  remove(taker: T): void;
  /** The next one of a pace that is admitted; it is out then. */
  take(admits: (pace: Pace) => boolean): T | undefined;
  size(): number;
}

interface Group<T> {
  readonly application: ApplicationId;
  readonly members: Ring<T>;
}

interface Seat<T> {
  readonly pace: Pace;
  readonly application: ApplicationId;
  readonly node: RingNode<T>;
}

export function createTurns<T extends TurnTaker>(): Turns<T> {
  const rounds = {
    fast: createRound<T>(),
    unproven: createRound<T>(),
    slow: createRound<T>(),
  };
  const seats = new Map<EndpointId, Seat<T>>();
  let next = 0;

  function remove(taker: T): void {
    const seat = seats.get(taker.endpoint);
    // Another one may sit there: of the same endpoint, from when this worker had it again.
    if (seat?.node.value !== taker) return;
    seats.delete(taker.endpoint);
    rounds[seat.pace].remove(seat.application, seat.node);
  }

  return {
    remove,
    add(taker, application, pace) {
      const seat = seats.get(taker.endpoint);
      if (seat?.node.value === taker && seat.pace === pace) return;
      if (seat !== undefined) remove(seat.node.value);
      const node = rounds[pace].add(application, taker);
      seats.set(taker.endpoint, { pace, application, node });
    },
    take(admits) {
      for (let tried = 0; tried < paces.length; tried += 1) {
        const pace = paces[next % paces.length] ?? "fast";
        next += 1;
        const taker = admits(pace) ? rounds[pace].take(pace === "unproven") : undefined;
        if (taker !== undefined) {
          seats.delete(taker.endpoint);
          return taker;
        }
      }
      return undefined;
    },
    size: () => seats.size,
  };
}

interface Round<T> {
  add(application: ApplicationId, member: T): RingNode<T>;
  remove(application: ApplicationId, node: RingNode<T>): void;
  take(newcomersToo: boolean): T | undefined;
}

function createRound<T>(): Round<T> {
  const order: Ring<Group<T>> = createRing();
  const groups = new Map<ApplicationId, RingNode<Group<T>>>();
  let takes = 0;

  function settle(group: RingNode<Group<T>>, toTheEnd: boolean): void {
    if (group.value.members.size() === 0) {
      order.remove(group);
      groups.delete(group.value.application);
    } else if (toTheEnd) {
      order.remove(group);
      groups.set(group.value.application, order.push(group.value));
    }
  }

  return {
    add(application, member) {
      const known = groups.get(application);
      const group = known ?? order.push({ application, members: createRing() });
      if (known === undefined) groups.set(application, group);
      return group.value.members.push(member);
    },
    remove(application, node) {
      const group = groups.get(application);
      if (group === undefined) return;
      group.value.members.remove(node);
      settle(group, false);
    },
    take(newcomersToo) {
      takes += 1;
      // Every second turn goes to the newest: one that works must not wait behind thousands that
      // came with it and hang.
      const newest = newcomersToo && takes % 2 === 0;
      const group = newest ? order.last() : order.first();
      const member = newest ? group?.value.members.last() : group?.value.members.first();
      if (group === undefined || member === undefined) return undefined;
      group.value.members.remove(member);
      settle(group, !newest);
      return member.value;
    },
  };
}
