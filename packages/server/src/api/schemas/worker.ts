import { z } from "zod";
import { mostCounted, mostLanes, roles, type Workers } from "../../ports/worker-store.ts";
import { showTime, showTimeOrNull, timeOut } from "./common.ts";

const processOut = z
  .object({
    name: z.string().meta({ description: "Where it runs, and its pid; as in `worker` elsewhere." }),
    version: z.string().nullable().meta({ description: "`null`: of a version that does not say." }),
    roles: z.array(z.enum(roles)),
    slot: z.int().meta({ description: "Its place among the processes of the store." }),
    startedAt: timeOut,
    renewedAt: timeOut.meta({ description: "When it was last heard of." }),
    alive: z.boolean(),
  })
  .meta({ id: "ProcessOut" });

const partitionOut = z
  .object({
    partition: z.int(),
    owner: z
      .string()
      .nullable()
      .meta({ description: "The name of the process that has it; `null`: nobody." }),
    ownedSince: timeOut
      .nullable()
      .meta({ description: "`null`: nobody has it, or one of a version that does not say." }),
    epoch: z.int().meta({ description: "How many times it was taken." }),
    waiting: z
      .int()
      .meta({ description: `Deliveries that wait, due or not, counted to ${mostCounted}.` }),
    moreWaiting: z.boolean().meta({ description: "There are more than `waiting` says." }),
    behindMs: z.int().meta({
      description:
        `For how long the earliest has been due that is neither paused nor held by a breaker; ` +
        `of the first ${mostLanes} endpoints. 0: none is due.`,
    }),
  })
  .meta({ id: "PartitionOut" });

export const workersOut = z
  .object({ processes: z.array(processOut), partitions: z.array(partitionOut) })
  .meta({ id: "WorkersOut" });

export function showWorkers(workers: Workers, now: number): z.output<typeof workersOut> {
  return {
    processes: workers.processes.map((each) => ({
      name: each.name,
      version: each.version,
      roles: [...each.roles],
      slot: each.slot,
      startedAt: showTime(each.startedAt),
      renewedAt: showTime(each.renewedAt),
      alive: each.alive,
    })),
    partitions: workers.partitions.map((each) => ({
      partition: each.partition,
      owner: each.owner,
      ownedSince: showTimeOrNull(each.takenAt),
      epoch: each.epoch,
      waiting: Math.min(each.waiting, mostCounted),
      moreWaiting: each.waiting > mostCounted,
      behindMs: each.dueSince === null ? 0 : Math.max(0, now - each.dueSince),
    })),
  };
}
