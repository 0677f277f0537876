import { z } from "zod";
import type { EndpointConfig } from "../../domain/endpoint.ts";
import { breakerStates, laneLimits, type LaneRecord } from "../../domain/lane.ts";
import { showTimeOrNull, timeOut } from "./common.ts";

export const endpointLaneOut = z
  .object({
    gate: z.enum(["open", "paused", "disabled"]),
    breaker: z.enum(breakerStates),
    probeAt: timeOut.nullable().meta({ description: "When an open breaker sends its next probe." }),
    consecutiveFailures: z.int(),
    failingSince: timeOut.nullable().meta({ description: "The first failure since a success." }),
    askedToWaitUntil: timeOut.nullable().meta({ description: "The receiver's `Retry-After`." }),
    concurrency: z.int().nullable().meta({
      description: "Requests that may be under way at once; `null`: as for any endpoint.",
    }),
    limitedBy: z
      .enum(laneLimits)
      .nullable()
      .meta({ description: "What keeps due deliveries waiting beyond their turn." }),
    sending: z
      .int()
      .meta({ description: "Attempts that had been under way for more than a second." }),
    asOf: timeOut
      .nullable()
      .meta({ description: "When it was written, at most once a second; `null`: at rest." }),
  })
  .meta({ id: "EndpointLaneOut" });

export function showLane(
  config: EndpointConfig,
  lane: LaneRecord | undefined,
): z.output<typeof endpointLaneOut> {
  return {
    gate: config.disabled ? "disabled" : config.paused ? "paused" : "open",
    breaker: lane?.breaker ?? "closed",
    probeAt: showTimeOrNull(lane?.probeAt ?? null),
    consecutiveFailures: lane?.consecutiveFailures ?? 0,
    failingSince: showTimeOrNull(lane?.failingSince ?? null),
    askedToWaitUntil: showTimeOrNull(lane?.askedToWaitUntil ?? null),
    concurrency: lane?.concurrency ?? null,
    limitedBy: lane?.limitedBy ?? null,
    sending: lane?.sending.length ?? 0,
    asOf: showTimeOrNull(lane?.updatedAt ?? null),
  };
}
