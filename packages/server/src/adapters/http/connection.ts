import type { Socket } from "node:net";
import { Client } from "undici";
import type { Target } from "../../domain/target.ts";
import { Dial, type DialParts, type DialResult, type SessionHolder } from "./dial.ts";
import type { Carrier, Exchange } from "./exchange.ts";
import { type ResponseGuard, guardResponse } from "./guard-response.ts";

export interface ConnectionOwner {
  /** The answer was read to its end and the connection is fit for another request. */
  connectionFree(connection: Connection): void;
  /** It takes no more requests. Called once. */
  connectionLost(connection: Connection): void;
  /** Its socket is closed. Called once, after `connectionLost`. */
  connectionClosed(): void;
}

export interface ConnectionLimits {
  readonly idleMs: number;
  readonly maxHeaderBytes: number;
}

/**
 * One TCP or TLS connection and the undici client over it. undici would connect again by itself;
 * here a client lives as long as its socket, so that it is always known which connection carries
 * which request, what its address and phases are, and whether it was used before.
 */
export class Connection implements Carrier {
  readonly dial: Dial;
  reused = false;
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  #exchange: Exchange | undefined;
  #socket: Socket | undefined;
  #guard: ResponseGuard | undefined;
  #report: ((result: DialResult) => void) | undefined;
  #lost = false;

  constructor(
    target: Target,
    parts: DialParts & ConnectionLimits,
    sessions: SessionHolder,
    owner: ConnectionOwner,
  ) {
    this.#owner = owner;
    this.dial = new Dial(parts, target, sessions, (result) => this.#dialled(result));
    this.#client = new Client(target.origin, {
      pipelining: 1,
      allowH2: false,
      // The one deadline covers what undici's own timers would.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: parts.idleMs,
      keepAliveMaxTimeout: parts.idleMs,
      maxHeaderSize: parts.maxHeaderBytes,
      connect: (_options, callback) => {
        this.#report = (result) => {
          if (result.kind === "connected") callback(null, result.socket);
          else callback(new Error(result.failure.detail), null);
        };
        this.dial.start();
      },
    });
    this.#client.on("disconnect", () => this.destroy());
  }

  carry(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.connection = this;
    const { method, path, headers, body } = exchange.request;
    this.#client.dispatch({ method, path, headers, body }, exchange);
  }

  requestStarts(): void {
    this.#guard?.begin();
  }

  release(): void {
    // undici closes the socket after it has reported the end, when the peer said so: look then.
    queueMicrotask(this.#free);
  }

  destroy(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#exchange = undefined;
    this.dial.cancel();
    this.#owner.connectionLost(this);
    this.#client.destroy(() => this.#owner.connectionClosed());
  }

  readonly #free = (): void => {
    if (this.#lost) return;
    this.#exchange = undefined;
    this.reused = true;
    // What is still being written belongs to a request that was answered early; the next request
    // would wait behind it for a peer that may have stopped reading.
    const fit = this.#socket?.destroyed === false && this.#socket.writableLength === 0;
    if (fit) this.#owner.connectionFree(this);
    else this.destroy();
  };

  #dialled(result: DialResult): void {
    if (result.kind === "connected") {
      this.#socket = result.socket;
      this.#guard = guardResponse(result.socket, () => {
        const exchange = this.#exchange;
        if (exchange === undefined) this.destroy();
        else exchange.flooded();
      });
    }
    this.#report?.(result);
  }
}
