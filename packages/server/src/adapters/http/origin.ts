import type { Target } from "../../domain/target.ts";
import { Connection, type ConnectionLimits, type ConnectionOwner } from "./connection.ts";
import type { DialParts, SessionHolder } from "./dial.ts";
import type { Exchange, ExchangeOwner } from "./exchange.ts";

/** What an origin tells the sender that keeps it. */
export interface OriginHost {
  readonly parts: DialParts & ConnectionLimits;
  readonly maxConnections: number;
  /** A request that waited and has less time left than this is not begun. */
  readonly minRemainingMs: number;
  /** Connections are closed after their request instead of being kept. */
  readonly closing: boolean;
  exchangeEnded(exchange: Exchange): void;
  originBusy(origin: Origin): void;
  /** No exchange is under way or waits. */
  originQuiet(origin: Origin): void;
  connectionOpened(): void;
  connectionClosed(): void;
}

/** One scheme, host and port: its connections, and the exchanges that wait for one. */
export class Origin implements ExchangeOwner, ConnectionOwner, SessionHolder {
  readonly target: Target;
  session: Buffer | undefined;
  readonly #host: OriginHost;
  readonly #connections = new Set<Connection>();
  /** The last one used is the first one taken, so that those not needed run into their idle time. */
  readonly #free: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  #active = 0;

  constructor(target: Target, host: OriginHost) {
    this.target = target;
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#active === 0 && this.#connections.size === 0;
  }

  start(exchange: Exchange): void {
    if (this.#active++ === 0) this.#host.originBusy(this);
    const connection = this.#free.pop();
    if (connection === undefined) this.#startFresh(exchange);
    else connection.carry(exchange);
  }

  closeFree(): void {
    for (const connection of this.#free.splice(0)) connection.destroy();
  }

  retry(exchange: Exchange): void {
    this.#startFresh(exchange);
  }

  ended(exchange: Exchange): void {
    this.#waiting.delete(exchange);
    this.#host.exchangeEnded(exchange);
    if (--this.#active === 0) this.#host.originQuiet(this);
  }

  connectionFree(connection: Connection): void {
    const next = this.#takeWaiting();
    if (next !== undefined) connection.carry(next);
    else if (this.#host.closing) connection.destroy();
    else this.#free.push(connection);
  }

  connectionLost(connection: Connection): void {
    this.#connections.delete(connection);
    const index = this.#free.indexOf(connection);
    if (index !== -1) this.#free.splice(index, 1);
    const next = this.#takeWaiting();
    if (next !== undefined) this.#startFresh(next);
    else if (this.#active === 0) this.#host.originQuiet(this);
  }

  connectionClosed(): void {
    this.#host.connectionClosed();
  }

  #startFresh(exchange: Exchange): void {
    if (this.#connections.size >= this.#host.maxConnections) {
      this.#waiting.add(exchange);
      return;
    }
    const connection = new Connection(this.target, this.#host.parts, this, this);
    this.#connections.add(connection);
    this.#host.connectionOpened();
    connection.carry(exchange);
  }

  /**
   * The one that waited longest and still has time to be answered. One that has not is left to its
   * deadline: certainly not sent is better than written at the last moment and then unknown.
   */
  #takeWaiting(): Exchange | undefined {
    if (this.#waiting.size === 0) return undefined;
    const neededUntil = performance.now() + this.#host.minRemainingMs;
    for (const exchange of this.#waiting) {
      this.#waiting.delete(exchange);
      if (exchange.deadlineAt >= neededUntil) return exchange;
    }
    return undefined;
  }
}
