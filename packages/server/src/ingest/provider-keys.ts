import { X509Certificate } from "node:crypto";
import type { KeyResolver } from "@posthorn/receiver";
import type { SourceId } from "../domain/ids.ts";
import { createLru } from "../domain/lru.ts";
import type { Outbound } from "../ports/outbound.ts";
import { keepMsOf } from "./cache-control.ts";
import type { KnownSource } from "./known-sources.ts";

/** Finds the key of one request that names where its provider's certificate stands. */
export interface RequestKeys {
  readonly resolveKey: KeyResolver;
  /** What was in the way, for people; `undefined` while nothing was. */
  failure(): string | undefined;
}

export interface ProviderKeys {
  /** `undefined` for a source whose scheme names no certificates: it has secrets alone. */
  of(known: KnownSource): RequestKeys | undefined;
}

/** Beyond that a request is told to come again: whoever waits holds its connection. */
const mostAtOnce = 16;
const mostKept = 1_000;
/** A server that fails is left alone for as long; what is refused meanwhile is told to come later than that. */
const failureMs = 4_000;
/** Whoever knows a source's URL can name addresses that are not there: so many at once, and a second. */
const fetchesAtOnce = 10;
const fetchesPerSecond = 0.5;
const maxSources = 10_000;

type Found =
  | { readonly kind: "certificate"; readonly pem: string; readonly keepMs: number }
  | { readonly kind: "unavailable"; readonly why: string };

interface Budget {
  fetches: number;
  at: number;
}

/** Fetches the certificates that requests name, and keeps them by their address. */
export function createProviderKeys(outbound: Outbound, now: () => number): ProviderKeys {
  const kept = createLru<string, { readonly found: Found; readonly until: number }>(mostKept);
  const underWay = new Map<string, Promise<Found>>();
  const budgets = createLru<SourceId, Budget>(maxSources);

  function canAfford(source: SourceId): boolean {
    const at = now();
    const before = budgets.get(source);
    const budget = before ?? { fetches: fetchesAtOnce, at };
    const seconds = Math.max(0, at - budget.at) / 1000;
    budget.fetches = Math.min(fetchesAtOnce, budget.fetches + seconds * fetchesPerSecond);
    budget.at = at;
    if (before === undefined) budgets.set(source, budget);
    if (budget.fetches < 1) return false;
    budget.fetches -= 1;
    return true;
  }

  function find(url: string, source: SourceId): Found | Promise<Found> {
    const known = kept.get(url);
    if (known !== undefined && known.until > now()) return known.found;
    const shared = underWay.get(url);
    if (shared !== undefined) return shared;
    if (underWay.size >= mostAtOnce) return unavailable("too many are being fetched just now.");
    if (!canAfford(source)) return unavailable("requests at this source named too many addresses.");
    const fetching = fetchCertificate(outbound, url).then((found) => {
      underWay.delete(url);
      const keepMs = found.kind === "certificate" ? found.keepMs : failureMs;
      kept.set(url, { found, until: now() + keepMs });
      return found;
    });
    underWay.set(url, fetching);
    return fetching;
  }

  return {
    of({ scheme, source }) {
      const allowed = scheme?.certificateUrl;
      if (allowed === undefined) return undefined;
      let failure: string | undefined;
      return {
        async resolveKey(question) {
          // The scheme has looked at the address already; whether it is called is decided here.
          if (question.kind !== "certificate" || !allowed.test(question.url)) return undefined;
          const found = await find(question.url, source.id);
          if (found.kind === "certificate") return found.pem;
          const { host } = new URL(question.url);
          failure = `The certificate could not be fetched from ${host}: ${found.why}`;
          throw new Error(failure);
        },
        failure: () => failure,
      };
    },
  };
}

/** Never rejects. Whoever calls has judged the address; its connections are judged by `outbound`. */
async function fetchCertificate(outbound: Outbound, url: string): Promise<Found> {
  const { detail, errorClass, response } = await outbound.get(url);
  if (errorClass === "response-timeout") return unavailable("no answer came in time.");
  if (response === undefined) return unavailable(detail ?? "it could not be reached.");
  // A redirect, too: it could lead anywhere.
  if (response.status !== 200) return unavailable(`it answered ${response.status}.`);
  if (response.truncated) return unavailable("its answer is too large, or broke off.");
  const pem = Buffer.from(response.body).toString("latin1");
  if (!isRsaCertificate(pem)) return unavailable("its answer is no certificate with an RSA key.");
  return { kind: "certificate", pem, keepMs: keepMsOf(response.headers) };
}

function isRsaCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.asymmetricKeyType === "rsa";
  } catch {
    // No certificate.
    return false;
  }
}

function unavailable(why: string): Found {
  return { kind: "unavailable", why };
}
