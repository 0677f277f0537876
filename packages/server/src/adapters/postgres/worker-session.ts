import pg from "pg";
import { clientConfig } from "./database.ts";
import { renew, sessionKey } from "./worker-rows.ts";

export interface WorkerSessionParts {
  readonly url: string;
  readonly worker: string;
  readonly everyMs: number;
  /**
   * The worker's row was renewed at a time of the database, or is gone (`undefined`); `sentAt` is of
   * this process's monotonic clock.
   */
  readonly renewed: (at: string | undefined, sentAt: number) => Promise<void>;
}

const channel = "posthorn_workers";
const firstRetryMs = 100;

/**
 * The session over which a worker renews its row: it holds a lock of the worker's name, which ends with
 * it, and hears when another worker comes, goes or hands over.
 */
export class WorkerSession {
  readonly #parts: WorkerSessionParts;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(parts: WorkerSessionParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    if (this.#client === undefined) await this.#connect();
  }

  /** Makes the others look at once. What is not told they see within a second. */
  async tell(): Promise<void> {
    try {
      await this.#client?.query(`SELECT pg_notify('${channel}', $1)`, [this.#parts.worker]);
    } catch {
      // The session is gone, and another one on its way.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const { url, worker } = this.#parts;
    const client = new pg.Client(clientConfig({ url, name: "posthorn lease" }));
    client.on("error", () => undefined);
    client.on("notification", ({ payload }) => {
      if (payload !== worker) this.#renewNow(client);
    });
    try {
      await client.connect();
      await client.query(`SELECT pg_advisory_lock(${sessionKey})`, [worker]);
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.on("end", () => this.#connectAgain());
    this.#client = client;
    this.#renewNow(client);
  }

  #connectAgain(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connect().catch(() => this.#connectAgain());
    }, firstRetryMs);
    this.#timer.unref();
  }

  #renewNow(client: pg.Client): void {
    if (this.#closed || client !== this.#client) return;
    this.#again = this.#renewing !== undefined;
    if (this.#again) return;
    clearTimeout(this.#timer);
    this.#renewing = this.#renew(client).finally(() => {
      this.#renewing = undefined;
      if (this.#again) return this.#renewNow(client);
      this.#timer = setTimeout(() => this.#renewNow(client), this.#parts.everyMs);
      this.#timer.unref();
    });
  }

  async #renew(client: pg.Client): Promise<void> {
    const sentAt = performance.now();
    let at: string | undefined;
    try {
      const { rows } = await client.query<{ at: string }>(renew, [this.#parts.worker]);
      at = rows[0]?.at;
    } catch {
      // What fails ends the connection, and another one is made.
      void client.end();
      return;
    }
    try {
      await this.#parts.renewed(at, sentAt);
    } catch {
      // The database is away: the leases run out unless the next time is better.
    }
  }
}
