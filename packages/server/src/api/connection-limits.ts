import type { FastifyServerOptions } from "fastify";

/** How long a client may take, and how much it may say before its body. */
export interface ConnectionLimits {
  /** From the connection, or the end of the request before, to the end of the headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte to the last byte of a request: one that drips in would hold on for ever. */
  readonly requestTimeoutMs: number;
  /** How long a connection may lie idle between two requests. */
  readonly keepAliveTimeoutMs: number;
  /** How long nothing may move on a connection, as when a client never reads its answer. */
  readonly stalledTimeoutMs: number;
  /** How often the first two are looked at: they hold to within this time. */
  readonly checkEveryMs: number;
  /** Of the request line and all headers together. */
  readonly maxHeaderBytes: number;
}

const defaults: ConnectionLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 60_000,
  // Longer than the 60 s of common load balancers: the side that knows the other should close first.
  keepAliveTimeoutMs: 72_000,
  stalledTimeoutMs: 120_000,
  checkEveryMs: 5_000,
  maxHeaderBytes: 16_384,
};

/**
 * Fastify's and Node's options for the limits. The number of requests on a connection has no limit:
 * each of them is bounded by itself, and a publisher keeps its connections for days.
 */
export function connectionOptions(given: Partial<ConnectionLimits> = {}) {
  const limits = { ...defaults, ...given };
  return {
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionTimeout: limits.stalledTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.maxHeaderBytes,
      // Node's own answer has no body; `requireHost` gives the contract's.
      requireHostHeader: false,
    },
  } satisfies FastifyServerOptions & { readonly http: object };
}
