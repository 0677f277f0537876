import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Packages see each other's sources, so that tests need no build. */
const conditions = ["@posthorn/source", "node", "default"];

/**
 * What tests start finds the sources stripped and compiled before: a server's start takes two thirds
 * of the time, and tests make hundreds. For threads it is more than speed. Node strips types in
 * WebAssembly; the V8 of Node 24 keeps the compiled calls out of it for the whole process, and can
 * free one that a new thread takes up after others have ended. The process then dies with SIGSEGV or
 * SIGTRAP, once in some thousand threads. With the cache only the first thread strips.
 */
const env = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/posthorn-tests", import.meta.url)),
};

const shared = {
  environment: "node" as const,
  execArgv: ["--conditions=@posthorn/source"],
  env,
};

/** Journeys that are not made again on Postgres, and why not. */
const ofSqliteOrOfNoStore = [
  // The embedded store's own files: copies, broken disks, torn logs, syncs.
  "backup",
  "store-faults",
  "torn-wal",
  "durable-answers",
  "first-start",
  // What comes before or after any store.
  "command-line",
  "fuzz-parsers",
  "hostile-clients",
  "targets",
  // The official clients in nine languages: what they are answered is held by svix-wire, on both.
  "svix-clients",
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Journeys mostly wait: one file at a time, as would be on two cores, they take half an hour.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "receiver",
          include: ["packages/receiver/{src,test}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: { ...shared, name: "client", include: ["packages/client/{src,test}/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "server",
          include: ["packages/server/{src,test}/**/*.test.ts"],
          exclude: ["packages/server/test/{journeys,postgres}/**"],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "postgres",
          include: ["packages/server/test/postgres/**/*.test.ts"],
          globalSetup: ["packages/server/test/kit/postgres-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "journeys",
          include: ["packages/server/test/journeys/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "journeys-postgres",
          include: ["packages/server/test/journeys/**/*.test.ts"],
          exclude: ofSqliteOrOfNoStore.map((name) => `**/journeys/${name}.test.ts`),
          globalSetup: ["packages/server/test/kit/postgres-setup.ts"],
          env: { ...env, POSTHORN_TEST_STORE: "postgres" },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "repository",
          include: ["test/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["test/layers.test.ts"],
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: { ...shared, name: "layers", include: ["test/layers.test.ts"], testTimeout: 120_000 },
      },
    ],
  },
});
