import { createSecureContext, getCACertificates } from "node:tls";
import {
  type AllowedTargets,
  type Target,
  type TargetVerdict,
  judgeTargetUrl,
  parseAllowedTargets,
} from "../../domain/target.ts";
import type { SendRequest, SendResult, Sender } from "../../ports/sender.ts";
import type { ConnectionLimits } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import type { DialParts } from "./dial.ts";
import { Exchange, maxReadBytes } from "./exchange.ts";
import { Origin, type OriginHost } from "./origin.ts";
import { parseProxyUrl } from "./proxy.ts";
import { type Lookup, openSystemResolver } from "./resolve-name.ts";
import { SignalWatch } from "./signal-watch.ts";

export interface HttpSenderOptions {
  /** For everything from DNS to the last byte read. @default 15000 */
  readonly deadlineMs?: number;
  /** CIDRs (or addresses) that may be reached although the address guard would refuse them. */
  readonly allowedTargets?: readonly string[];
  /**
   * An HTTP or HTTPS proxy for everything that is sent, credentials in its userinfo. Environment
   * variables are ignored. Names are still resolved and judged here, and the proxy is asked for a
   * tunnel to the judged address, for `http:` as for `https:`: in the absolute form a proxy would
   * resolve the name again or replace `Host` by the address (RFC 9112 §3.2.2).
   */
  readonly proxyUrl?: string;
  /** Hosts whose connections are kept; the one that was quiet longest is let go first. @default 1000 */
  readonly maxOrigins?: number;
  /** How long an unused connection is kept. @default 10000 */
  readonly idleMs?: number;
  /** Further requests wait, within their deadline. @default 128 */
  readonly maxConnectionsPerOrigin?: number;
  /** @default 16384 */
  readonly maxHeaderBytes?: number;
  /** So much of an answer's body is handed on, up to the 64 KiB that are read. @default 16384 */
  readonly maxKeptBytes?: number;
  /** Certificate authorities (PEM) trusted beside the usual ones. */
  readonly ca?: readonly string[];
  /** Resolves names instead of the system. */
  readonly lookup?: Lookup;
}

/**
 * Opens the sender of the dispatcher. Redirects are never followed, certificates always verified.
 * Throws when an option is wrong.
 */
export function openHttpSender(options: HttpSenderOptions = {}): Sender {
  return new HttpSender(options);
}

class HttpSender implements Sender, OriginHost {
  readonly parts: DialParts & ConnectionLimits;
  readonly maxConnections: number;
  readonly minRemainingMs: number;
  closing = false;
  readonly #deadlineMs: number;
  readonly #maxOrigins: number;
  readonly #maxKeptBytes: number;
  readonly #allowedTargets: AllowedTargets;
  /** All exchanges are in it. */
  readonly #deadlines = new Deadlines<Exchange>();
  readonly #signals = new SignalWatch((signal) => this.#endEarly(signal));
  readonly #targets: TargetCache;
  readonly #origins = new Map<string, Origin>();
  /** In the order in which they became quiet. */
  readonly #quiet = new Set<Origin>();
  readonly #closed = Promise.withResolvers<void>();
  #openConnections = 0;
  #exchanges = 0;

  constructor(options: HttpSenderOptions) {
    this.#deadlineMs = options.deadlineMs ?? 15_000;
    this.minRemainingMs = this.#deadlineMs / 20;
    this.#maxOrigins = options.maxOrigins ?? 1000;
    this.#maxKeptBytes = Math.min(options.maxKeptBytes ?? 16 * 1024, maxReadBytes);
    this.maxConnections = options.maxConnectionsPerOrigin ?? 128;
    this.#allowedTargets = parseAllowedTargets(options.allowedTargets ?? []);
    this.#targets = new TargetCache(this.#allowedTargets);
    this.parts = {
      allowedTargets: this.#allowedTargets,
      lookup: options.lookup ?? openSystemResolver(),
      proxy: options.proxyUrl === undefined ? undefined : parseProxyUrl(options.proxyUrl),
      secureContext: createSecureContext(
        options.ca === undefined ? {} : { ca: [...getCACertificates("default"), ...options.ca] },
      ),
      idleMs: options.idleMs ?? 10_000,
      maxHeaderBytes: options.maxHeaderBytes ?? 16 * 1024,
    };
  }

