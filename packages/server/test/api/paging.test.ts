import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type Answer, type OpenApi } from "./open-api.ts";

let t: OpenApi;
beforeAll(async () => {
  t = await openApi();
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

const publish = async (n: number) => {
  const body = { eventType: "e", payload: { n }, eventId: `n-${n}` };
  return textAt(await t.call("POST", "/app/a/msg", { body }), "id");
};
const idsOf = (answer: Answer) =>
  itemsOf(answer).map((_each, i) => textAt(answer, "data", i, "id"));

describe("lists", () => {
  test("walk forth and back over the same rows, also while rows are added", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.unshift(await publish(n));
    const seen: string[] = [];
    let page = await t.call("GET", "/app/a/msg?limit=3");
    seen.push(...idsOf(page));
    for (let added = 100; at(page, "done") === false; added += 1) {
      await publish(added);
      page = await t.call("GET", `/app/a/msg?limit=3&iterator=${textAt(page, "iterator")}`);
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(ids);
    const back = await t.call("GET", `/app/a/msg?limit=3&iterator=${textAt(page, "prevIterator")}`);
    expect(idsOf(back)).toEqual(ids.slice(3, 6));
  });

  test("keep a cursor when they are empty, so that a later call finds what came since", async () => {
    await t.call("POST", "/app", { body: { name: "b", uid: "b" } });
    const empty = await t.call("GET", "/app/b/endpoint");
    expect(empty.json).toEqual({ data: [], done: true, iterator: null, prevIterator: null });
    const create = (uid: string) =>
      t.call("POST", "/app/b/endpoint", { body: { url: "https://example.com/", uid } });
    await create("one");
    const first = await t.call("GET", "/app/b/endpoint");
    const none = await t.call("GET", `/app/b/endpoint?iterator=${textAt(first, "iterator")}`);
    expect(none.json).toMatchObject({ data: [], done: true, iterator: textAt(first, "iterator") });
    await create("two");
    const later = await t.call("GET", `/app/b/endpoint?iterator=${textAt(none, "iterator")}`);
    expect(itemsOf(later)).toMatchObject([{ uid: "two" }]);
  });

  test("walk over names that begin with a minus", async () => {
    const names = ["-a", "--b", "c", ":x"].filter((name) => name !== ":x");
    for (const name of names) {
      await t.call("POST", "/event-type", { body: { name, description: "" } });
    }
    const seen: string[] = [];
    let query = "?limit=1";
    for (;;) {
      const page = await t.call("GET", `/event-type${query}`);
      seen.push(...itemsOf(page).map((_each, i) => textAt(page, "data", i, "name")));
      if (at(page, "done") === true) break;
      query = `?limit=1&iterator=${encodeURIComponent(textAt(page, "iterator"))}`;
    }
    expect(seen).toEqual(names.toSorted());
  });

  test.each([
    "/app?iterator=x",
    "/app?iterator=msg_000000000aaaaaa",
    "/app/a/msg?iterator=--",
    "/app/a/endpoint?iterator=%00",
    "/event-type?iterator=name",
    "/api-key?iterator=key_",
    "/app?limit=0",
    "/app?limit=251",
    "/app?limit=-1",
    "/app?limit=1e1",
    "/app?limit=1&limit=2",
    "/app?order=up",
    "/app?unknown=1",
    "/app/a/msg?before=yesterday",
    "/app/a/msg?event_types=a,,b",
    "/app/a/msg?with_content=1",
  ])("refuse %s with 422 and the place in the query", async (path) => {
    const answer = await t.call("GET", path);
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc", 0)).toBe("query");
  });

  test("are filtered by type, channel, tag and time", async () => {
    await t.call("POST", "/app", { body: { name: "f", uid: "f" } });
    const send = (rest: object) =>
      t.call("POST", "/app/f/msg", { body: { eventType: "a", payload: {}, ...rest } });
    const first = textAt(await send({ channels: ["c"] }), "id");
    const second = textAt(await send({ eventType: "b", tags: ["t"] }), "id");
    const third = textAt(await send({ eventType: "c" }), "id");
    const list = async (query: string) => idsOf(await t.call("GET", `/app/f/msg?${query}`));
    expect(await list("event_types=a,b")).toEqual([second, first]);
    expect(await list("event_types=a&event_types=c")).toEqual([third, first]);
    expect(await list("channel=c")).toEqual([first]);
    expect(await list("tag=t")).toEqual([second]);
    expect(await list("before=2020-01-01T00:00:00Z")).toEqual([]);
    expect(await list("after=2020-01-01T01:00:00%2B01:00")).toEqual([third, second, first]);
  });
});
