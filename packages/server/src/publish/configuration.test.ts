import { describe, expect, test } from "vitest";
import type { Application } from "../domain/application.ts";
import type { EventType } from "../domain/event-type.ts";
import { toId } from "../domain/ids.ts";
import type { Subscriptions } from "../ports/endpoint-store.ts";
import type { Change } from "../ports/store.ts";
import { createConfiguration, newestSchema } from "./configuration.ts";
import { createLru } from "../domain/lru.ts";

const id = toId("application", 1);

/** A store of one application, whose reads wait until they are let go. */
function createStore() {
  let version = 1;
  let uid = "a";
  let listener: (change: Change) => void = () => undefined;
  let reads = 0;
  let gate: Promise<void> = Promise.resolve();
  const application = (): Application => ({
    id,
    partition: 0,
    uid,
    name: "n",
    throttleRate: null,
    metadata: {},
    createdAt: 0,
    updatedAt: 0,
  });
  return {
    reads: () => reads,
    hold() {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    change(next: { uid?: string }) {
      version += 1;
      uid = next.uid ?? uid;
      listener({ kind: "application", application: id });
    },
    store: {
      onChange: (next: (change: Change) => void) => {
        listener = next;
      },
      findApplication: async (ref: { kind: "id" } | { kind: "uid"; uid: string }) => {
        reads += 1;
        const found = application();
        await gate;
        return ref.kind === "id" || ref.uid === found.uid ? found : undefined;
      },
      findEventType: (): Promise<EventType | undefined> => Promise.resolve(undefined),
      subscriptions: async (): Promise<Subscriptions> => {
        reads += 1;
        const read = { version, endpoints: [] };
        await gate;
        return read;
      },
    },
  };
}

describe("the configuration that publishes read", () => {
  test("is read from the store once, and again after a change", async () => {
    const source = createStore();
    const configuration = createConfiguration(source.store);
    expect((await configuration.routes(id))?.version).toBe(1);
    expect((await configuration.routes(id))?.version).toBe(1);
    expect(source.reads()).toBe(1);
    source.change({});
    expect((await configuration.routes(id))?.version).toBe(2);
  });

  test("does not keep what was read while it changed", async () => {
    const source = createStore();
    const configuration = createConfiguration(source.store);
    const release = source.hold();
    const reading = configuration.routes(id);
    source.change({});
    release();
    await reading;
    expect((await configuration.routes(id))?.version).toBe(2);
  });

  test("finds an application under its new uid alone", async () => {
    const source = createStore();
    const configuration = createConfiguration(source.store);
    expect(await configuration.application({ kind: "uid", uid: "a" })).toMatchObject({ id });
    source.change({ uid: "b" });
    expect(await configuration.application({ kind: "id", id })).toMatchObject({ uid: "b" });
    expect(await configuration.application({ kind: "uid", uid: "a" })).toBeUndefined();
    expect(await configuration.application({ kind: "uid", uid: "b" })).toMatchObject({ id });
  });
});

test("the newest schema is the one of the greatest number", () => {
  expect(newestSchema('{"2":"two","10":"ten","9":"nine"}')).toBe("ten");
  expect(newestSchema(null)).toBeUndefined();
});

test("a bounded map forgets what was asked for the longest ago", () => {
  const lru = createLru<string, number>(2);
  lru.set("a", 1);
  lru.set("b", 2);
  expect(lru.get("a")).toBe(1);
  lru.set("c", 3);
  expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual([1, undefined, 3]);
});
