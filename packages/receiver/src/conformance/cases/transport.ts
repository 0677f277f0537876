import { utf8, utf8Text } from "../../bytes.ts";
import type { Bench, CheckCase } from "../check-case.ts";
import { pause } from "../exchange.ts";
import type { Exchange } from "../exchange.ts";
import {
  bad,
  expectAccepted,
  expectNoFailure,
  good,
  isAccepted,
  merged,
  note,
  of,
  shown,
  skipped,
} from "../finding.ts";
import type { Finding } from "../finding.ts";
import { signed } from "./signed.ts";

const otherMethods: CheckCase = {
  name: "other-methods",
  title: "only POST brings events",
  needs: "nothing",
  why: "Link previews and scanners send GET; a handler that runs for it fails, or handles nothing as an event.",
  mend: "Register the route for POST (and for the provider's question, if it has one); answer 405 else.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    const get = { ...delivery, method: "GET", body: new Uint8Array() };
    const put = { ...delivery, method: "PUT" };
    return merged([
      judgeMethod(await bench.send("GET, without a body", get), "GET"),
      judgeMethod(await bench.send("PUT of a delivery", put), "PUT"),
    ]);
  },
};

function judgeMethod(exchange: Exchange, method: string): Finding {
  const isUnknown = exchange.kind === "answered" && exchange.status === 501;
  if (isUnknown) return good(`${method}: ${shown(exchange)}.`);
  return isAccepted(exchange)
    ? note(`${method} was answered ${shown(exchange)}: make sure that it handles nothing.`)
    : of(method, expectNoFailure(exchange));
}

const chunked: CheckCase = {
  name: "chunked",
  title: "a body in chunks, without its length, is accepted",
  needs: "accepted",
  why: "Proxies and providers send Transfer-Encoding: chunked; a receiver that reads Content-Length sees nothing.",
  mend: "Read the body to its end, and count the bytes while doing so.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    const body = { kind: "chunked", bytes: delivery.body } as const;
    return expectAccepted(await bench.send("a genuine delivery in chunks", delivery, { body }));
  },
};

const halfSent: CheckCase = {
  name: "half-sent",
  title: "a sender that goes away half-way leaves no trace",
  needs: "accepted",
  why: "Connections break; an error that nobody catches ends the process, or leaves a lock behind.",
  mend: "Handle the request's error and aborted events.",
  async run(bench) {
    const event = bench.event();
    const delivery = await bench.provider.genuine(event);
    const body = { kind: "cut", bytes: delivery.body } as const;
    await bench.send("half of a delivery, and then nothing", delivery, { body });
    return expectAccepted(await bench.send("the same delivery, whole", delivery));
  },
};

const large: CheckCase = {
  name: "large-body",
  title: "a genuine delivery of 2 MiB is accepted, or refused with 413",
  needs: "accepted",
  why:
    "Providers send bodies of megabytes (GitHub up to 25 MB), and frameworks stop at 100 kB: cut bodies look like " +
    "wrong signatures.",
  mend: "Raise the parser's limit to what the provider sends, and answer 413 beyond it.",
  async run(bench) {
    const event = bench.event();
    const body = padded(event.body, 2 * 2 ** 20);
    if (body === undefined) return skipped("The body cannot be made larger.");
    const delivery = await signed(bench, { ...event, body });
    if (delivery === undefined) return skipped("The scheme cannot sign such a body.");
    return judgeLarge(await bench.send("a genuine delivery of 2 MiB", delivery));
  },
};

function judgeLarge(exchange: Exchange): Finding {
  if (isAccepted(exchange)) return good(shown(exchange));
  if (exchange.kind === "failed") {
    return exchange.how === "closed"
      ? note(`${shown(exchange)}: 413 would say why.`)
      : bad(`It failed: ${shown(exchange)}.`);
  }
  if (exchange.status === 413)
    return note(`${shown(exchange)}: make sure that the provider sends less.`);
  return bad(`Neither accepted nor 413: ${shown(exchange)}.`);
}

