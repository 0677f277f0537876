import type { Bench, CheckCase, Handled } from "../check-case.ts";
import { pause } from "../exchange.ts";
import {
  bad,
  expectAccepted,
  good,
  isAccepted,
  merged,
  note,
  of,
  shown,
  skipped,
  worst,
} from "../finding.ts";
import type { Finding } from "../finding.ts";
import { withType } from "../sample-event.ts";
import { signed } from "./signed.ts";

const notSeen =
  "Cannot be seen from outside: give a URL that answers how many events were handled (--count-url).";

const noCount = "The URL of the count answered neither a number nor JSON with a count.";

const unknownType: CheckCase = {
  name: "unknown-type",
  title: "an event type that it does not know is accepted",
  needs: "accepted",
  why: "Providers add types without notice; one that is refused is repeated for days and counts against the endpoint.",
  mend: "Answer 2xx to every genuine delivery, and ignore what you do not handle.",
  async run(bench) {
    const event = withType(bench.scheme, bench.event(), "posthorn_check_unknown");
    if (event === undefined) return skipped("The scheme has no one place for the type.");
    const delivery = await signed(bench, event);
    if (delivery === undefined) return skipped("The scheme cannot sign such a type.");
    return expectAccepted(await bench.send("a genuine delivery of an unknown type", delivery));
  },
};

const duplicate: CheckCase = {
  name: "duplicate",
  title: "an event that comes again is accepted again",
  needs: "accepted",
  why: "Providers repeat a delivery whose answer they missed; a refusal makes them repeat it once more.",
  mend: "Answer 2xx to a duplicate, without doing its work again.",
  async run(bench) {
    const event = bench.event();
    const delivery = await bench.provider.genuine(event);
    const signedAnew = await bench.provider.genuine(event);
    return merged([
      of("The event", expectAccepted(await bench.send("an event", delivery))),
      of("Again", expectAccepted(await bench.send("the same delivery again", delivery))),
      of(
        "Signed anew",
        expectAccepted(await bench.send("the same event, signed anew", signedAnew)),
      ),
    ]);
  },
};

const concurrent: CheckCase = {
  name: "concurrent-duplicates",
  title: "the same event several times at once is accepted each time",
  needs: "accepted",
  why: "Retries and a slow first answer overlap; receivers that look first and insert then fail with a conflict.",
  mend: "Let a unique key decide (INSERT … ON CONFLICT DO NOTHING), and answer 2xx to the loser.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    const sent = Array.from({ length: bench.concurrency }, () =>
      bench.send("the same event at once", delivery),
    );
    const findings = (await Promise.all(sent)).map(expectAccepted);
    const worstOne = worst(findings);
    return worstOne.verdict === "good" ? good(`All ${findings.length} were accepted.`) : worstOne;
  },
};

const reordered: CheckCase = {
  name: "reordered",
  title: "events that come in another order are accepted",
  needs: "accepted",
  why: "No provider promises an order: a retry of the first comes after the second.",
  mend: "Do not require the object's earlier event; compare the event's own time, or fetch the object.",
  async run(bench) {
    const [first, second] = [bench.event(2), bench.event(1)];
    const later = await bench.provider.genuine(second);
    const earlier = await bench.provider.genuine(first);
    return merged([
      of("The later event", expectAccepted(await bench.send("the later event", later))),
      of("The earlier event", expectAccepted(await bench.send("the earlier event", earlier))),
    ]);
  },
};

const handledOnce: CheckCase = {
  name: "handled-once",
  title: "an event that came several times is handled once",
  needs: "accepted",
  why: "At least once is what providers promise: without this, money moves twice.",
  mend: "Record the event's id and its effect in one transaction, under a unique key.",
  async run(bench) {
    const before = await standingCount(bench);
    if (before === "unasked") return note(notSeen);
    if (before === "unknown") return skipped(noCount);
    const delivery = await bench.provider.genuine(bench.event());
    const sent = Array.from({ length: bench.concurrency }, () =>
      bench.send("the same event at once", delivery),
    );
    const answers = await Promise.all(sent);
    await bench.send("the same event afterwards", delivery);
    const refusal = answers.map(expectAccepted).find(({ verdict }) => verdict !== "good");
    if (refusal !== undefined) return refusal;
    return judgeCount(bench, before, answers.length + 1);
  },
};

const newId: CheckCase = {
  name: "new-id",
  title: "a delivery that is repeated under another id is handled once",
  needs: "accepted",
  why: "The signature does not cover the id's header: whoever has one delivery can send it as many events.",
  mend: "Recognise duplicates by the signed content, too; this package's inbox does.",
  async run(bench) {
    const place = bench.scheme.event.id;
    const isUnsigned = place !== undefined && "header" in place && place.signed !== true;
    if (!isUnsigned) return skipped("The id is signed, or there is none in a header.");
    const before = await standingCount(bench);
    if (before === "unasked") return skipped(notSeen);
    if (before === "unknown") return skipped(noCount);
    const delivery = await bench.provider.genuine(bench.event());
    const headers = delivery.headers.map(
      ([name, value]) => [name, name === place.header ? `${value}-again` : value] as const,
    );
    const again = { ...delivery, headers };
    if ((await bench.provider.judge(again)).kind === "rejected") {
      return skipped("The id is part of what is signed.");
    }
    await bench.send("an event", delivery);
    const answer = await bench.send("the same delivery under another id", again);
    if (!isAccepted(answer)) return good(`Refused: ${shown(answer)}.`);
    const finding = await judgeCount(bench, before, 2);
    return finding.verdict === "bad" ? note(finding.says) : finding;
  },
};

/** Work is done after the answer, so the count is asked until it has moved, and then until it stands still. */
async function judgeCount(bench: Bench, before: number, times: number): Promise<Finding> {
  const until = performance.now() + bench.timeoutMs;
  while ((await bench.handled()) === before && performance.now() < until) await pause(100);
  const after = await standingCount(bench);
  if (typeof after === "string") return skipped(noCount);
  if (after === before) return bad(`Sent ${times} times, and the count did not move.`);
  const says = `Sent ${times} times, handled ${after - before} times.`;
  return after - before === 1 ? good(says) : bad(says);
}

const standingMs = 700;

/** What earlier checks sent may still be at work. */
async function standingCount(bench: Bench): Promise<Handled> {
  const until = performance.now() + bench.timeoutMs;
  let seen = await bench.handled();
  while (typeof seen === "number" && performance.now() < until) {
    await pause(standingMs);
    const next = await bench.handled();
    if (next === seen) return seen;
    seen = next;
  }
  return seen;
}

export const events: readonly CheckCase[] = [
  unknownType,
  duplicate,
  concurrent,
  handledOnce,
  newId,
  reordered,
];
