/** HTTP over bare sockets, for clients that do not keep to it. */
import { readFileSync, readdirSync } from "node:fs";
import { type Socket, connect as dial } from "node:net";
import { expect } from "vitest";

export interface Client {
  readonly socket: Socket;
  readonly heard: () => string;
  /** All that the server said, once the connection is over. */
  readonly over: Promise<string>;
}

/** Loopback has many addresses: each has ports of its own. */
export function openClient(url: string, from = "127.0.0.1"): Client {
  const { port } = new URL(url);
  const options = { host: "127.0.0.1", port: Number(port), localAddress: from, noDelay: true };
  const socket = dial({ ...options, allowHalfOpen: true });
  let heard = "";
  socket.on("data", (chunk) => void (heard += chunk.toString("latin1")));
  // That a connection ends in a reset is the subject here, not an error.
  socket.on("error", () => undefined);
  const over = new Promise<string>((resolve) => {
    socket.once("end", () => resolve(heard)).once("close", () => resolve(heard));
  });
  return { socket, heard: () => heard, over };
}

/** Says this and waits until the server has ended the connection. */
export async function tell(url: string, pieces: readonly (string | Buffer)[]): Promise<string> {
  const { socket, over } = openClient(url);
  for (const piece of pieces) socket.write(piece);
  const heard = await over;
  socket.destroy();
  return heard;
}

export function statuses(heard: string): readonly string[] {
  return Array.from(heard.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => status ?? "");
}

/** The bodies after the heads, each of which is one of the contract's errors. */
export function expectProblems(heard: string): void {
  const bodies = heard.split(/HTTP\/1\.1 \d+ [^]*?\r\n\r\n/).slice(1);
  for (const body of bodies) {
    const parsed: unknown = JSON.parse(body);
    expect(parsed).toHaveProperty("detail");
  }
}

export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** Of this process and, by inheritance, of the server's. */
export function maxOpenFiles(pid: number): number {
  const limits = readFileSync(`/proc/${pid}/limits`, "utf8");
  return Number(/Max open files\s+(\d+)/.exec(limits)?.[1]);
}
