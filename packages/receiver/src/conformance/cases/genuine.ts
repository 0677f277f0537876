import type { CheckCase } from "../check-case.ts";
import { bad, expectAccepted, good, merged, note, shown, skipped } from "../finding.ts";

export const genuine: CheckCase = {
  name: "genuine",
  title: "a genuine delivery is accepted",
  needs: "trusted-key",
  why: "The provider takes anything but a 2xx for a failure: it repeats the delivery, and gives the endpoint up at last.",
  mend:
    "Compare the secret (without white space or a line end around it), verify the raw bytes before any body parser, " +
    "and for schemes that sign the URL let both sides use the public one.",
  async run(bench) {
    const { acceptBody } = bench.scheme;
    const delivery = await bench.provider.genuine(bench.event());
    const exchange = await bench.send("a genuine delivery", delivery);
    const finding = expectAccepted(exchange);
    if (finding.verdict !== "good" || exchange.kind !== "answered") return finding;
    if (acceptBody !== undefined && !exchange.body.includes(acceptBody)) {
      return bad(`${shown(exchange)}, without the body that the provider expects: ${acceptBody}`);
    }
    return finding;
  },
};

export const headerCase: CheckCase = {
  name: "header-case",
  title: "header names in lower case are understood",
  needs: "accepted",
  why: "HTTP/2 and many proxies write all names in lower case: the signature is then looked for in vain.",
  mend: "Look headers up without regard to case.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    const what = "a genuine delivery, header names in lower case";
    return expectAccepted(await bench.send(what, delivery, { names: "lower-case" }));
  },
};

export const inTime: CheckCase = {
  name: "in-time",
  title: "the answers come within the provider's patience",
  needs: "accepted",
  why: "A provider that has waited for its time counts a failure and sends again, whatever the receiver did.",
  mend: "Store the event, answer, and do the work afterwards from the store.",
  run(bench) {
    const slowest = bench.slowestMs();
    const { deadlineMs } = bench;
    if (slowest === undefined) return Promise.resolve(skipped("Nothing was accepted."));
    const says = `The slowest answer took ${slowest} ms, and the provider waits ${deadlineMs} ms.`;
    if (slowest > deadlineMs) return Promise.resolve(bad(says));
    return Promise.resolve(slowest > deadlineMs / 2 ? note(says) : good(says));
  },
};

export const survives: CheckCase = {
  name: "survives",
  title: "after all of this a genuine delivery is still accepted",
  needs: "accepted",
  why: "One bad request must not take the receiver away from the good ones.",
  mend: "Look in the receiver's log for what it did last; catch errors around each request.",
  async run(bench) {
    const delivery = await bench.provider.genuine(bench.event());
    return expectAccepted(await bench.send("a genuine delivery at the end", delivery));
  },
};

export const leaks: CheckCase = {
  name: "leaks",
  title: "no answer tells a secret, a right signature or a stack trace",
  needs: "nothing",
  why: "Whoever is told the signature that was expected can send anything; a stack trace names files and versions.",
  mend: "Answer every refusal with the same few words, and write the reason to the log.",
  run: (bench) => Promise.resolve(overall(bench.leaks(), "Nothing of that in any answer.")),
};

export const redirects: CheckCase = {
  name: "redirects",
  title: "no answer is a redirect",
  needs: "nothing",
  why: "Providers do not follow a 3xx: it is a failed delivery, and an attack when it leads elsewhere.",
  mend: "Register the final URL (https, host, trailing slash), and keep login pages off this path.",
  run: (bench) => Promise.resolve(overall(bench.redirects(), "No answer was a 3xx.")),
};

function overall(seen: readonly string[], nothing: string) {
  return seen.length === 0 ? good(nothing) : merged(seen.map(bad));
}
