import type { LaneLimit } from "../domain/lane.ts";
import { isAtWork, isDeleted, isLeaving } from "./lane.ts";
import type { Lane } from "./lane.ts";

export type Step =
  | { readonly kind: "idle" }
  | { readonly kind: "load" }
  | { readonly kind: "discard" }
  | { readonly kind: "closed" }
  | { readonly kind: "until"; readonly at: number; readonly limitedBy: LaneLimit | null }
  | { readonly kind: "shared" }
  | { readonly kind: "busy"; readonly limitedBy: LaneLimit | null }
  | { readonly kind: "read" }
  | { readonly kind: "send"; readonly probe: boolean };

/** What a lane cannot know by itself. */
export interface Surroundings {
  readonly now: number;
  /** Requests it may have under way for its pace's sake. */
  readonly most: number;
  /** 0: the application's rate has room. */
  readonly applicationWaitMs: number;
}

/** What a lane does next; see `lane.ts`. Looking changes nothing. */
export function decideStep(lane: Lane, around: Surroundings): Step {
  if (isLeaving(lane)) return { kind: "closed" };
  if (isDeleted(lane)) return decideDiscard(lane);
  if (lane.window.length === 0 && lane.unread === null) return decideIdle(lane, around.now);
  if (lane.target === undefined) return { kind: "load" };
  if (lane.target.gate !== "open") return { kind: "closed" };
  return decideShut(lane, around.now) ?? decideOpen(lane, around);
}

function decideShut(lane: Lane, now: number): Step | undefined {
  if (lane.askedToWaitUntil !== null && lane.askedToWaitUntil > now) {
    return { kind: "until", at: lane.askedToWaitUntil, limitedBy: null };
  }
  if (lane.breaker.state === "probing") return { kind: "busy", limitedBy: null };
  const probeAt = lane.breaker.state === "open" ? (lane.breaker.probeAt ?? now) : now;
  // A person who asks for a delivery now is asking for the probe.
  return probeAt > now && lane.window[0]?.rule !== "manual"
    ? { kind: "until", at: probeAt, limitedBy: null }
    : undefined;
}

function decideDiscard(lane: Lane): Step {
  if (isAtWork(lane)) return { kind: "busy", limitedBy: null };
  return lane.unread === null ? { kind: "idle" } : { kind: "discard" };
}

function decideIdle(lane: Lane, now: number): Step {
  if (isAtWork(lane)) return { kind: "busy", limitedBy: null };
  // It comes to rest when the time is over.
  const asked = lane.askedToWaitUntil;
  if (asked !== null && asked > now) return { kind: "until", at: asked, limitedBy: null };
  return { kind: "idle" };
}

function decideOpen(lane: Lane, around: Surroundings): Step {
  const { now } = around;
  if (lane.window.length === 0) {
    if (lane.reading !== undefined) return { kind: "busy", limitedBy: null };
    const readAt = Math.max(lane.unread ?? now, lane.readNotBefore);
    if (readAt > now) return { kind: "until", at: readAt, limitedBy: null };
  }
  const probe = lane.breaker.state === "open";
  // Requests from before the breaker opened may hang on: they do not hold up the probe.
  const most = probe ? Infinity : Math.min(lane.concurrency.limit, around.most);
  if (lane.flights.size >= most) return { kind: "busy", limitedBy: "concurrency" };
  const waitMs = lane.rate?.waitMs(now) ?? 0;
  if (waitMs > 0) return { kind: "until", at: now + waitMs, limitedBy: "rate" };
  if (around.applicationWaitMs > 0) return { kind: "shared" };
  return lane.window.length > 0 ? { kind: "send", probe } : { kind: "read" };
}

/** Steps in which the lane has no use for rows in memory. */
export function isShut(step: Step): boolean {
  switch (step.kind) {
    case "closed":
    case "discard":
      return true;
    case "until":
      return step.limitedBy === null;
    case "idle":
    case "load":
    case "shared":
    case "busy":
    case "read":
    case "send":
      return false;
  }
}
