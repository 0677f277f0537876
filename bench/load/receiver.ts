/** A process that receives: raw sockets, so that it is never the limit. */
import { createServer, type Server, type Socket } from "node:net";
import { monotonicMs } from "./clock.ts";
import { HttpReader, type HttpMessage } from "./http-reader.ts";
import { readMark } from "./payload.ts";
import { serveCommands } from "./serve-commands.ts";
import { spreadOf, type Spread } from "./statistics.ts";

/** A request as it arrived. */
export interface Sighting {
  readonly atMs: number;
  readonly head: string;
  readonly body: string;
}

/** `slow` answers after 100 ms; `hang` when the mode changes. */
export type Mode = "fast" | "hang" | "fail" | "slow";

export interface Received {
  /** First arrivals: one a message and port. */
  readonly arrived: number;
  /** Messages that were accepted and did not arrive, counted for each port. */
  readonly lost: number;
  readonly duplicates: number;
  /** Messages that came under more than one `webhook-id`, or ids that named more than one. */
  readonly confusedIds: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** From publish to arrival. */
  readonly latency: Spread;
}

export interface ReceiverCommands {
  listen(ports: number): Promise<readonly number[]>;
  mode(change: { readonly port: number; readonly mode: Mode }): void;
  /** Counts messages `base` to `base + count - 1` from now on, and no others. */
  begin(run: { readonly base: number; readonly count: number }): void;
  /**
   * Resolves when all that was accepted has arrived at each of the ports, or after `timeoutMs`. `sent`:
   * how many there were in the end, where that is fewer.
   */
  finish(wanted: {
    readonly sent: number | undefined;
    readonly ports: readonly number[];
    readonly refused: readonly number[];
    readonly timeoutMs: number;
  }): Promise<Received>;
  /** What arrives at the port is kept from now on, for `seen`. */
  watch(port: number): void;
  /** What arrived since the last call. */
  seen(port: number): readonly Sighting[];
  /** Requests since the start that belong to no run under way. */
  strays(): number;
}

const slowMs = 100;
const settleMs = 30;
const noContent = "HTTP/1.1 204 No Content\r\n\r\n";
const unavailable = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/** What arrived at one port in the run under way. */
interface Arrivals {
  readonly times: Uint16Array;
  readonly latencies: Float64Array;
  readonly ids: Map<string, number>;
  arrived: number;
  duplicates: number;
  confusedIds: number;
  firstAtMs: number;
  lastAtMs: number;
}

interface Port {
  mode: Mode;
  readonly hanging: Set<Socket>;
  arrivals: Arrivals;
  sightings: Sighting[] | undefined;
}

const ports: Port[] = [];
const servers: Server[] = [];
let run = { base: 0, count: 0 };
let strays = 0;

serveCommands<ReceiverCommands>({
  async listen(count) {
    return Promise.all(Array.from({ length: count }, open));
  },
  mode({ port: index, mode }) {
    const port = portAt(index);
    port.mode = mode;
    if (mode === "hang") return;
    for (const socket of port.hanging) socket.write(noContent);
    port.hanging.clear();
  },
  begin(next) {
    run = next;
    for (const port of ports) port.arrivals = noArrivals(next.count);
  },
  async finish({ ports: indices, refused, sent, timeoutMs }) {
    run = { ...run, count: sent ?? run.count };
    const wanted = indices.map((index) => ports[index]?.arrivals ?? noArrivals(0));
    const expected = run.count - refused.length;
    const until = monotonicMs() + timeoutMs;
    while (wanted.some((each) => each.arrived < expected) && monotonicMs() < until) await pause(5);
    // A duplicate of the last ones would come right behind.
    await pause(settleMs);
    return summary(wanted, new Set(refused));
  },
  watch(index) {
    portAt(index).sightings = [];
  },
  seen(index) {
    return portAt(index).sightings?.splice(0) ?? [];
  },
  strays: () => strays,
});

function portAt(index: number): Port {
  const port = ports[index];
  if (port === undefined) throw new Error(`there is no port ${index}`);
  return port;
}

