/** A process that publishes, or posts to a receiver directly: raw sockets, kept alive. */
import { monotonicMs } from "./clock.ts";
import { githubHeaders } from "./github.ts";
import { Line } from "./line.ts";
import { benchHeader, payloadOf } from "./payload.ts";
import { serveCommands } from "./serve-commands.ts";
import { spreadOf, type Spread } from "./statistics.ts";

export interface Load {
  readonly url: string;
  /** More of the same server: messages go to all of them in turn. */
  readonly others?: readonly string[];
  readonly body:
    | { readonly kind: "message"; readonly token: string; readonly channel: string }
    | { readonly kind: "payload" }
    /** Signed as GitHub does. */
    | { readonly kind: "github" }
    | { readonly kind: "empty" };
  readonly payloadBytes: number;
  /** The number of the first message. */
  readonly base: number;
  readonly count: number;
  readonly pace:
    /** Each publisher sends its next message when the last one was answered. */
    | { readonly kind: "closed"; readonly publishers: number }
    /** At a fixed rate, whatever the answers do. */
    | { readonly kind: "open"; readonly perSecond: number };
}

export interface Produced {
  readonly sent: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Numbers of the messages that were not answered 2xx. */
  readonly refused: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly answer: Spread;
  /** How late requests left, at an open pace. */
  readonly late: Spread;
}

export interface ProducerCommands {
  send(load: Load): Promise<Produced>;
  /** Ends the load that is under way: what was sent is all. */
  enough(): void;
}

// A timer fires up to this much late; what is later counts from when it should have left.
const timerMs = 2;
const maxLines = 512;

let underWay: Sending | undefined;

serveCommands<ProducerCommands>({
  send(load) {
    underWay = new Sending(load);
    return underWay.run();
  },
  enough: () => underWay?.enough(),
});

class Sending {
  readonly #load: Load;
  readonly #host: string;
  readonly #port: number;
  readonly #heads: readonly string[];
  readonly #lines: Line[] = [];
  readonly #refused: number[] = [];
  readonly #statuses = new Map<number, number>();
  readonly #answers: number[] = [];
  readonly #late: number[] = [];
  readonly #done = Promise.withResolvers<void>();
  #sent = 0;
  /** How many it is to send. */
  #count: number;

  constructor(load: Load) {
    const url = new URL(load.url);
    this.#load = load;
    this.#count = load.count;
    this.#host = url.hostname;
    this.#port = Number(url.port === "" ? 80 : url.port);
    const { body } = load;
    const auth = body.kind === "message" ? `authorization: Bearer ${body.token}\r\n` : "";
    const type = body.kind === "empty" ? "" : "content-type: application/json\r\n";
    this.#heads = [load.url, ...(load.others ?? [])].map(
      (each) => `POST ${new URL(each).pathname} HTTP/1.1\r\nhost: ${url.host}\r\n${auth}${type}`,
    );
  }

  async run(): Promise<Produced> {
    const { pace } = this.#load;
    const firstAtMs = monotonicMs();
    if (pace.kind === "closed")
      for (let i = 0; i < pace.publishers; i += 1) this.#next(this.#open());
    else this.#tick(firstAtMs, 1000 / pace.perSecond, []);
    await this.#done.promise;
    for (const line of this.#lines) line.close();
    return {
      sent: this.#sent,
      firstAtMs,
      lastAtMs: monotonicMs(),
      refused: this.#refused,
      statuses: Object.fromEntries(this.#statuses),
      answer: spreadOf(this.#answers),
      late: spreadOf(this.#late),
    };
  }

  enough(): void {
    this.#count = this.#sent;
    if (this.#answers.length === this.#count) this.#done.resolve();
  }

  #next(line: Line): void {
    if (this.#sent < this.#count) this.#send(line, monotonicMs(), () => this.#next(line));
  }

  #tick(startMs: number, everyMs: number, idle: Line[]): void {
    const now = monotonicMs();
    for (;;) {
      const dueMs = startMs + this.#sent * everyMs;
      if (this.#sent >= this.#count || dueMs > now) break;
      const line = idle.pop() ?? (this.#lines.length < maxLines ? this.#open() : undefined);
      if (line === undefined) break;
      const lateMs = now - dueMs;
      this.#late.push(lateMs);
      this.#send(line, lateMs > timerMs ? dueMs : monotonicMs(), () => idle.push(line));
    }
    if (this.#sent >= this.#count) return;
    const waitMs = startMs + this.#sent * everyMs - monotonicMs();
    setTimeout(() => this.#tick(startMs, everyMs, idle), Math.max(0, Math.round(waitMs)));
  }

  #send(line: Line, atMs: number, free: () => void): void {
    const n = this.#load.base + this.#sent;
    this.#sent += 1;
    line.send(this.#request(n, atMs), (status) => {
      this.#answers.push(monotonicMs() - atMs);
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
      if (status < 200 || status > 299) this.#refused.push(n);
      if (this.#answers.length === this.#count) this.#done.resolve();
      else free();
    });
  }

  #request(n: number, atMs: number): string {
    const { body, payloadBytes } = this.#load;
    const head = this.#heads[n % this.#heads.length] ?? "";
    if (body.kind === "empty") {
      return `${head}${benchHeader(n, atMs)}\r\ncontent-length: 0\r\n\r\n`;
    }
    const payload = payloadOf(n, atMs, payloadBytes);
    if (body.kind === "github") {
      const headers = githubHeaders(n, payload);
      return `${head}${headers}content-length: ${payload.length}\r\n\r\n${payload}`;
    }
    const text =
      body.kind === "payload"
        ? payload
        : `{"eventType":"bench.sent","channels":["${body.channel}"],"payload":${payload}}`;
    return `${head}content-length: ${text.length}\r\n\r\n${text}`;
  }

  #open(): Line {
    const line = new Line(this.#host, this.#port);
    this.#lines.push(line);
    return line;
  }
}
