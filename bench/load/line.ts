import { connect, type Socket } from "node:net";
import { HttpReader } from "./http-reader.ts";

/** One kept-alive connection that carries one request at a time. */
export class Line {
  readonly #socket: Socket;
  #answered: ((status: number) => void) | undefined;

  constructor(host: string, port: number) {
    const reader = new HttpReader();
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on("data", (chunk: Buffer) =>
      reader.read(chunk, ({ head }) => this.#answer(Number(head.slice(9, 12)))),
    );
    // A request that was under way is as good as refused.
    this.#socket.on("error", () => this.#answer(0));
    this.#socket.on("close", () => this.#answer(0));
  }

  /** `answered` gets the status; 0: the connection failed. */
  send(request: string, answered: (status: number) => void): void {
    this.#answered = answered;
    if (this.#socket.destroyed) this.#answer(0);
    else this.#socket.write(request, "latin1");
  }

  close(): void {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #answer(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}
