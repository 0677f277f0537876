import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mostCounted, type Workers } from "../../src/ports/worker-store.ts";
import { at, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let workers: Workers;
beforeAll(async () => {
  t = await openApi({
    wrap: (store) => ({ ...store, listWorkers: async () => workers }),
  });
});
afterAll(() => t.close());

describe("the workers", () => {
  test("are shown with their partitions, and how far those are behind", async () => {
    const now = Date.now();
    const partition = { partition: 0, owner: "a:1", takenAt: now, epoch: 7, waiting: 0 };
    workers = {
      processes: [
        {
          name: "a:1",
          version: "1.0.0",
          roles: ["worker"],
          slot: 3,
          startedAt: now,
          renewedAt: now,
          alive: false,
        },
      ],
      partitions: [
        { ...partition, dueSince: null },
        { ...partition, waiting: mostCounted + 1, dueSince: now - 5000 },
        { ...partition, owner: null, takenAt: null, waiting: mostCounted, dueSince: now + 9000 },
      ],
    };
    const answer = await t.call("GET", "/workers");
    expect(answer.status).toBe(200);
    const time = new Date(now).toISOString();
    expect(at(answer, "processes")).toEqual([
      { ...workers.processes[0], startedAt: time, renewedAt: time },
    ]);
    expect(at(answer, "partitions", 0)).toEqual({
      partition: 0,
      owner: "a:1",
      ownedSince: time,
      epoch: 7,
      waiting: 0,
      moreWaiting: false,
      behindMs: 0,
    });
    expect(at(answer, "partitions", 1)).toMatchObject({ waiting: mostCounted, moreWaiting: true });
    expect(at(answer, "partitions", 1, "behindMs")).toBeGreaterThanOrEqual(5000);
    expect(at(answer, "partitions", 2)).toMatchObject({
      owner: null,
      ownedSince: null,
      moreWaiting: false,
      behindMs: 0,
    });
  });

  test("are for admin keys only", async () => {
    const application = textAt(await t.call("POST", "/app", { body: { name: "a" } }), "id");
    const body = { name: "of one application", application };
    const token = textAt(await t.call("POST", "/api-key", { body }), "token");
    expect((await t.call("GET", "/workers", { token })).status).toBe(403);
    expect((await t.call("GET", "/workers", { token: null })).status).toBe(401);
  });
});
