import type { Exchange } from "./exchange.ts";

export type FindingVerdict = "good" | "bad" | "note" | "skipped";

/** What one check found. */
export interface Finding {
  readonly verdict: FindingVerdict;
  /** What was seen, in one sentence. */
  readonly says: string;
}

export const good = (says: string): Finding => ({ verdict: "good", says });
export const bad = (says: string): Finding => ({ verdict: "bad", says });
export const note = (says: string): Finding => ({ verdict: "note", says });
export const skipped = (says: string): Finding => ({ verdict: "skipped", says });

/** The worst of several; of equals the first. */
export function worst(findings: readonly Finding[]): Finding {
  const order: readonly FindingVerdict[] = ["bad", "note", "good", "skipped"];
  const sorted = findings.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return sorted[0] ?? skipped("Nothing was sent.");
}

/** The first of the worst ones, and how many there are; when all are good a word for the whole. */
export function merged(findings: readonly Finding[]): Finding {
  const { verdict } = worst(findings);
  if (verdict === "good") return good(`All ${findings.length} were well answered.`);
  const equals = findings.filter((each) => each.verdict === verdict).map(({ says }) => says);
  const [first = "", ...others] = new Set(equals);
  return { verdict, says: others.length === 0 ? first : `${first} And ${others.length} more.` };
}

/** Says of which of several requests it is. */
export function of(what: string, { verdict, says }: Finding): Finding {
  return { verdict, says: `${what}: ${says}` };
}

/** In a few words: `200 in 3 ms`. */
export function shown(exchange: Exchange): string {
  if (exchange.kind === "answered") return `${exchange.status} in ${exchange.ms} ms`;
  switch (exchange.how) {
    case "unreachable":
      return `no connection (${exchange.detail ?? "unknown"})`;
    case "closed":
      return `closed without an answer after ${exchange.ms} ms`;
    case "timeout":
      return `no answer in ${exchange.ms} ms`;
    case "cut":
      return "cut off by the check";
  }
}

export function isAccepted(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status >= 200 && exchange.status < 300;
}

/** A right delivery: 2xx, and nothing else. */
export function expectAccepted(exchange: Exchange): Finding {
  return isAccepted(exchange) ? good(shown(exchange)) : bad(`Not accepted: ${shown(exchange)}.`);
}

/** A forgery: 4xx. A redirect is judged by a check of its own. */
export function expectRefused(exchange: Exchange): Finding {
  if (exchange.kind === "failed") {
    return exchange.how === "closed"
      ? note(`Refused, without an answer: ${shown(exchange)}.`)
      : bad(`Not refused: ${shown(exchange)}.`);
  }
  if (isAccepted(exchange)) return bad(`It was accepted: ${shown(exchange)}.`);
  return exchange.status >= 500
    ? bad(`It failed instead of refusing: ${shown(exchange)}.`)
    : good(`Refused: ${shown(exchange)}.`);
}

/** Odd, but no forgery: accepted or refused, and not failed. */
export function expectNoFailure(exchange: Exchange): Finding {
  const failed = exchange.kind === "failed" || exchange.status >= 500;
  return failed ? bad(`It failed: ${shown(exchange)}.`) : good(shown(exchange));
}
