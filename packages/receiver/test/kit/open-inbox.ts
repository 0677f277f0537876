import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { createClient } from "redis";
import { postgresInbox, redisInbox, sqliteInbox } from "../../src/index.ts";
import type { Inbox } from "../../src/index.ts";

export const inboxKinds = ["sqlite", "postgres", "postgres-transactional", "redis"] as const;
export type InboxKind = (typeof inboxKinds)[number];

export function isInboxKind(text: string): text is InboxKind {
  return inboxKinds.some((kind) => kind === text);
}

export interface OpenInbox {
  readonly inbox: Inbox<unknown>;
  readonly close: () => Promise<void>;
}

/** The inbox at a path or URL, for two processes to open alike. */
export async function openInbox(kind: InboxKind, where: string): Promise<OpenInbox> {
  switch (kind) {
    case "sqlite": {
      const database = new DatabaseSync(where);
      return { inbox: sqliteInbox(database), close: async () => database.close() };
    }
    case "postgres": {
      const pool = new pg.Pool({ connectionString: where });
      return { inbox: postgresInbox(pool, { table: "crash_inbox" }), close: () => pool.end() };
    }
    case "postgres-transactional": {
      const pool = new pg.Pool({ connectionString: where });
      const options = { table: "crash_transactions", transactional: true } as const;
      return { inbox: postgresInbox(pool, options), close: () => pool.end() };
    }
    case "redis": {
      const client = createClient({ url: where });
      await client.connect();
      return {
        inbox: redisInbox(client, { prefix: "crash" }),
        close: async () => {
          await client.close();
        },
      };
    }
  }
}
