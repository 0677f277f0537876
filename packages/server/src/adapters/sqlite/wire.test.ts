import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dueRules, triggers, type Attempt } from "../../domain/delivery.ts";
import { toId } from "../../domain/ids.ts";
import { errorClasses, outcomes } from "../../domain/outcome.ts";
import type { QueuedDelivery, Settlement } from "../../ports/dispatch-store.ts";
import type { Publication } from "../../ports/message-store.ts";
import type { Call, FromStore, ToStore } from "./protocol.ts";
import { packFromStore, packToStore, unpackFromStore, unpackToStore } from "./wire.ts";

const whole = fc.integer({ min: 0, max: 2 ** 50 });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
// Around the size below which bytes cross as text.
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.integer({ min: 4090, max: 4100 }).map((length) => new Uint8Array(length).fill(0xe9)),
);
const content = fc.record(
  {
    body: bytes,
    contentType: orNull(fc.string()),
    headers: fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true }),
    source: whole.map((value) => toId("source", value)),
  },
  { requiredKeys: ["body", "contentType", "headers"], noNullPrototype: true },
);
const id = {
  application: whole.map((value) => toId("application", value)),
  endpoint: whole.map((value) => toId("endpoint", value)),
  message: whole.map((value) => toId("message", value)),
  delivery: whole.map((value) => toId("delivery", value)),
  attempt: whole.map((value) => toId("attempt", value)),
};

const publication: fc.Arbitrary<Publication> = fc.record(
  {
    message: fc.record({
      id: id.message,
      application: id.application,
      partition: whole,
      eventType: fc.string(),
      eventId: orNull(fc.string()),
      channels: fc.array(fc.string()),
      tags: fc.array(fc.string()),
      content,
      payloadJson: orNull(fc.string()),
      createdAt: whole,
      deliverAt: orNull(whole),
      expiresAt: orNull(whole),
      retainUntil: whole,
      configVersion: whole,
    }),
    deliveries: fc.array(
      fc.record({
        id: id.delivery,
        endpoint: id.endpoint,
        due: whole,
        rule: fc.constantFrom(...dueRules),
      }),
    ),
    remember: fc.record({
      keyHash: fc.string(),
      requestHash: fc.string(),
      expiresAt: whole,
      answer: fc.record({
        kind: fc.constant("message" as const),
        status: whole,
        message: id.message,
      }),
    }),
    reception: fc.record({
      request: fc.record({
        id: whole.map((value) => toId("request", value)),
        source: whole.map((value) => toId("source", value)),
        application: id.application,
        partition: whole,
        receivedAt: whole,
        method: fc.string(),
        bodyBytes: whole,
        contentType: orNull(fc.string()),
        outcome: fc.constant("accepted" as const),
        reason: fc.constantFrom("event-received" as const, "event-received-later" as const),
        detail: fc.constant(null),
        diagnosis: fc.constant(null),
        status: whole,
        message: orNull(id.message),
        duplicateOf: fc.constant(null),
        eventId: orNull(fc.string()),
        eventType: orNull(fc.string()),
        headers: fc.constant(null),
        repeats: fc.constant(0),
        keptUntil: fc.constant(null),
        retainUntil: whole,
      }),
      dedupe: orNull(fc.record({ keyHash: fc.string(), until: whole })),
    }),
  },
  { requiredKeys: ["message", "deliveries"], noNullPrototype: true },
);

const attempt: fc.Arbitrary<Attempt> = fc.record({
  id: id.attempt,
  application: id.application,
  endpoint: id.endpoint,
  message: id.message,
  delivery: id.delivery,
  number: whole,
  trigger: fc.constantFrom(...triggers),
  startedAt: whole,
  outcome: fc.constantFrom(...outcomes),
  errorClass: orNull(fc.constantFrom(...errorClasses)),
  detail: orNull(fc.string()),
  phases: fc.record(
    {
      queueMs: whole,
      dnsMs: whole,
      connectMs: whole,
      tlsMs: whole,
      firstByteMs: whole,
      totalMs: whole,
      reused: fc.boolean(),
    },
    { requiredKeys: ["queueMs", "totalMs", "reused"], noNullPrototype: true },
  ),
  response: orNull(
    fc.record({
      status: whole,
      headers: fc.array(fc.tuple(fc.string(), fc.string())),
      body: bytes,
      truncated: fc.boolean(),
    }),
  ),
  address: orNull(fc.string()),
  endpointVersion: whole,
  worker: fc.string(),
});

