import { hash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Scope } from "../domain/api-key.ts";
import type { Actor } from "../domain/endpoint.ts";
import type { ApiKeyId } from "../domain/ids.ts";
import type { Store } from "../ports/store.ts";
import { createLru } from "../domain/lru.ts";
import { ApiProblem } from "./problems.ts";

/** Whose key a request came with. */
export interface Caller {
  readonly key: ApiKeyId;
  readonly scope: Scope;
  readonly tokenHash: string;
}

/** A request as far as its routes share it: Fastify's, and that of the direct door. */
export type Call = Pick<FastifyRequest, "caller" | "headers" | "method" | "rawBody" | "url">;

export interface Authenticate {
  (authorization: string | undefined): Promise<Caller>;
  /** Whoever was found before and is kept, without asking the store. */
  known(authorization: string | undefined): Caller | undefined;
}

const maxKeys = 10_000;

/**
 * Looks keys up by the SHA-256 of their token, and keeps those that it found until any key changes.
 *
 * The comparison need not take constant time: what is compared is a hash, and whoever can choose
 * tokens cannot choose their hashes, so its time says nothing that leads to a token.
 */
export function createAuthenticate(store: Pick<Store, "findKeyByHash" | "onChange">): Authenticate {
  const admins = createLru<string, Caller>(maxKeys);
  const scoped = createLru<string, Caller>(maxKeys);
  let generation = 0;
  store.onChange((change) => {
    if (change.kind === "event-type") return;
    generation += 1;
    // A deleted application takes its keys with it.
    scoped.clear();
    if (change.kind !== "application") admins.clear();
  });

  function kept(tokenHash: string): Caller | undefined {
    return admins.get(tokenHash) ?? scoped.get(tokenHash);
  }

  function known(authorization: string | undefined): Caller | undefined {
    const token = tokenOf(authorization);
    return token === undefined ? undefined : kept(hash("sha256", token));
  }

  async function authenticate(authorization: string | undefined): Promise<Caller> {
    const token = tokenOf(authorization);
    if (token === undefined) throw new ApiProblem("authentication_failed", howToAuthenticate);
    const tokenHash = hash("sha256", token);
    const caller = kept(tokenHash);
    if (caller !== undefined) return caller;
    const asked = generation;
    const key = await store.findKeyByHash(tokenHash);
    if (key === undefined) throw new ApiProblem("authentication_failed");
    const found = { key: key.id, scope: key.scope, tokenHash };
    if (asked === generation) (key.scope.kind === "admin" ? admins : scoped).set(tokenHash, found);
    return found;
  }

  return Object.assign(authenticate, { known });
}

const howToAuthenticate = "Send an API key: Authorization: Bearer <token>.";

function tokenOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** An `onRequest` hook: nothing of a body is read for a caller who may not call. */
export function guard(authenticate: Authenticate) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    // A route that does not say is closed, not open.
    const { access = "admin" } = request.routeOptions.config;
    if (access === "public") return;
    const caller = await authenticate(request.headers.authorization);
    if (access === "admin" && caller.scope.kind !== "admin") {
      throw new ApiProblem("insufficient_access");
    }
    request.caller = caller;
  };
}

/** The caller of a route that is not public. */
export function callerOf(request: Pick<Call, "caller">): Caller {
  if (request.caller === null) throw new Error("a route that is public asked for its caller");
  return request.caller;
}

export function actorOf(request: FastifyRequest): Actor {
  return { kind: "key", key: callerOf(request).key };
}
