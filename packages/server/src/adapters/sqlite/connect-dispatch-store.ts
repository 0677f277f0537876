import type { MessagePort } from "node:worker_threads";
import type { DispatchFeed, DispatchStore, FeedItem } from "../../ports/dispatch-store.ts";
import type { SourceStore } from "../../ports/source-store.ts";
import type { ToStore } from "./protocol.ts";
import { RpcClient } from "./rpc-client.ts";
import { packToStore, unpackFromStore, type WireFromStore } from "./wire.ts";

export interface ConnectedDispatchStore
  extends DispatchStore, DispatchFeed, Pick<SourceStore, "findSource"> {
  /** Leaves the store; what is pending is rejected. The store itself goes on. */
  disconnect(): void;
}

/** The dispatcher's end of a port from `SqliteStore.dispatchPort`, on whatever thread it is. */
export function connectDispatchStore(port: MessagePort): ConnectedDispatchStore {
  const post = (message: ToStore) => port.postMessage(packToStore(message));
  const client = new RpcClient(post);
  const buffered: { items: readonly FeedItem[]; bytes: number }[] = [];
  let listener: ((items: readonly FeedItem[]) => void) | undefined;

  const deliver = (items: readonly FeedItem[], bytes: number) => {
    if (items.length === 0) return;
    if (listener === undefined) {
      buffered.push({ items, bytes });
      return;
    }
    listener(items);
    if (bytes > 0) post({ kind: "credit", bytes });
  };

  port.on("message", (wire: WireFromStore) => {
    const message = unpackFromStore(wire);
    if (message.kind !== "answers") return;
    // The feed first: an answer was read after those commits.
    deliver(message.feed, message.feedBytes);
    client.settle(message.answers);
  });
  port.on("close", () => client.end());

  return {
    takeOver: (worker) => client.ask("takeOver", worker),
    targets: (endpoints) => client.ask("targets", endpoints),
    readLane: (read) => client.ask("readLane", read),
    expired: (now, limit) => client.ask("expired", now, limit),
    waitingOf: (endpoint, limit) => client.ask("waitingOf", endpoint, limit),
    record: (batch) => client.ask("record", batch),
    findSource: (id) => client.ask("findSource", id),
    release: (epoch) => client.ask("release", epoch),
    listen: (next) => {
      listener = next;
      for (const { items, bytes } of buffered.splice(0)) deliver(items, bytes);
    },
    disconnect: () => port.close(),
  };
}
