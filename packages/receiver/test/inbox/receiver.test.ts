import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  createReceiver,
  github,
  memoryInbox,
  sign,
  standardWebhooks,
  stripe,
} from "../../src/index.ts";
import type { Inbox, InboundRequest, Notice, Receiver, ReceiverAnswer } from "../../src/index.ts";
import { until } from "../../../server/test/kit/until.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const quick = { firstDelayMs: 1, maxDelayMs: 2 };
const json = { "content-type": "application/json" };

async function signed(id: string, body: object): Promise<InboundRequest> {
  const made = await sign(standardWebhooks, { id, body: JSON.stringify(body) }, secret);
  return { headers: { ...made.headers, ...json }, body: made.body };
}

const paid = (id: string, change = {}): Promise<InboundRequest> =>
  signed(id, { type: "invoice.paid", data: { amount: 4900, ...change } });

async function send(receiver: Receiver, request: Promise<InboundRequest>): Promise<number> {
  return (await receiver.handle(await request)).status;
}

function notices(): { readonly seen: Notice[]; readonly onNotice: (notice: Notice) => void } {
  const seen: Notice[] = [];
  return { seen, onNotice: (notice) => void seen.push(notice) };
}

describe("a receiver", () => {
  const base = { scheme: standardWebhooks, secrets: secret, retry: quick } as const;

  test("answers before its handler runs, and hands the verified event on", async () => {
    const { onNotice } = notices();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const handled: unknown[] = [];
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      onNotice,
      on: {
        "invoice.paid": async (event) => {
          await gate;
          handled.push(event);
        },
      },
    });
    const answer = await receiver.handle(await paid("msg_1"));
    expect(answer).toMatchObject({ status: 200, body: '{"received":true}' });
    expect(handled).toEqual([]);
    release();
    await until("it is handled", () => handled.length > 0);
    expect(handled).toMatchObject([
      { id: "msg_1", type: "invoice.paid", attempt: 1, data: { data: { amount: 4900 } } },
    ]);
    await receiver.stop();
  });

  test("runs the handler once for concurrent and later duplicates", async () => {
    const { onNotice, seen } = notices();
    let runs = 0;
    const on = { "invoice.paid": () => void (runs += 1) };
    const receiver = createReceiver({ ...base, inbox: memoryInbox(), onNotice, on });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => send(receiver, paid("msg_1"))),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    await until("it is handled", async () => (await receiver.counts()).done === 1);
    expect(await send(receiver, paid("msg_1"))).toBe(200);
    await receiver.drain();
    expect(runs).toBe(1);
    expect(seen.filter((each) => each.kind === "duplicate")).toHaveLength(20);
    await receiver.stop();
  });

  test("tries a handler that throws again, and makes a dead letter at last that can be replayed", async () => {
    const { onNotice, seen } = notices();
    let broken = true;
    const attempts: number[] = [];
    const receiver = createReceiver({
      ...base,
      retry: { ...quick, maxAttempts: 3 },
      inbox: memoryInbox(),
      pollMs: 5,
      onNotice,
      on: {
        "invoice.paid": ({ attempt }) => {
          attempts.push(attempt);
          if (broken) throw new Error("the ledger is away");
        },
      },
    });
    await send(receiver, paid("msg_1"));
    await until("it is dead", async () => (await receiver.counts()).dead === 1);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await receiver.list("dead")).toMatchObject([
      { key: "msg_1", deadReason: "exhausted", lastError: "Error: the ledger is away" },
    ]);
    expect(seen.at(-1)).toMatchObject({ kind: "dead", id: "msg_1", reason: "exhausted" });
    broken = false;
    expect(await receiver.replay(["msg_1"])).toBe(1);
    await until("it is done", async () => (await receiver.counts()).done === 1);
    expect(attempts).toEqual([1, 2, 3, 1]);
    await receiver.stop();
  });

  test("takes an error's own word for whether and when to try again", async () => {
    const { onNotice, seen } = notices();
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      background: false,
      onNotice,
      on: {
        "*": ({ id }) => {
          throw id === "never"
            ? Object.assign(new Error("no"), { retry: false })
            : Object.assign(new Error("wait"), { retryAfterMs: 60_000 });
        },
      },
    });
    await send(receiver, paid("never"));
    await send(receiver, paid("later"));
    await receiver.drain();
    expect(seen).toMatchObject([
      { kind: "dead", id: "never", reason: "refused" },
      { kind: "failed", id: "later", afterMs: 60_000 },
    ]);
  });

  test("gives a handler that hangs an aborted signal, and tries it again", async () => {
    const { onNotice } = notices();
    const signals: AbortSignal[] = [];
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      handlerTimeoutMs: 20,
      pollMs: 5,
      onNotice,
      on: {
        "invoice.paid": ({ attempt }, { signal }) => {
          signals.push(signal);
          return attempt === 1 ? new Promise(() => undefined) : undefined;
        },
      },
    });
    await send(receiver, paid("msg_1"));
    await until("it is done", async () => (await receiver.counts()).done === 1);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
    await receiver.stop();
  });

  test("renews the lease of a handler that takes longer than it", async () => {
    const { onNotice, seen } = notices();
    const inbox = memoryInbox();
    let runs = 0;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const handler = async () => {
      runs += 1;
      await gate;
    };
    const shared = { ...base, inbox, leaseMs: 2000, pollMs: 20, onNotice, on: { "*": handler } };
    const receivers = [createReceiver(shared), createReceiver(shared)];
    const [first] = receivers;
    if (first === undefined) throw new Error("expected a receiver");
    await send(first, paid("msg_1"));
    const startMs = Date.now();
    await until("several leases are over", () => Date.now() > startMs + 4500);
    expect(runs).toBe(1);
    release();
    await until("it is done", async () => (await first.counts()).done === 1);
    expect(seen.filter((each) => each.kind === "lease-lost")).toEqual([]);
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  }, 30_000);

  test("handles the events of a key in order, also while the first one fails", async () => {
    const { onNotice } = notices();
    const handled: string[] = [];
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      pollMs: 5,
      onNotice,
      orderBy: ({ id }) => id.slice(0, 1),
      on: {
        "*": ({ id }) => {
          if (id === "a1" && handled.length < 2) throw new Error("not before the other key");
          handled.push(id);
        },
      },
    });
    for (const id of ["a1", "a2", "b1", "a3", "b2"]) await send(receiver, paid(id));
    await until("all are done", async () => (await receiver.counts()).done === 5);
    expect(handled.filter((id) => id.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(handled.filter((id) => id.startsWith("b"))).toEqual(["b1", "b2"]);
    await receiver.stop();
  });

  test("keeps what no handler takes, also a type that every object has", async () => {
    const { onNotice, seen } = notices();
    const on = { "invoice.paid": () => undefined };
    const options = { ...base, inbox: memoryInbox(), background: false, onNotice };
    const receiver = createReceiver({ ...options, on });
    expect(await send(receiver, signed("msg_1", { type: "constructor" }))).toBe(200);
    expect(seen).toEqual([{ kind: "ignored", id: "msg_1", type: "constructor" }]);
    expect(await receiver.counts()).toMatchObject({ ignored: 1, open: 0 });
    let runs = 0;
    const later = createReceiver({ ...options, on: { "*": () => void (runs += 1) } });
    await later.replay(["msg_1"]);
    await later.drain();
    expect(runs).toBe(1);
  });

  test("refuses what is not genuine with one answer, and says why to its owner only", async () => {
    const { onNotice, seen } = notices();
    const on = { "*": () => undefined };
    const options = { ...base, inbox: memoryInbox(), background: false, onNotice, on };
    const receiver = createReceiver(options);
    const genuine = await paid("msg_1");
    const answers: ReceiverAnswer[] = [];
    for (const request of [
      { ...genuine, body: "{}" },
      { ...genuine, headers: {} },
    ]) {
      answers.push(await receiver.handle(request));
    }
    expect(answers.map((answer) => answer.status)).toEqual([401, 401]);
    expect(answers[0]?.body).toBe(answers[1]?.body);
    expect(seen).toMatchObject([
      { kind: "rejected", reason: "signature" },
      { kind: "rejected", reason: "missing-header" },
    ]);
    expect((await receiver.handle({ ...genuine, method: "GET" })).status).toBe(405);
    expect(await receiver.counts()).toEqual({ open: 0, done: 0, dead: 0, ignored: 0 });
  });

  test("answers 503 with Retry-After while the inbox fails or does not commit in time", async () => {
    const { onNotice, seen } = notices();
    const on = { "*": () => undefined };
    const away = (record: Inbox["record"]): Inbox => Object.assign(memoryInbox(), { record });
    const common = { ...base, onNotice, on, background: false };
    const broken = createReceiver({
      ...common,
      inbox: away(() => Promise.reject(new Error("no connection"))),
    });
    const hanging = createReceiver({
      ...common,
      inbox: away(() => new Promise(() => undefined)),
      answerWithinMs: 20,
    });
    for (const receiver of [broken, hanging]) {
      const answer = await receiver.handle(await paid("msg_1"));
      expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "30" } });
    }
    expect(seen).toMatchObject([
      { kind: "inbox-unavailable", error: "no connection" },
      { kind: "inbox-unavailable", error: "no commit within 20 ms" },
    ]);
  });

  test("says that an inbox in memory is not durable", () => {
    const { onNotice, seen } = notices();
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      onNotice,
      on: { "*": () => 0 },
    });
    expect(seen).toEqual([{ kind: "not-durable" }]);
    return receiver.stop();
  });

  test("types and checks an event by its Standard Schema; what it refuses is a dead letter at once", async () => {
    const { onNotice, seen } = notices();
    const amounts: number[] = [];
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      background: false,
      onNotice,
      schemas: {
        "invoice.paid": z.object({ data: z.object({ amount: z.coerce.number() }) }),
      },
      on: {
        "invoice.paid": ({ data }) => {
          expectTypeOf(data).toEqualTypeOf<{ data: { amount: number } }>();
          amounts.push(data.data.amount);
        },
        "invoice.void": ({ data }) => {
          expectTypeOf(data).toEqualTypeOf<unknown>();
        },
      },
    });
    await send(receiver, paid("msg_1", { amount: "4900" }));
    await send(receiver, paid("msg_2", { amount: "much" }));
    await receiver.drain();
    expect(amounts).toEqual([4900]);
    expect(seen).toContainEqual(
      expect.objectContaining({ kind: "dead", id: "msg_2", reason: "invalid" }),
    );
    expect((await receiver.list("dead"))[0]?.lastError).toMatch(/data\.amount/);
  });

  test("takes the events of a delivery one by one, and each once", async () => {
    const { onNotice } = notices();
    const handled: unknown[] = [];
    const receiver = createReceiver({
      ...base,
      inbox: memoryInbox(),
      background: false,
      onNotice,
      split: ({ data }) =>
        z
          .object({ events: z.array(z.object({ id: z.string(), type: z.string() })) })
          .parse(data)
          .events.map((event) => ({ id: event.id, type: event.type, data: event })),
      on: { "*": ({ id, type, data }) => void handled.push([id, type, data]) },
    });
    const events = [1, 2].map((id) => ({ id: `${id}`, type: "click" }));
    await send(receiver, signed("msg_1", { events }));
    await send(receiver, signed("msg_2", { events: [...events, { id: "3", type: "open" }] }));
    await receiver.drain();
    expect(handled).toEqual([
      ["1", "click", events[0]],
      ["2", "click", events[1]],
      ["3", "open", { id: "3", type: "open" }],
    ]);
    expect(await send(receiver, signed("msg_3", { other: 1 }))).toBe(500);
  });

  test("keeps two receivers apart that share an inbox", async () => {
    const inbox = memoryInbox();
    const { onNotice } = notices();
    const common = { ...base, inbox, background: false, onNotice, on: { "*": () => undefined } };
    const one = createReceiver({ ...common, name: "one" });
    const two = createReceiver({ ...common, name: "two" });
    await send(one, paid("msg_1"));
    await send(two, paid("msg_1"));
    expect([(await one.counts()).open, (await two.counts()).open]).toEqual([1, 1]);
  });

  test("refuses options that cannot work", () => {
    const common = { ...base, inbox: memoryInbox(), background: false };
    const bad = [
      { ...common, on: { "*": () => 0 }, concurrency: 0 },
      { ...common, on: { "*": () => 0 }, leaseMs: Number.NaN },
      { ...common, on: { "*": () => 0 }, answerWithinMs: 2 ** 40 },
      { ...common, on: { "*": () => 0 }, publicUrl: "/hooks" },
    ];
    for (const options of bad) expect(() => createReceiver(options)).toThrow(TypeError);
    expect(() => createReceiver({ ...common, on: {} })).toThrow(TypeError);
  });
});

