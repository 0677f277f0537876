import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Ordering } from "svix";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { type CheckedClient, readAll, svixVersions } from "./kit/svix-clients.ts";

let server: PosthornProcess;
beforeAll(async () => {
  server = await startPosthorn({ dataDir: newDataDir() });
});
afterAll(async () => {
  await endAll();
  await closeReceivers();
});

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function oneByOne<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (const index of upTo(count)) made.push(await make(index));
  return made;
}

/** Every page has rows added after it; none of those before it may be missed or shown twice. */
describe.each(svixVersions)("lists read to the end by svix $name", ({ connect, short }) => {
  let client: CheckedClient;
  beforeAll(() => {
    client = connect(server);
  });

  async function newApplication(name: string): Promise<string> {
    return (await client.calls.application.create({ name, uid: `${short}-${name}` })).id;
  }

  test("applications, in both orders", async () => {
    const { application } = client.calls;
    let added = 0;
    const add = async () => (await application.create({ name: "list", uid: uidOf(added++) })).uid;
    const uidOf = (index: number) => `${short}-list-${index}`;
    const before = await oneByOne(7, add);
    const mine = (found: readonly { readonly uid?: string | null }[]) =>
      found.map(({ uid }) => uid).filter((uid) => uid?.startsWith(`${short}-list-`) === true);

    let pages = 0;
    const some = () => (pages++ < 3 ? add() : Promise.resolve());
    const ascending = mine(
      await readAll((page) => application.list({ ...page, order: Ordering.Ascending }), 2, some),
    );
    expect(ascending).toEqual(upTo(added).map(uidOf));
    expect(added).toBeGreaterThan(before.length);
    const known = added;
    const descending = mine(
      await readAll((page) => application.list({ ...page, order: Ordering.Descending }), 3, add),
    );
    expect(descending).toEqual(upTo(known).map(uidOf).reverse());
  });

  test("endpoints, while some are deleted", async () => {
    const { endpoint } = client.calls;
    const app = await newApplication("endpoints");
    const url = "http://127.0.0.1:9/";
    const made = await oneByOne(6, (n) => endpoint.create(app, { url, uid: `e${n}` }));
    // What the cursor stands on goes away, and the list goes on behind it.
    const found = await readAll(
      (page) => endpoint.list(app, page),
      2,
      () => endpoint.delete(app, client.last().text.match(/.*"id":"(ep_\w+)"/)?.[1] ?? ""),
    );
    expect(found.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect((await endpoint.list(app)).data.map(({ uid }) => uid)).toEqual(["e0", "e2", "e4", "e5"]);
  });

  test("event types, by name", async () => {
    const { eventType } = client.calls;
    const names = ["-dash", "a", "a.b", "a.c", "b", "B", "_"].map((name) => `${name}.${short}`);
    for (const name of names) await eventType.create({ name, description: "" });
    const mine = (found: readonly { readonly name: string }[]) =>
      found.map(({ name }) => name).filter((name) => name.endsWith(short));
    let added = 0;
    const behind = () => eventType.create({ name: `A${added++}.${short}`, description: "" });
    const found = mine(await readAll((page) => eventType.list(page), 2, behind));
    for (const name of names) expect(found.filter((each) => each === name)).toEqual([name]);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(found.toSorted((a, b) => (a < b ? -1 : 1)));
    const down = mine(
      await readAll((page) => eventType.list({ ...page, order: Ordering.Descending }), 3),
    );
    expect(down.length).toBe(names.length + added);
    expect(down).toEqual(down.toSorted((a, b) => (a < b ? 1 : -1)));
  });

  test("messages, with filters too", async () => {
    const { message } = client.calls;
    const app = await newApplication("messages");
    const add = async (n: number) =>
      (await message.create(app, { eventType: n % 2 === 0 ? "even" : "odd", payload: { n } })).id;
    const made = await oneByOne(13, add);
    const newestFirst = made.toReversed();
    const all = await readAll(
      (page) => message.list(app, page),
      4,
      () => add(0),
    );
    expect(all.map(({ id }) => id)).toEqual(newestFirst);
    const odd = await readAll(
      (page) => message.list(app, { ...page, eventTypes: ["odd"] }),
      2,
      () => add(2),
    );
    expect(odd.map(({ id }) => id)).toEqual(newestFirst.filter((_, index) => index % 2 === 1));

    // And the way back.
    const first = await message.list(app, { limit: 5 });
    const second = await message.list(app, { limit: 5, iterator: first.iterator });
    if (second.prevIterator === undefined) throw new Error("expected a way back");
    const back = await message.list(app, { limit: 5, iterator: second.prevIterator });
    expect(back.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
    const none = await message.list(app, { channel: "none" });
    expect([none.data, none.done, none.iterator]).toEqual([[], true, null]);
  });

  test("attempts, attempted messages and attempted destinations", async () => {
    const { endpoint, message, messageAttempt } = client.calls;
    const app = await newApplication("attempts");
    const target = await receiver();
    const endpoints = await oneByOne(5, (n) =>
      endpoint.create(app, { url: target.url, uid: `e${n}` }),
    );
    const publish = (n: number) => message.create(app, { eventType: "a", payload: { n } });
    const messages = (await oneByOne(7, publish)).map(({ id }) => id);
    const newestFirst = messages.toReversed();
    await target.received(35);
    const [first = ""] = messages;
    await until("all attempts are kept", async () => {
      const page = { limit: 250 };
      const counts = await Promise.all(
        endpoints.map(({ id }) => messageAttempt.listByEndpoint(app, id, page)),
      );
      return counts.every(({ data }) => data.length === messages.length);
    });

    const add = () => publish(100);
    const byEndpoint = await readAll((p) => messageAttempt.listByEndpoint(app, "e0", p), 2, add);
    expect(byEndpoint.map(({ msgId }) => msgId).toSorted()).toEqual(messages.toSorted());
    const ids = byEndpoint.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().reverse());
    const attempted = await readAll(
      (page) => messageAttempt.listAttemptedMessages(app, "e1", page),
      2,
      add,
    );
    const known = attempted.map(({ id }) => id).filter((id) => messages.includes(id));
    expect(known).toEqual(newestFirst);
    const resend = () => messageAttempt.resend(app, first, "e0");
    const byMessage = await readAll((p) => messageAttempt.listByMsg(app, first, p), 2, resend);
    expect(byMessage.map(({ endpointId }) => endpointId).toSorted()).toEqual(
      endpoints.map(({ id }) => id).toSorted(),
    );
    // A list of destinations that stops early is a fault that others have had.
    const destinations = await readAll(
      (page) => messageAttempt.listAttemptedDestinations(app, first, page),
      2,
    );
    expect(destinations.map(({ uid }) => uid)).toEqual(["e0", "e1", "e2", "e3", "e4"]);
  });
});

describe("what a list is asked for", () => {
  const lists = async (): Promise<readonly string[]> => {
    const api = connect(server);
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: "http://127.0.0.1:9/", disabled: true });
    const message = await api.publish(app);
    return [
      "/app",
      "/event-type",
      `/app/${app}/endpoint`,
      `/app/${app}/msg`,
      `/app/${app}/msg/${message}/endpoint`,
      `/app/${app}/endpoint/${endpoint}/msg`,
      `/app/${app}/attempt/endpoint/${endpoint}`,
      `/app/${app}/attempt/msg/${message}`,
    ];
  };

  test("is refused outside of its bounds, in every list", async () => {
    const api = connect(server);
    for (const path of await lists()) {
      for (const limit of [1, 50, 250]) {
        expect([path, (await api.ask("GET", `${path}?limit=${limit}`)).status]).toEqual([
          path,
          200,
        ]);
      }
      for (const query of [
        "limit=0",
        "limit=251",
        "limit=-1",
        "limit=1.5",
        "limit=x",
        "iterator=nonsense",
        "iterator=atmpt_0",
        "unknown=1",
      ]) {
        const answered = await api.ask("GET", `${path}?${query}`);
        expect([path, query, answered.status]).toEqual([path, query, 422]);
        const name = query.split("=", 1)[0];
        expect(answered.body).toMatchObject({ detail: [{ loc: ["query", name] }] });
      }
    }
    expect((await api.ask("GET", "/app?order=sideways")).status).toBe(422);
    expect((await api.ask("GET", "/app?order=descending")).status).toBe(200);
  });

  test("is 50 rows when it says nothing", async () => {
    const [version] = svixVersions;
    if (version === undefined) throw new Error("expected a client");
    const { message, application } = version.connect(server).calls;
    const { id } = await application.create({ name: "many" });
    for (const n of upTo(51)) await message.create(id, { eventType: "a", payload: { n } });
    const page = await message.list(id);
    expect([page.data.length, page.done]).toEqual([50, false]);
    const rest = await message.list(id, { iterator: page.iterator });
    expect([rest.data.length, rest.done]).toEqual([1, true]);
  });
});
