import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareOut } from "./share-out.ts";

const names = ["ann", "bob", "cid", "dan", "eve"];
const installation = fc
  .record({
    workers: fc.subarray(names.slice(0, 4), { minLength: 1 }),
    owners: fc.array(fc.option(fc.constantFrom(...names), { nil: undefined }), {
      minLength: 1,
      maxLength: 64,
    }),
  })
  .map(({ owners, workers }) => ({
    workers,
    apart: new Set(["eve"]),
    // Those who are gone have nothing.
    owners: owners.map((owner) =>
      owner === undefined || owner === "eve" || workers.includes(owner) ? owner : undefined,
    ),
  }));

function countOf(owners: readonly (string | undefined)[], worker: string): number {
  return owners.filter((owner) => owner === worker).length;
}

describe("partitions are shared out", () => {
  test("to all, evenly to within one, and nothing of those who stand apart", () => {
    fc.assert(
      fc.property(installation, (shares) => {
        const next = shareOut(shares);
        const counts = shares.workers.map((worker) => countOf(next, worker));
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(next).not.toContain(undefined);
        for (const [partition, owner] of shares.owners.entries()) {
          expect(next[partition] === "eve").toBe(owner === "eve");
        }
      }),
    );
  });

  test("with no move that is not needed, and none once they are", () => {
    fc.assert(
      fc.property(installation, (shares) => {
        const next = shareOut(shares);
        for (const worker of shares.workers) {
          const [had, has] = [countOf(shares.owners, worker), countOf(next, worker)];
          const kept = next.filter((owner, p) => owner === worker && shares.owners[p] === worker);
          expect(kept.length).toBe(Math.min(had, has));
        }
        expect(shareOut({ ...shares, owners: next })).toEqual(next);
      }),
    );
  });

  test("to nobody where there is none", () => {
    expect(shareOut({ owners: [undefined, "eve"], workers: [], apart: new Set(["eve"]) })).toEqual([
      undefined,
      "eve",
    ]);
  });
});
