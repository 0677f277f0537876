import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { bodyBytes } from "../bytes.ts";
import { excerptOf, isRedirect, leaksOf } from "./answers-watch.ts";
import type { Bench, CheckCase, SendOptions } from "./check-case.ts";
import { askCount } from "./count.ts";
import { exchange, pause } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { bad, isAccepted, shown, skipped } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { CannotCheckError } from "./options.ts";
import type { CheckReceiverOptions } from "./options.ts";
import { makeProvider } from "./provider.ts";
import type { Delivery, Provider } from "./provider.ts";
import type { CheckResult, Trial } from "./report.ts";
import { makeEvent } from "./sample-event.ts";
import type { SampleEvent } from "./sample-event.ts";

/** The checks of one receiver, one after the other. */
export interface Run {
  check(each: CheckCase): Promise<CheckResult>;
}

interface Facts {
  readonly options: CheckReceiverOptions;
  readonly target: URL;
  readonly provider: Provider;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
}

/** What was seen so far. */
interface Seen {
  slowestMs: number | undefined;
  isGone: boolean;
  trials: Trial[];
  readonly leaks: string[];
  readonly redirects: string[];
}

/** Small deliveries tell how fast a receiver answers; large ones how fast the network is. */
const smallBytes = 100_000;

/** Makes sure that there is a receiver, and a key to sign with. */
export async function beginRun(options: CheckReceiverOptions): Promise<Run> {
  const { scheme, deadlineMs = scheme.answerWithinMs ?? 5000 } = options;
  const { timeoutMs = Math.max(15_000, deadlineMs + 3000) } = options;
  const target = new URL(options.url);
  const provider = await providerOf(options, target);
  const facts = { options, target, provider, deadlineMs, timeoutMs };
  const seen: Seen = { slowestMs: undefined, isGone: false, trials: [], leaks: [], redirects: [] };
  const bench = makeBench(facts, seen);
  const first = provider.trusted
    ? await provider.genuine(bench.event())
    : await provider.ofStranger(bench.event());
  const answer = await bench.send("a first delivery", first);
  if (answer.kind === "failed" && answer.how === "unreachable") {
    throw new CannotCheckError(`${target.origin} cannot be reached: ${shown(answer)}.`);
  }
  return { check: (each) => check({ each, bench, seen, facts, first: answer }) };
}

