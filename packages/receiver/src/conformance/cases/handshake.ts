import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { parseJson } from "../../event-places.ts";
import type { HandshakeResponse } from "../../scheme.ts";
import type { Bench, CheckCase } from "../check-case.ts";
import type { Exchange } from "../exchange.ts";
import { bad, good, isAccepted, note, shown, skipped } from "../finding.ts";
import type { Finding } from "../finding.ts";
import type { Delivery, HeaderPairs } from "../provider.ts";
import { questions } from "../questions.ts";
import type { Question } from "../questions.ts";

function ask(bench: Bench): Question | Finding {
  const question = questions[bench.scheme.name]?.(randomBytes(12).toString("hex"), bench.config);
  if (question === undefined) return skipped("The provider asks nothing that can be asked here.");
  if ("needs" in question) return skipped(`Give --config ${question.needs}=…`);
  return question;
}

/** The question as the provider sends it, or as somebody else does. */
async function deliveryOf(bench: Bench, question: Question, forged: boolean): Promise<Delivery> {
  const { forgery } = question;
  const event = { ...bench.event(), body: question.body ?? new Uint8Array() };
  const { provider } = bench;
  const usesOther = forged && (forgery.kind === "signature" || forgery.kind === "probed");
  // Before there is a secret nothing can be signed with it.
  const isSigned = question.method === "POST" && forgery.kind !== "taken";
  const signed = isSigned
    ? await (usesOther ? provider.ofStranger(event) : provider.genuine(event))
    : { url: bench.calledUrl, headers: bench.headers, unsaid: [], body: event.body };
  const query = forged && forgery.kind === "query" ? forgery.query : question.query;
  const added = forged && forgery.kind === "headers" ? forgery.headers : question.headers;
  const more: HeaderPairs = Object.entries(added ?? {});
  const url = new URL(signed.url);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const body = question.method === "POST" ? signed.body : new Uint8Array();
  const headers = [
    ...signed.headers.filter(([name]) => !more.some(([own]) => own === name)),
    ...more,
  ];
  return { method: question.method, url: url.href, headers, body, unsaid: signed.unsaid };
}

const handshake: CheckCase = {
  name: "handshake",
  title: "the provider's question is answered as it expects",
  needs: "trusted-key",
  why: "Without this answer the provider never registers the webhook, or ends it at the next question.",
  mend: "Answer it as the provider documents; answerHandshake of this package does.",
  async run(bench) {
    const question = ask(bench);
    if ("verdict" in question) return question;
    if (question.forgery.kind === "taken") {
      return skipped("The provider asks it only while no secret is in use.");
    }
    const delivery = await deliveryOf(bench, question, false);
    const expected = await bench.provider.answer(delivery);
    if (expected?.kind !== "handshake") return skipped("The scheme knows no answer to it.");
    return compare(await bench.send("the provider's question", delivery), expected.response);
  },
};

function compare(exchange: Exchange, expected: HandshakeResponse): Finding {
  if (exchange.kind === "failed" || !isAccepted(exchange)) {
    return bad(`Not answered: ${shown(exchange)}.`);
  }
  const answered = new Headers([...exchange.headers].map(([name, value]) => [name, value]));
  for (const name of ["webhook-allowed-origin"]) {
    const wanted = expected.headers[name];
    if (wanted !== undefined && answered.get(name) !== wanted)
      return bad(`The header ${name} lacks.`);
  }
  const isJson = (expected.headers["content-type"] ?? "").startsWith("application/json");
  const same = isJson
    ? isDeepStrictEqual(parseJson(exchange.body), parseJson(expected.body))
    : expected.body === "" || givesText(exchange.body, expected.body);
  if (!same) return bad(`${shown(exchange)}, with another answer than the provider expects.`);
  const type = answered.get("content-type") ?? "";
  return type.includes("html")
    ? note(`Right, and sent as ${type}: text/plain, so that no browser runs what a stranger wrote.`)
    : good(shown(exchange));
}

/** Slack also takes its challenge inside JSON. */
function givesText(body: string, text: string): boolean {
  if (body.trim() === text) return true;
  const value = parseJson(body);
  return typeof value === "object" && value !== null && Object.values(value).includes(text);
}

const forgedHandshake: CheckCase = {
  name: "forged-handshake",
  title: "the question of somebody else is not answered",
  needs: "nothing",
  why: "Somebody else could register this address, set its secret, or have it repeat what they like.",
  mend: "Check the question's signature or token before answering; offer to take a secret only while registering.",
  async run(bench) {
    const question = ask(bench);
    if ("verdict" in question) return question;
    const { forgery } = question;
    if (forgery.kind === "none")
      return skipped("Anybody may ask: the provider signs nothing there.");
    const delivery = await deliveryOf(bench, question, true);
    const exchange = await bench.send("the question, of somebody else", delivery);
    const answered = isAccepted(exchange) && exchange.kind === "answered";
    if (!answered) {
      const failed = exchange.kind === "failed" || exchange.status >= 500;
      return failed ? bad(`It failed: ${shown(exchange)}.`) : good(`Refused: ${shown(exchange)}.`);
    }
    // A signed question is harmless to repeat; the others give something away.
    const says = `It was answered: ${shown(exchange)}.`;
    const whole = exchange.body + exchange.headers.flat().join("\n");
    if (forgery.kind === "probed")
      return bad(`${says} The provider probes with it, and wants 401.`);
    if (forgery.kind === "signature")
      return whole.includes(question.challenge) ? note(says) : good(says);
    return forgery.kind === "taken" || whole.includes(question.challenge) ? bad(says) : note(says);
  },
};

export const handshakes: readonly CheckCase[] = [handshake, forgedHandshake];