function open(): Promise<number> {
  const port: Port = {
    mode: "fast",
    hanging: new Set(),
    arrivals: noArrivals(0),
    sightings: undefined,
  };
  ports.push(port);
  const server = createServer({ noDelay: true }, (socket) => {
    const reader = new HttpReader();
    const take = (message: HttpMessage): void => receive(port, socket, message);
    socket.on("data", (chunk: Buffer) => reader.read(chunk, take));
    socket.on("close", () => port.hanging.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", 1024, () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      resolve(address.port);
    });
  });
}

function receive(port: Port, socket: Socket, message: HttpMessage): void {
  const { bodyEnd, bodyStart, bytes, head } = message;
  const text =
    bodyEnd > bodyStart
      ? bytes.toString("latin1", bodyStart, Math.min(bodyEnd, bodyStart + 64))
      : head;
  const mark = readMark(text);
  if (mark === undefined) strays += 1;
  else count(port.arrivals, mark, webhookId(head));
  port.sightings?.push({
    atMs: monotonicMs(),
    head,
    body: bytes.toString("latin1", bodyStart, bodyEnd),
  });
  switch (port.mode) {
    case "fast":
      return void socket.write(noContent);
    case "fail":
      return void socket.write(unavailable);
    case "slow":
      return void setTimeout(() => socket.write(noContent), slowMs);
    case "hang":
      return void port.hanging.add(socket);
  }
}

function count(
  arrivals: Arrivals,
  mark: { readonly n: number; readonly nowMs: number },
  id: string | undefined,
): void {
  const index = mark.n - run.base;
  const before = arrivals.times[index];
  if (before === undefined) {
    strays += 1;
    return;
  }
  const atMs = monotonicMs();
  arrivals.times[index] = before + 1;
  if (id !== undefined) {
    const known = arrivals.ids.get(id);
    if (known === undefined) arrivals.ids.set(id, mark.n);
    if ((known === undefined) !== (before === 0) || (known ?? mark.n) !== mark.n)
      arrivals.confusedIds += 1;
  }
  if (before > 0) {
    arrivals.duplicates += 1;
    return;
  }
  if (arrivals.arrived === 0) arrivals.firstAtMs = atMs;
  arrivals.lastAtMs = atMs;
  arrivals.arrived += 1;
  arrivals.latencies[index] = atMs - mark.nowMs;
}

/** Cut out of the head as a text of its own: a slice of it would keep all of it in memory. */
function webhookId(head: string): string | undefined {
  const at = head.indexOf("\r\nwebhook-id: ");
  if (at < 0) return undefined;
  return Buffer.from(head.slice(at + 14, head.indexOf("\r\n", at + 14)), "latin1").toString(
    "latin1",
  );
}

function summary(wanted: readonly Arrivals[], refused: ReadonlySet<number>): Received {
  const latencies: number[] = [];
  let lost = 0;
  for (const { latencies: each, times } of wanted) {
    for (let index = 0; index < run.count; index += 1) {
      if (times[index] !== 0) latencies.push(each[index] ?? 0);
      else if (!refused.has(run.base + index)) lost += 1;
    }
  }
  const sum = (of: (each: Arrivals) => number) =>
    wanted.reduce((total, each) => total + of(each), 0);
  return {
    arrived: sum((each) => each.arrived),
    lost,
    duplicates: sum((each) => each.duplicates),
    confusedIds: sum((each) => each.confusedIds),
    firstAtMs: Math.min(...wanted.map((each) => each.firstAtMs)),
    lastAtMs: Math.max(...wanted.map((each) => each.lastAtMs)),
    latency: spreadOf(latencies),
  };
}

function noArrivals(count: number): Arrivals {
  return {
    times: new Uint16Array(count),
    latencies: new Float64Array(count),
    ids: new Map(),
    arrived: 0,
    duplicates: 0,
    confusedIds: 0,
    firstAtMs: Number.NaN,
    lastAtMs: Number.NaN,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
