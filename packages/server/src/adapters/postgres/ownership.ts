import { randomBytes } from "node:crypto";
import pg from "pg";
import { clientConfig, statement, type Database } from "./database.ts";

export interface OwnershipOptions {
  /**
   * An owner that is silent for so long has lost the partitions.
   * @default 10000
   */
  readonly leaseMs?: number;
  /** Another worker has the partitions; called once while it does. */
  readonly onWait?: (owner: string) => void;
  /** Another worker took the partitions that this one had. */
  readonly onLost?: () => void;
}

export interface OwnershipParts extends OwnershipOptions {
  readonly database: Database;
  readonly url: string;
}

export interface Taken {
  readonly epoch: number;
  /** The owner before did not release them. */
  readonly afterCrash: boolean;
}

/** An owner that stopped in order leaves the lease without a name. */
const nobody = "";
const longestRenewMs = 1_000;
/** Of an owner whose session is gone: a connection that was cut is back before. */
const quietMs = 3_000;
const askAgainMs = 200;
const firstRetryMs = 100;

const register = statement(
  "ownership-register",
  `INSERT INTO workers (id, name, started_at, renewed_at) VALUES ($1, $2, now(), now())
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, renewed_at = now()`,
);
const last = statement<{ epoch: number; owner: string }>(
  "ownership-last",
  "SELECT epoch, owner FROM leases WHERE partition = 0 FOR UPDATE",
);
const judge = statement<{ name: string; expired: boolean; quiet: boolean }>(
  "ownership-judge",
  `SELECT name, renewed_at < clock_timestamp() - $2 * interval '1 ms' AS expired,
   renewed_at < clock_timestamp() - $3 * interval '1 ms' AS quiet FROM workers WHERE id = $1`,
);
const sessionKey = "hashtextextended('posthorn worker ' || $1, 0)";
const sessionGone = statement<{ gone: boolean }>(
  "ownership-session-gone",
  `SELECT pg_try_advisory_xact_lock(${sessionKey}) AS gone`,
);
/** Waits for outcomes that the last owner is committing, and shuts out those that come after. */
const take = statement("ownership-take", "UPDATE leases SET owner = $1, epoch = $2");
const forget = statement(
  "ownership-forget",
  `DELETE FROM workers WHERE id = $1 OR renewed_at < now() - interval '1 day'`,
);
const release = statement(
  "ownership-release",
  "UPDATE leases SET owner = $1 WHERE epoch = $2 AND owner = $3",
);
const renew = "UPDATE workers SET renewed_at = clock_timestamp() WHERE id = $1";
const stillMine = "SELECT owner = $1 AS mine FROM leases WHERE partition = 0";

/**
 * Who has the partitions. An owner renews its row each second, on the database's clock, over a session
 * that holds a lock of its name. Another worker takes over when the owner released them, or is silent
 * for the whole lease, or is silent for a few seconds and its session is gone: so a crash, which ends
 * the session, is noticed soon, and a short cut of the network is none.
 */
export class Ownership {
  readonly #parts: OwnershipParts;
  readonly #me = randomBytes(9).toString("base64url");
  readonly #leaseMs: number;
  readonly #renewMs: number;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #owns = false;
  #closed = false;

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
    this.#leaseMs = parts.leaseMs ?? 10_000;
    this.#renewMs = Math.min(longestRenewMs, this.#leaseMs / 4);
  }

  /** Waits while another worker has them. */
  async takeOver(name: string): Promise<Taken> {
    await this.#parts.database.run(register, this.#me, name);
    if (this.#client === undefined) await this.#connect();
    let waiting = false;
    for (;;) {
      const answer = await this.#try();
      if (typeof answer !== "string") {
        this.#owns = true;
        return answer;
      }
      if (!waiting) this.#parts.onWait?.(answer);
      waiting = true;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
      if (this.#closed) throw new Error("the wait for the partitions was ended");
    }
  }

  async release(epoch: number): Promise<void> {
    await this.#parts.database.run(release, nobody, epoch, this.#me);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#owns = false;
    clearTimeout(this.#timer);
    try {
      await this.#parts.database.run(forget, this.#me);
    } catch {
      // The row is old soon, and is removed by whoever takes over next.
    }
    await this.#client?.end();
  }

  /** The name of who has them, if they cannot be taken now. */
  #try(): Promise<Taken | string> {
    return this.#parts.database.transact(async (sql) => {
      const { epoch, owner } = (await sql.get(last)) ?? { epoch: 0, owner: nobody };
      if (owner !== nobody && owner !== this.#me) {
        const found = await sql.get(judge, owner, this.#leaseMs, Math.min(quietMs, this.#leaseMs));
        const free =
          found === undefined ||
          found.expired ||
          (found.quiet && (await sql.get(sessionGone, owner))?.gone === true);
        if (!free) return found.name;
        await sql.run(forget, owner);
      }
      await sql.run(take, this.#me, epoch + 1);
      return { epoch: epoch + 1, afterCrash: owner !== nobody };
    });
  }

  async #connect(): Promise<void> {
    const { url } = this.#parts;
    const client = new pg.Client(clientConfig({ url, name: "posthorn lease" }));
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(`SELECT pg_advisory_lock(${sessionKey})`, [this.#me]);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.on("end", () => this.#connectAgain());
    this.#client = client;
    this.#renewLater(client);
  }

  #connectAgain(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connect().catch(() => this.#connectAgain());
    }, firstRetryMs);
    this.#timer.unref();
  }

  #renewLater(client: pg.Client): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // What fails ends the connection, and another one is made.
      this.#renew(client).then(
        () => this.#renewLater(client),
        () => client.end(),
      );
    }, this.#renewMs);
    this.#timer.unref();
  }

  async #renew(client: pg.Client): Promise<void> {
    if (this.#closed) return;
    await client.query(renew, [this.#me]);
    if (!this.#owns) return;
    const { rows } = await client.query<{ mine: boolean }>(stillMine, [this.#me]);
    if (rows[0]?.mine !== false || !this.#owns) return;
    this.#owns = false;
    this.#parts.onLost?.();
  }
}
