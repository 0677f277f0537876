import { describe, expect, test } from "vitest";
import { createIdSource, type EndpointId } from "../../domain/ids.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type { Effect } from "./effects.ts";
import { Feed } from "./feed.ts";

const ids = createIdSource(() => Date.UTC(2026, 0, 1));
const endpoint = ids.next("endpoint");
const mebibyte = 2 ** 20;

function published(bytes: number, due = 5, to: EndpointId = endpoint): Effect {
  const delivery: QueuedDelivery = {
    id: ids.next("delivery"),
    application: ids.next("application"),
    endpoint: to,
    message: ids.next("message"),
    due,
    rule: "publish",
    attempts: 0,
    resendOf: null,
    expiresAt: null,
    content: null,
  };
  return { kind: "committed", deliveries: [delivery], bytes };
}

function carriedBy(feed: Feed, effects: readonly Effect[]) {
  const { items } = feed.batch(effects);
  return items.flatMap((item) => (item.kind === "committed" ? item.deliveries : [])).length;
}

describe("the feed to the dispatcher", () => {
  test("carries content up to its credit, and names the lanes of the rest", () => {
    const feed = new Feed(() => []);
    const effects = Array.from({ length: 20 }, (_, n) => published(mebibyte, 100 - n));
    const { bytes, items } = feed.batch(effects);
    const committed = items.flatMap((item) => (item.kind === "committed" ? item.deliveries : []));
    expect(committed).toHaveLength(15);
    expect(items.at(-1)).toEqual({ kind: "waiting", lanes: [{ endpoint, due: 81 }] });
    expect(bytes).toBeGreaterThan(15 * mebibyte);
    expect(carriedBy(feed, [published(mebibyte)])).toBe(0);
  });

  test("carries again what the listener has returned from", () => {
    const feed = new Feed(() => []);
    const { bytes } = feed.batch(Array.from({ length: 15 }, () => published(mebibyte)));
    expect(carriedBy(feed, [published(mebibyte)])).toBe(0);
    feed.returned(bytes);
    expect(carriedBy(feed, [published(mebibyte)])).toBe(1);
  });

  test("names a lane once, with its earliest due time", () => {
    const feed = new Feed(() => []);
    const other = ids.next("endpoint");
    const { items } = feed.batch([
      { kind: "waiting", endpoint, due: 9 },
      { kind: "waiting", endpoint: other, due: 8 },
      { kind: "waiting", endpoint, due: 7 },
    ]);
    const lanes = [
      { endpoint, due: 7 },
      { endpoint: other, due: 8 },
    ];
    expect(items).toEqual([{ kind: "waiting", lanes }]);
  });

  test("asks for each changed target once, as of the end of the commit", () => {
    const asked: EndpointId[][] = [];
    const feed = new Feed((endpoints) => {
      asked.push([...endpoints]);
      return [];
    });
    const change = { kind: "target", endpoint } as const;
    expect(feed.batch([change, change]).items).toEqual([{ kind: "changed", targets: [] }]);
    expect(asked).toEqual([[endpoint]]);
  });
});
