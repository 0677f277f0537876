import { decodeBase64, encodeBase64 } from "../bytes.ts";
import type { Claim, EntryCounts, Failure, NewEntry, StoredEntry } from "./entry.ts";
import type { EntryQuery, Inbox } from "./inbox.ts";
import { redisScripts } from "./redis-scripts.ts";
import { claimOf, storedEntryOf } from "./row.ts";

/** What is used of a client of `redis` (node-redis). */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>;
}

/** What is used of a client of ioredis. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}

export interface RedisInboxOptions {
  /** Stands before every key. @default "posthorn:inbox" */
  readonly prefix?: string;
}

/**
 * An inbox in Redis 6.2 or later, or Valkey, for any number of processes; the client is connected by you. It keeps
 * what Redis keeps: set `appendonly yes`, `appendfsync always` and `maxmemory-policy noeviction`, or a crash of Redis loses
 * what was answered with 2xx.
 */
export function redisInbox(
  client: NodeRedisClient | IoRedisClient,
  options: RedisInboxOptions = {},
): Inbox {
  return new RedisInbox(client, options.prefix ?? "posthorn:inbox");
}

class RedisInbox implements Inbox {
  readonly durable = true;
  readonly #client: NodeRedisClient | IoRedisClient;
  readonly #prefix: string;

  constructor(client: NodeRedisClient | IoRedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  #run(
    script: keyof typeof redisScripts,
    source: string,
    args: readonly (string | number)[],
  ): Promise<unknown> {
    // Redis keeps a script it has compiled, by its text.
    const words = [redisScripts[script], "1", `${this.#prefix}:{${source}}`, ...args.map(String)];
    return "call" in this.#client
      ? this.#client.call("EVAL", ...words)
      : this.#client.sendCommand(["EVAL", ...words]);
  }

  async record(entries: readonly NewEntry[]): Promise<readonly ("recorded" | "duplicate")[]> {
    const [first] = entries;
    if (first === undefined) return [];
    const results = await this.#run("record", first.source, entries.flatMap(argumentsOf));
    return listOf(results).map((each) => (Number(each) === 1 ? "recorded" : "duplicate"));
  }

  async claim(source: string, limit: number, leaseMs: number): Promise<readonly Claim[]> {
    const lease = crypto.randomUUID();
    const found = await this.#run("claim", source, [limit, lease, Math.ceil(leaseMs)]);
    return listOf(found).map((each) => claimOf(rowOf(source, each), lease));
  }

  async extend({ source, key, lease }: Claim, leaseMs: number): Promise<void> {
    await this.#run("extend", source, [markOf(key), lease, Math.ceil(leaseMs)]);
  }

  async complete(
    { source, key, lease }: Claim,
    handle: (transaction: undefined) => Promise<void>,
  ): Promise<"settled" | "lease_lost"> {
    await handle(undefined);
    return settled(await this.#run("done", source, [markOf(key), lease]));
  }

  async fail({ source, key, lease }: Claim, failure: Failure): Promise<"settled" | "lease_lost"> {
    const held = [markOf(key), lease];
    return settled(
      failure.kind === "retry"
        ? await this.#run("retry", source, [...held, Math.ceil(failure.afterMs), failure.error])
        : await this.#run("dead", source, [...held, failure.reason, failure.error]),
    );
  }

  async counts(source: string): Promise<EntryCounts> {
    const counts = listOf(await this.#run("counts", source, [])).map(Number);
    const [open = 0, done = 0, dead = 0, ignored = 0] = counts;
    return { open, done, dead, ignored };
  }

  async list(source: string, query: EntryQuery): Promise<readonly StoredEntry[]> {
    const { state, limit = 100 } = query;
    const found = listOf(await this.#run("list", source, [state, limit]));
    return found.map((each) => storedEntryOf(rowOf(source, each)));
  }

  async replay(source: string, keys: readonly string[]): Promise<number> {
    return Number(await this.#run("replay", source, keys.map(markOf)));
  }

  async discard(source: string, keys: readonly string[]): Promise<number> {
    return Number(await this.#run("discard", source, keys.map(markOf)));
  }

  async prune(source: string, olderThanMs: number): Promise<number> {
    return Number(await this.#run("prune", source, [Math.ceil(olderThanMs)]));
  }
}

/** Keys and content keys share a name space in Redis, so each says which it is. */
function markOf(key: string): string {
  return `id:${key}`;
}

function argumentsOf(entry: NewEntry): readonly (string | number)[] {
  const fields = ["headers", JSON.stringify(entry.headers), "body", base64Of(entry.body)];
  if (entry.type !== undefined) fields.push("type", entry.type);
  const content = entry.contentKey === undefined ? "" : `content:${entry.contentKey}`;
  const { key, state, orderKey = "" } = entry;
  return [markOf(key), content, state, orderKey, fields.length, ...fields];
}

/** As a row of the SQL inboxes. Replies to EVAL are flat lists of names and values. */
function rowOf(source: string, reply: unknown): Readonly<Record<string, unknown>> {
  const flat = listOf(reply);
  const fields = new Map(
    flat.flatMap((name, at) => (at % 2 === 0 ? [[String(name), flat[at + 1]] as const] : [])),
  );
  const body = decodeBase64(String(fields.get("body")));
  const key = String(fields.get("key")).slice(markOf("").length);
  return { ...Object.fromEntries(fields), source, key, body };
}

function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new Error("Redis answered with something that is no list.");
  return reply;
}

function settled(reply: unknown): "settled" | "lease_lost" {
  return Number(reply) === 1 ? "settled" : "lease_lost";
}

/** In pieces: a body has more bytes than a call may have arguments. */
function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x6000) {
    text += encodeBase64(bytes.subarray(at, at + 0x6000));
  }
  return text;
}