const settlement: fc.Arbitrary<Settlement> = fc.oneof(
  fc.record({
    kind: fc.constant("retry" as const),
    attempt,
    due: whole,
    rule: fc.constantFrom(...dueRules),
  }),
  fc.record({
    kind: fc.constant("end" as const),
    attempt,
    reason: fc.constantFrom("delivered" as const, "gone" as const),
  }),
  fc.record({
    kind: fc.constant("discard" as const),
    endpoint: id.endpoint,
    delivery: id.delivery,
    reason: fc.constant("expired" as const),
    at: whole,
  }),
);

const queued: fc.Arbitrary<QueuedDelivery> = fc.record({
  id: id.delivery,
  application: id.application,
  endpoint: id.endpoint,
  message: id.message,
  due: whole,
  rule: fc.constantFrom(...dueRules),
  attempts: whole,
  resendOf: orNull(id.delivery),
  expiresAt: orNull(whole),
  content: orNull(content),
});

/** Bytes are bytes, whichever kind of view holds them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Array.from(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function toStore(message: ToStore): unknown {
  return plain(unpackToStore(structuredClone(packToStore(message))));
}

function fromStore(message: FromStore): FromStore {
  return unpackFromStore(structuredClone(packFromStore(message)));
}

describe("what crosses threads arrives as it was sent", () => {
  test("publications", () => {
    fc.assert(
      fc.property(publication, (sent) => {
        const call: Call = { id: 7, name: "publish", args: [sent] };
        const message: ToStore = { kind: "calls", calls: [call] };
        expect(toStore(message)).toEqual(plain(message));
      }),
    );
  });

  test("settlements", () => {
    fc.assert(
      fc.property(fc.array(settlement), (settlements) => {
        const rest = { lanes: [], restedLanes: [], events: [], disables: [] };
        const call: Call = { id: 7, name: "record", args: [{ epoch: 3, settlements, ...rest }] };
        const message: ToStore = { kind: "calls", calls: [call] };
        expect(toStore(message)).toEqual(plain(message));
      }),
    );
  });

  test("deliveries, in the feed and in a window", () => {
    fc.assert(
      fc.property(fc.array(queued), orNull(whole), (deliveries, nextDue) => {
        const message: FromStore = {
          kind: "answers",
          changes: [],
          feed: [
            { kind: "committed", deliveries },
            { kind: "waiting", lanes: [] },
          ],
          feedBytes: 9,
          answers: [{ id: 4, kind: "value", value: { deliveries, nextDue } }],
        };
        expect(plain(fromStore(message))).toEqual(plain(message));
      }),
    );
  });
});

test("other calls and answers cross as they are", () => {
  const calls: ToStore = { kind: "calls", calls: [{ id: 1, name: "countKeys", args: [] }] };
  expect(toStore(calls)).toEqual(calls);
  const error = { kind: "unavailable", fault: "disk-full", message: "full" } as const;
  const answers: FromStore = {
    kind: "answers",
    changes: [{ kind: "keys" }],
    feed: [],
    feedBytes: 0,
    answers: [
      { id: 1, kind: "value", value: { kind: "published" } },
      { id: 2, kind: "value", value: undefined },
      { id: 3, kind: "error", error },
    ],
  };
  expect(fromStore(answers)).toEqual(answers);
});

test("deliveries of one message share its content on the other side", () => {
  const [delivery] = fc.sample(queued, 1);
  if (delivery === undefined) throw new Error("no sample");
  const shared = { body: new Uint8Array(3), contentType: null, headers: {} };
  const deliveries = [1, 2].map(() => ({ ...delivery, content: shared }));
  const feed = [{ kind: "committed", deliveries } as const];
  const message: FromStore = { kind: "answers", changes: [], feed, feedBytes: 0, answers: [] };
  const arrived = fromStore(message);
  const item = arrived.kind === "answers" ? arrived.feed[0] : undefined;
  if (item?.kind !== "committed") throw new Error("the feed was lost");
  expect(item.deliveries[0]?.content).toBe(item.deliveries[1]?.content);
});