describe("deduplication", () => {
  const handler = { "*": () => undefined };
  const silent = { background: false, onNotice: () => undefined, on: handler };

  test("an unsigned id cannot be changed to have an event handled again", async () => {
    const inbox = memoryInbox();
    const receiver = createReceiver({ scheme: github, secrets: "s3cret", inbox, ...silent });
    const deliver = async (id: string, body: string): Promise<void> => {
      const made = await sign(github, { id, type: "push", body }, "s3cret");
      expect((await receiver.handle({ headers: made.headers, body: made.body })).status).toBe(200);
    };
    await deliver("1", '{"ref":"a"}');
    await deliver("2", '{"ref":"a"}');
    expect((await receiver.counts()).open).toBe(1);
    await deliver("3", '{"ref":"b"}');
    expect((await receiver.counts()).open).toBe(2);
  });

  test("a signed id tells events apart whatever they hold", async () => {
    const receiver = createReceiver({
      scheme: stripe,
      secrets: "whsec_test",
      inbox: memoryInbox(),
      ...silent,
    });
    for (const id of ["evt_1", "evt_2", "evt_1"]) {
      const made = await sign(stripe, { body: JSON.stringify({ id, type: "x" }) }, "whsec_test");
      await receiver.handle({ headers: made.headers, body: made.body });
    }
    expect((await receiver.counts()).open).toBe(2);
  });
});