/** White space in front changes no JSON; another field changes a form. */
function padded(body: Uint8Array, bytes: number): Uint8Array | undefined {
  const text = utf8Text(body);
  if (text?.startsWith("{") === true || text?.startsWith("[") === true) {
    return utf8(" ".repeat(bytes) + text);
  }
  return text !== undefined && text.includes("=")
    ? utf8(`${text}&Pad=${"x".repeat(bytes)}`)
    : undefined;
}

const floodBytes = 32 * 2 ** 20;

const endless: CheckCase = {
  name: "endless-body",
  title: "a forged body of 32 MiB is not read to its end",
  needs: "nothing",
  why: "Nobody had to sign it: a few such senders fill the memory.",
  mend: "Count the bytes while reading and answer 413, or close the connection, at a limit.",
  async run(bench) {
    const delivery = await bench.provider.ofStranger(bench.event());
    const flood = { kind: "flood", size: floodBytes } as const;
    const finding = merged([
      of(
        "With its length",
        judgeFlood(
          await bench.send("a forged body of 32 MiB", delivery, {
            body: { ...flood, chunked: false },
          }),
        ),
      ),
      of(
        "In chunks",
        judgeFlood(
          await bench.send("a forged body of 32 MiB in chunks", delivery, {
            body: { ...flood, chunked: true },
          }),
        ),
      ),
    ]);
    if (finding.verdict === "bad") return finding;
    return (await answersOthers(bench, "a genuine delivery afterwards")) ?? finding;
  },
};

function judgeFlood(exchange: Exchange): Finding {
  if (exchange.kind === "failed") {
    return exchange.how === "closed"
      ? good(`It closed the connection: ${shown(exchange)}.`)
      : bad(`It hung: ${shown(exchange)}.`);
  }
  if (isAccepted(exchange)) return bad(`It was accepted: ${shown(exchange)}.`);
  if (exchange.status >= 500) return bad(`It failed: ${shown(exchange)}.`);
  return exchange.status === 413 || !exchange.sentAll
    ? good(`Refused before its end: ${shown(exchange)}.`)
    : bad(`It read all 32 MiB, and then refused: ${shown(exchange)}.`);
}

const headStartMs = 300;

const slow: CheckCase = {
  name: "slow-body",
  title: "a body that trickles in holds nobody up, and ends some time",
  needs: "nothing",
  why: "Open requests are all that an attacker needs to use up a receiver.",
  mend: "Give bodies a time limit (server.requestTimeout, a proxy's client_body_timeout), and answer 408.",
  async run(bench) {
    const event = bench.event();
    const delivery = await bench.provider.genuine(event);
    const body = {
      kind: "dripped",
      bytes: new Uint8Array(10_000).fill(0x20),
      everyMs: 250,
    } as const;
    const dripping = bench.send("a body that comes a byte at a time", delivery, { body });
    // By then the receiver has its headers.
    await pause(headStartMs);
    const others = answersOthers(bench, "a genuine delivery meanwhile");
    const first = await Promise.race([others.then(() => "others"), dripping.then(() => "slow")]);
    const exchange = await dripping;
    const meanwhile = await others;
    if (meanwhile !== undefined) return meanwhile;
    if (exchange.kind === "failed" && exchange.how === "timeout") {
      return first === "slow"
        ? bad("Another delivery was answered only after the slow one had ended.")
        : note(`It still waited after ${exchange.ms} ms.`);
    }
    if (isAccepted(exchange)) return bad(`It was accepted before its end: ${shown(exchange)}.`);
    return good(`It gave up: ${shown(exchange)}.`);
  },
};

/** Undefined when they are answered; without the key, whether they are refused. */
async function answersOthers(bench: Bench, what: string): Promise<Finding | undefined> {
  const delivery = await bench.provider.genuine(bench.event());
  const exchange = await bench.send(what, delivery, { isTimed: false });
  const isFine = exchange.kind === "answered" && exchange.status < 500;
  return isFine ? undefined : bad(`Another delivery was not answered: ${shown(exchange)}.`);
}

export const transport: readonly CheckCase[] = [
  otherMethods,
  chunked,
  halfSent,
  large,
  endless,
  slow,
];
