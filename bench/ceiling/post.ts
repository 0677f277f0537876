import { Pool, type Dispatcher } from "undici";

export interface Poster {
  post(
    headers: Record<string, string>,
    body: Uint8Array | string,
    ended: (status: number) => void,
  ): void;
}

/** The same HTTP client as Posthorn's, bare: `dispatch` on kept-alive connections. */
export function openPoster(url: string, connections: number): Poster {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1, allowH2: false });
  return {
    post(headers, body, ended) {
      const options = { path: pathname, method: "POST", headers, body } as const;
      pool.dispatch(options, new Answer(ended));
    },
  };
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #ended: (status: number) => void;
  #status = 0;

  constructor(ended: (status: number) => void) {
    this.#ended = ended;
  }

  onRequestStart(): void {
    // undici insists on all of them.
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseEnd(): void {
    this.#ended(this.#status);
  }

  onResponseData(): void {
    // Answers are empty.
  }

  onResponseError(): void {
    this.#ended(0);
  }
}