  send(request: SendRequest, signal?: AbortSignal): Promise<SendResult> {
    const startedAt = performance.now();
    const refused = this.#refuse(signal);
    if (refused !== undefined) return Promise.resolve(refused);
    const verdict = this.#targets.judge(request.url);
    if (verdict.kind === "refused") {
      const { errorClass, detail } = verdict;
      return Promise.resolve(notSent({ errorClass, detail }));
    }
    const { target } = verdict;
    const origin = this.#originOf(target);
    const prepared = {
      method: request.method ?? "POST",
      path: target.path,
      headers: endToEndHeaders(request.headers),
      body: request.body,
    };
    return new Promise((resolve) => {
      const limits = {
        startedAt,
        deadlineMs: this.#deadlineMs,
        maxKeptBytes: this.#maxKeptBytes,
      };
      const exchange = new Exchange(prepared, origin, limits, resolve);
      this.#begin(exchange, origin, signal);
    });
  }

  close(): Promise<void> {
    this.closing = true;
    for (const origin of this.#origins.values()) origin.closeFree();
    this.#settleClosed();
    return this.#closed.promise;
  }

  exchangeEnded(exchange: Exchange): void {
    this.#exchanges--;
    this.#deadlines.remove(exchange);
  }

  originBusy(origin: Origin): void {
    this.#quiet.delete(origin);
  }

  originQuiet(origin: Origin): void {
    if (origin.isEmpty) {
      this.#quiet.delete(origin);
      this.#origins.delete(origin.target.origin);
      this.#settleClosed();
      return;
    }
    this.#quiet.add(origin);
    this.#letGo();
  }

  connectionOpened(): void {
    this.#openConnections++;
  }

  connectionClosed(): void {
    this.#openConnections--;
    this.#settleClosed();
  }

  #refuse(signal: AbortSignal | undefined): SendResult | undefined {
    if (this.closing) {
      return notSent({ errorClass: "connection-failed", detail: "The sender is closed." });
    }
    if (signal?.aborted === true) {
      return notSent({
        errorClass: "connect-timeout",
        detail: "The sender was told to stop before it began.",
      });
    }
    return undefined;
  }

  #begin(exchange: Exchange, origin: Origin, signal: AbortSignal | undefined): void {
    this.#exchanges++;
    this.#deadlines.add(exchange);
    if (signal !== undefined) {
      exchange.signal = signal;
      this.#signals.watch(signal);
    }
    origin.start(exchange);
  }

  #endEarly(signal: AbortSignal): void {
    for (const exchange of this.#deadlines.all()) {
      if (exchange.signal === signal) exchange.endEarly();
    }
  }

  #originOf(target: Target): Origin {
    const known = this.#origins.get(target.origin);
    if (known !== undefined) return known;
    const origin = new Origin(target, this);
    this.#origins.set(target.origin, origin);
    this.#letGo();
    return origin;
  }

  /** Origins in use are never let go, so there can be more for as long as more are in use. */
  #letGo(): void {
    for (const origin of this.#quiet) {
      if (this.#origins.size <= this.#maxOrigins) return;
      origin.closeFree();
    }
  }

  #settleClosed(): void {
    if (this.closing && this.#openConnections === 0 && this.#exchanges === 0) {
      this.#closed.resolve();
    }
  }
}

/** Parsing a URL costs more than looking it up, and an endpoint's URL is the same each time. */
class TargetCache {
  static readonly #maxEntries = 4096;
  static readonly #maxCachedLength = 1024;
  readonly #allowedTargets: AllowedTargets;
  readonly #verdicts = new Map<string, TargetVerdict>();

  constructor(allowedTargets: AllowedTargets) {
    this.#allowedTargets = allowedTargets;
  }

  judge(url: string): TargetVerdict {
    const known = this.#verdicts.get(url);
    if (known !== undefined) return known;
    const verdict = judgeTargetUrl(url, this.#allowedTargets);
    if (url.length > TargetCache.#maxCachedLength) return verdict;
    if (this.#verdicts.size >= TargetCache.#maxEntries) this.#verdicts.clear();
    this.#verdicts.set(url, verdict);
    return verdict;
  }
}

/**
 * They belong to the connection, not to the message (RFC 9110 §7.6.1), or are derived from what is
 * sent; `host` would also undo which certificate is asked for.
 */
const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function endToEndHeaders(headers: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined && !connectionHeaders.has(name.toLowerCase())) list.push(name, value);
  }
  return list;
}

function notSent(failed: Pick<SendResult, "errorClass" | "detail">): SendResult {
  return { outcome: "not-sent", ...failed, totalMs: 0, reused: false };
}
