import type { Api } from "./connect.ts";

/** Publishers that go on until they are stopped or the server is gone. */
export interface Load {
  /** The `eventId`s that were answered 202: promised. */
  readonly accepted: ReadonlySet<string>;
  /** Those that were asked for; of what was not answered nothing is known. */
  readonly asked: ReadonlySet<string>;
  /** Answers that were neither 202 nor the end of the connection. */
  readonly refused: readonly string[];
  /** Resolves when every publisher has ended. */
  stop(): Promise<void>;
}

/** Starts publishers, each with one request under way, that publish `limit` messages at most. */
export function startLoad(
  api: Api,
  app: string,
  options: { readonly name: string; readonly publishers: number; readonly limit: number },
): Load {
  const accepted = new Set<string>();
  const asked = new Set<string>();
  const refused: string[] = [];
  let stopped = false;

  async function publish(): Promise<void> {
    while (!stopped && asked.size < options.limit) {
      const eventId = `${options.name}-${asked.size}`;
      asked.add(eventId);
      const body = { eventType: "thing.happened", eventId, payload: { eventId } };
      const answered = await api.ask("POST", `/app/${app}/msg`, { body }).catch(() => undefined);
      if (answered === undefined) return;
      if (answered.status === 202) accepted.add(eventId);
      else refused.push(answered.text);
    }
  }

  const publishers = Array.from({ length: options.publishers }, publish);
  return {
    accepted,
    asked,
    refused,
    stop: async () => {
      stopped = true;
      await Promise.all(publishers);
    },
  };
}
