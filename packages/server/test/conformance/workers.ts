import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mostCounted } from "../../src/ports/worker-store.ts";
import {
  batch,
  Maker,
  only,
  person,
  settle,
  type OpenedStore,
  type OpenStore,
} from "./fixtures.ts";

export function describeWorkers(open: OpenStore): void {
  describe("workers", () => {
    let opened: OpenedStore;
    let maker: Maker;
    beforeEach(async () => {
      opened = await open();
      maker = new Maker();
      // In the past, so that what is published is due.
      maker.time = Date.now() - 60_000;
    });
    afterEach(() => opened.close());

    const partitions = async () => (await opened.store.listWorkers()).partitions;
    const partitionFive = async () =>
      only((await partitions()).filter(({ partition }) => partition === 5));

    test("are this process, and nobody who owns, before one takes the partitions over", async () => {
      const { partitions: all, processes } = await opened.store.listWorkers();
      expect(only(processes)).toMatchObject({ alive: true, roles: ["api", "worker"] });
      // The embedded store makes the rows when they are taken.
      for (const each of all) expect(each).toMatchObject({ owner: null, takenAt: null });
    });

    test("own all partitions, under the epoch that they were taken with", async () => {
      const { epoch, partitions: taken } = await opened.dispatch.takeOver("worker-1");
      const all = await partitions();
      expect(all.map(({ partition }) => partition)).toEqual(taken.toSorted((a, b) => a - b));
      for (const each of all) {
        expect(each).toMatchObject({ owner: "worker-1", epoch, waiting: 0, dueSince: null });
      }
      await opened.dispatch.release(epoch);
      expect(await partitionFive()).toMatchObject({ owner: null, takenAt: null });
    });

    test("are behind by the earliest due delivery that nothing holds", async () => {
      const { store, dispatch } = opened;
      const { epoch } = await dispatch.takeOver("worker-1");
      const { application, endpoints } = await settle(store, maker, 3);
      const [first, second, third] = endpoints;
      if (first === undefined || second === undefined || third === undefined) throw new Error();
      const due: number[] = [];
      for (const endpoint of endpoints) {
        await store.publish(maker.publication(application, [endpoint]));
        due.push(maker.time);
        maker.time += 1000;
      }
      expect(await partitionFive()).toMatchObject({ waiting: 3, dueSince: due[0] });
      await store.updateEndpoint(first, {
        config: { paused: true },
        by: person,
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });
      expect(await partitionFive()).toMatchObject({ waiting: 3, dueSince: due[1] });
      const lanes = [maker.lane(second, { breaker: "open", probeAt: maker.time })];
      await dispatch.record(batch(epoch, { lanes }));
      expect(await partitionFive()).toMatchObject({ waiting: 3, dueSince: due[2] });
    });

    test("are not behind with what is due later", async () => {
      const { store, dispatch } = opened;
      await dispatch.takeOver("worker-1");
      const { application, endpoint } = await settle(store, maker);
      const message = maker.message(application);
      const planned = maker.planned(endpoint, { due: Date.now() + 3_600_000 });
      await store.publish({ message, deliveries: [planned] });
      expect(await partitionFive()).toMatchObject({ waiting: 1, dueSince: null });
    });

    test("have no more counted than is worth it", async () => {
      const { store, dispatch } = opened;
      await dispatch.takeOver("worker-1");
      const { application, endpoints } = await settle(store, maker, 12);
      const publications = Array.from({ length: 90 }, () =>
        maker.publication(application, endpoints),
      );
      await Promise.all(publications.map((each) => store.publish(each)));
      expect((await partitionFive()).waiting).toBe(mostCounted + 1);
    });
  });
}