async function providerOf(options: CheckReceiverOptions, target: URL): Promise<Provider> {
  const { scheme, secret, config = {}, publicUrl, headers = [] } = options;
  const providerOptions = { scheme, secret, url: publicUrl ?? target.href, config, headers };
  let provider: Provider | undefined;
  try {
    const probe = eventOf(options, 0);
    provider = await makeProvider(providerOptions, probe);
    if (provider === undefined)
      throw new CannotCheckError("Give the receiver's secret to sign with.");
    const verdict = await provider.judge(await provider.genuine(probe));
    if (verdict.kind === "verified") return provider;
    throw new CannotCheckError(`A genuine delivery cannot be made: ${verdict.detail}`);
  } catch (error) {
    if (error instanceof CannotCheckError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new CannotCheckError(`A delivery cannot be signed: ${detail}`, { cause: error });
  }
}

function eventOf(options: CheckReceiverOptions, ageSeconds: number): SampleEvent {
  const { scheme, event, eventType } = options;
  const body = event === undefined ? undefined : bodyBytes(event);
  const given = body === undefined ? undefined : { body, type: eventType };
  const type = eventType ?? (scheme.name === "github" ? "ping" : "posthorn.check");
  const id = `check-${randomBytes(8).toString("hex")}`;
  return makeEvent(scheme, given, { id, type, atMs: Date.now() - ageSeconds * 1000 });
}

function makeBench({ options, target, provider, deadlineMs, timeoutMs }: Facts, seen: Seen): Bench {
  const { scheme, config = {}, publicUrl, headers = [], concurrency = 10, countUrl } = options;
  const send = async (
    what: string,
    delivery: Delivery,
    { body, timeoutMs: ownMs, isTimed = true, names = "Title-Case" }: SendOptions = {},
  ): Promise<Exchange> => {
    const sent = body ?? ({ kind: "whole", bytes: delivery.body } as const);
    const outgoing = {
      method: delivery.method,
      url: whereTo(target, publicUrl ?? target.href, delivery.url),
      headers: delivery.headers.map(
        ([name, value]) => [names === "Title-Case" ? titleCase(name) : name, value] as const,
      ),
      body: sent,
    };
    const result = await exchange(outgoing, ownMs ?? timeoutMs);
    const isSmall = sent.kind === "whole" && sent.bytes.length < smallBytes;
    if (isTimed && isSmall && isAccepted(result))
      seen.slowestMs = Math.max(seen.slowestMs ?? 0, result.ms);
    record(seen, what, result, { secrets: provider.secretTexts, unsaid: delivery.unsaid });
    return result;
  };
  return {
    scheme,
    provider,
    config,
    calledUrl: publicUrl ?? target.href,
    headers,
    deadlineMs,
    timeoutMs,
    concurrency,
    slowestMs: () => seen.slowestMs,
    leaks: () => seen.leaks,
    redirects: () => seen.redirects,
    event: (ageSeconds = 0) => eventOf(options, ageSeconds),
    send,
    handled: async () =>
      countUrl === undefined ? "unasked" : ((await askCount(countUrl, timeoutMs)) ?? "unknown"),
  };
}

/** As most providers write them over HTTP/1.1. */
function titleCase(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** A scheme that signs the URL may add to its query. */
function whereTo(target: URL, called: string, signed: string): URL {
  if (signed === called) return target;
  const url = new URL(target);
  url.search = new URL(signed).search;
  return url;
}

function record(
  seen: Seen,
  sent: string,
  result: Exchange,
  { secrets, unsaid }: { readonly secrets: readonly string[]; readonly unsaid: readonly string[] },
): void {
  for (const what of leaksOf(result, secrets, unsaid)) {
    seen.leaks.push(`The answer to ${sent} holds ${what}.`);
  }
  if (isRedirect(result)) seen.redirects.push(`The answer to ${sent} was ${shown(result)}.`);
  const excerpt = excerptOf(result, [...secrets, ...unsaid]);
  const { ms } = result;
  seen.trials.push({
    sent,
    answer:
      result.kind === "failed"
        ? { kind: "failed", how: result.how, ms }
        : {
            kind: "answered",
            status: result.status,
            ms,
            ...(excerpt === undefined ? {} : { excerpt }),
          },
  });
}

interface CheckInput {
  readonly each: CheckCase;
  readonly bench: Bench;
  readonly seen: Seen;
  readonly facts: Facts;
  /** The answer to the first delivery. */
  readonly first: Exchange;
}

async function check(input: CheckInput): Promise<CheckResult> {
  const { each, bench, seen, facts } = input;
  const { name, title, why, mend } = each;
  seen.trials = [];
  let finding = reasonToSkip(input) ?? (await each.run(bench));
  const broke = seen.trials.some(
    ({ answer }) => answer.kind === "failed" && answer.how !== "timeout" && answer.how !== "cut",
  );
  if (broke && !(await isListening(facts.target))) {
    seen.isGone = true;
    finding = bad("It took the receiver down: nothing listens there any more.");
  }
  const isEmptyMerit =
    each.wantsRefusal === true && facts.provider.trusted && !isAccepted(input.first);
  if (isEmptyMerit && finding.verdict === "good") {
    finding = skipped("Refused, as genuine deliveries are: that says nothing.");
  }
  const { verdict, says } = finding;
  const advice = verdict === "bad" || verdict === "note" ? { why, mend } : {};
  return { name, title, verdict, says, ...advice, trials: seen.trials };
}

function reasonToSkip({ each, seen, facts, first }: CheckInput): Finding | undefined {
  if (each.needs !== "nothing" && !facts.provider.trusted) {
    return skipped("Only the provider can sign it: give the private key of a receiver under test.");
  }
  if (seen.isGone) return skipped("The receiver is gone.");
  if (each.name === "genuine") return undefined;
  if (first.kind === "failed" && first.how === "timeout") return skipped("It does not answer.");
  if (each.needs === "accepted" && !isAccepted(first)) {
    return skipped("It does not accept genuine deliveries.");
  }
  return undefined;
}

/** For three seconds: a supervisor may start it again. */
async function isListening({ hostname, port, protocol }: URL): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  for (let tries = 0; tries < 30; tries += 1) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(number, host, () => resolve(true));
      socket.on("connect", () => socket.destroy());
      socket.on("error", () => resolve(false));
    });
    if (connected) return true;
    await pause(100);
  }
  return false;
}
