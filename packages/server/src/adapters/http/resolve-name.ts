import { lookup as systemLookup } from "node:dns/promises";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. Rejects when there is none. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/**
 * The system's resolver, asked once for requests that come at the same time: it takes a thread of
 * libuv's small pool for each question (of which only half may be in `getaddrinfo`), so a burst of
 * connections to one slow name would make every other name wait.
 */
export function systemResolver(): Lookup {
  const asked = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const pending = asked.get(hostname);
    if (pending !== undefined) return pending;
    const answer = systemLookup(hostname, { all: true }).finally(() => asked.delete(hostname));
    asked.set(hostname, answer);
    return answer;
  };
}
