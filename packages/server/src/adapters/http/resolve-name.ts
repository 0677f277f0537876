import { type LookupAddress, TIMEOUT } from "node:dns";
import { Resolver, lookup as systemLookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { codeOf } from "./failure.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. Rejects when there is none. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ResolverParts {
  /** Asks the name servers. Never blocks a thread. */
  readonly dns: {
    resolve4(hostname: string): Promise<string[]>;
    resolve6(hostname: string): Promise<string[]>;
  };
  /** Asks the system (`getaddrinfo`), which knows more sources of names and blocks a thread. */
  readonly system: Lookup;
  /** The names in the system's hosts file, in lower case. */
  readonly hostsNames: ReadonlySet<string>;
}

/**
 * Resolves names so that slow name servers of some endpoints cannot hold up the others.
 *
 * `getaddrinfo` runs on libuv's pool, two at a time by default: a few names whose servers do not
 * answer would make every other name wait for seconds. So the name servers are asked directly, and
 * the system only about names that are the machine's own (its hosts file, single labels, `.local`)
 * or that DNS does not know, such as those which need a search domain. A name whose servers stay
 * silent is not asked for again that way. Requests that come at the same time share one question.
 */
export function openResolver(parts: ResolverParts): Lookup {
  const asked = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const pending = asked.get(hostname);
    if (pending !== undefined) return pending;
    const answer = resolve(parts, hostname).finally(() => asked.delete(hostname));
    asked.set(hostname, answer);
    return answer;
  };
}

/** The hosts file is read once; a change of it takes a restart. */
export function openSystemResolver(): Lookup {
  return openResolver({
    dns: new Resolver({ timeout: 2000, tries: 2 }),
    system: (hostname): Promise<LookupAddress[]> => systemLookup(hostname, { all: true }),
    hostsNames: readHostsNames(),
  });
}

async function resolve(
  { dns, system, hostsNames }: ResolverParts,
  hostname: string,
): Promise<readonly ResolvedAddress[]> {
  const name = hostname.replace(/\.$/, "");
  if (!name.includes(".") || /\.(?:local|localhost)$/.test(name) || hostsNames.has(name)) {
    return system(hostname);
  }
  const [four, six] = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)]);
  const addresses = [
    ...(four.status === "fulfilled" ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === "fulfilled" ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (addresses.length > 0) return addresses;
  for (const part of [four, six]) {
    if (part.status === "rejected" && codeOf(part.reason) === TIMEOUT) throw part.reason;
  }
  return system(hostname);
}

function readHostsNames(): ReadonlySet<string> {
  const path =
    process.platform === "win32"
      ? `${process.env["SystemRoot"] ?? "C:\\Windows"}\\System32\\drivers\\etc\\hosts`
      : "/etc/hosts";
  try {
    return parseHostsNames(readFileSync(path, "utf8"));
  } catch {
    // Without a hosts file there are no names in it.
    return new Set();
  }
}

/** The names of a hosts file: `address name alias… # comment`. */
export function parseHostsNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of text.split("\n")) {
    const [, ...onLine] = line.replace(/#.*/, "").trim().split(/\s+/);
    for (const name of onLine) names.add(name.toLowerCase());
  }
  return names;
}
