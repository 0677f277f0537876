import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe } from "vitest";
import { redisInbox } from "../../src/inbox/redis-inbox.ts";
import { startRedis } from "../kit/redis-server.ts";
import type { RedisServer } from "../kit/redis-server.ts";
import { describeInbox } from "./inbox-suite.ts";

describe("with a Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  }, 120_000);
  afterAll(() => server?.remove());

  describeInbox("the Redis inbox on node-redis", async () => {
    const prefix = `node-redis-${process.pid}`;
    const clients = [createClient({ url: server.url }), createClient({ url: server.url })] as const;
    await Promise.all(clients.map((client) => client.connect()));
    return {
      inboxes: [redisInbox(clients[0], { prefix }), redisInbox(clients[1], { prefix })],
      close: async () => {
        await Promise.all(clients.map((client) => client.close()));
      },
    };
  });

  describeInbox("the Redis inbox on ioredis", async () => {
    const prefix = `ioredis-${process.pid}`;
    const clients = [new Redis(server.url), new Redis(server.url)] as const;
    return {
      inboxes: [redisInbox(clients[0], { prefix }), redisInbox(clients[1], { prefix })],
      close: async () => {
        await Promise.all(clients.map((client) => client.quit()));
      },
    };
  });
});
