import { type LookupFunction, type Socket, connect as connectTcp } from "node:net";
import { type SecureContext, connect as connectTls } from "node:tls";
import {
  type AllowedTargets,
  type Target,
  describeRefusal,
  judgeAddresses,
} from "../../domain/target.ts";
import { type Failure, connectFailure, failure, lookupFailure, tlsFailure } from "./failure.ts";
import { type Proxy, requestTunnel } from "./proxy.ts";
import type { Lookup, ResolvedAddress } from "./resolve-name.ts";

/** What every connection is made with. */
export interface DialParts {
  readonly allowedTargets: AllowedTargets;
  readonly lookup: Lookup;
  readonly proxy: Proxy | undefined;
  readonly secureContext: SecureContext;
}

/** The last TLS session with an origin, so that the next connection's handshake is short. */
export interface SessionHolder {
  session: Buffer | undefined;
}

export type DialResult =
  | { readonly kind: "connected"; readonly socket: Socket }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Makes one connection: resolve, judge every address, connect to a judged one, tunnel, TLS. What
 * was measured so far can be read at any time, also after a deadline has cut it short.
 */
export class Dial {
  stage: "dns" | "connect" | "proxy" | "tls" | "done" = "dns";
  address: string | undefined;
  dnsMs: number | undefined;
  connectMs: number | undefined;
  tlsMs: number | undefined;
  failure: Failure | undefined;

  readonly #parts: DialParts;
  readonly #target: Target;
  readonly #sessions: SessionHolder;
  readonly #done: (result: DialResult) => void;
  #stageAt = performance.now();
  #socket: Socket | undefined;

  constructor(
    parts: DialParts,
    target: Target,
    sessions: SessionHolder,
    done: (result: DialResult) => void,
  ) {
    this.#parts = parts;
    this.#target = target;
    this.#sessions = sessions;
    this.#done = done;
  }

  start(): void {
    const { hostname, literal } = this.#target;
    if (literal) {
      this.#judge([{ address: hostname, family: hostname.includes(":") ? 6 : 4 }]);
      return;
    }
    this.#parts.lookup(hostname).then(
      (addresses) => {
        if (this.stage !== "dns") return;
        this.dnsMs = this.#lap();
        this.#judge(addresses);
      },
      (error: unknown) => {
        if (this.stage !== "dns") return;
        this.dnsMs = this.#lap();
        this.#fail(lookupFailure(error));
      },
    );
  }

  /** Gives up without calling back. A question to DNS cannot be taken back; its answer is dropped. */
  cancel(): void {
    if (this.stage === "done") return;
    this.stage = "done";
    this.#socket?.destroy();
  }

  #judge(addresses: readonly ResolvedAddress[]): void {
    const [first] = addresses;
    if (first === undefined) {
      this.#fail(failure("dns-failed", "The host name has no address."));
      return;
    }
    const verdict = judgeAddresses(
      addresses.map(({ address }) => address),
      this.#target,
      this.#parts.allowedTargets,
    );
    if (verdict.kind === "refused") {
      this.address = verdict.address;
      this.#fail(failure("address-blocked", describeRefusal(verdict)));
      return;
    }
    this.address = first.address;
    if (this.#parts.proxy === undefined) this.#connect(addresses, first);
    else this.#connectProxy(this.#parts.proxy, first.address);
  }

  /** The name is not looked up again: what was judged is what is connected to. */
  #connect(addresses: readonly ResolvedAddress[], first: ResolvedAddress): void {
    this.stage = "connect";
    const several = addresses.length > 1;
    const socket = connectTcp({
      host: several ? this.#target.hostname : first.address,
      port: this.#target.port,
      ...(several ? { lookup: lookupAmong(addresses), autoSelectFamily: true } : {}),
      ...socketOptions,
    });
    this.#adopt(socket, "connect", connectFailure, () => {
      this.connectMs = this.#lap();
      this.address = socket.remoteAddress ?? this.address;
      this.#secure(socket);
    });
  }

  #connectProxy(proxy: Proxy, address: string): void {
    this.stage = "proxy";
    const socket = connectTcp({ host: proxy.hostname, port: proxy.port, ...socketOptions });
    this.#adopt(socket, "connect", proxyFailure, () => {
      if (!proxy.secure) {
        this.#tunnel(socket, proxy, address);
        return;
      }
      const secured = connectTls({
        socket,
        ...identity(proxy.hostname),
        secureContext: this.#parts.secureContext,
        rejectUnauthorized: true,
      });
      this.#adopt(secured, "secureConnect", proxyFailure, () =>
        this.#tunnel(secured, proxy, address),
      );
    });
  }

  #tunnel(socket: Socket, proxy: Proxy, address: string): void {
    requestTunnel(socket, proxy, { address, port: this.#target.port }, (failed) => {
      if (this.stage === "done") return;
      this.connectMs = this.#lap();
      if (failed === undefined) this.#secure(socket);
      else this.#fail(failed);
    });
  }

  #secure(socket: Socket): void {
    if (!this.#target.secure) {
      this.#succeed(socket);
      return;
    }
    this.stage = "tls";
    const { session } = this.#sessions;
    const secured = connectTls({
      socket,
      ...identity(this.#target.hostname),
      secureContext: this.#parts.secureContext,
      // Also where NODE_TLS_REJECT_UNAUTHORIZED=0 is set for the process.
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
      ...(session === undefined ? {} : { session }),
    });
    secured.on("session", (latest: Buffer) => {
      this.#sessions.session = latest;
    });
    this.#adopt(secured, "secureConnect", tlsFailure, () => {
      this.tlsMs = this.#lap();
      this.#succeed(secured);
    });
  }

  /** Makes `socket` the one that is waited for; the one below it, if any, goes down with it. */
  #adopt(
    socket: Socket,
    ready: "connect" | "secureConnect",
    judge: (error: unknown) => Failure,
    next: () => void,
  ): void {
    this.#socket = socket;
    const onError = (error: Error): void => {
      if (this.stage !== "done") this.#fail(judge(error));
    };
    // The listener stays: an error of a socket that was given up must not be thrown.
    socket.on("error", onError);
    socket.once(ready, () => {
      if (this.stage !== "done") next();
    });
  }

  #succeed(socket: Socket): void {
    this.stage = "done";
    this.#done({ kind: "connected", socket });
  }

  #fail(failed: Failure): void {
    this.stage = "done";
    this.failure = failed;
    this.#socket?.destroy();
    this.#done({ kind: "failed", failure: failed });
  }

  #lap(): number {
    const now = performance.now();
    const elapsedMs = now - this.#stageAt;
    this.#stageAt = now;
    return elapsedMs;
  }
}

const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;

/** RFC 6066 §3: an address is no server name, and a name has no dot at its end. */
function identity(hostname: string): { readonly host: string; readonly servername: string } {
  const isAddress = hostname.includes(":") || /^[0-9.]+$/.test(hostname);
  return { host: hostname, servername: isAddress ? "" : hostname.replace(/\.$/, "") };
}

function lookupAmong(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

function proxyFailure(error: unknown): Failure {
  const { detail } = connectFailure(error);
  return failure("proxy-failed", `The proxy cannot be reached. ${detail}`);
}
