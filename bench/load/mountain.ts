import { join } from "node:path";
import { openDatabase } from "../../packages/server/src/adapters/sqlite/database.ts";
import type { Database } from "../../packages/server/src/adapters/sqlite/database.ts";
import { Engine, type Work } from "../../packages/server/src/adapters/sqlite/engine.ts";
import { storeFile } from "../../packages/server/src/adapters/sqlite/data-folder.ts";
import {
  createIdCodec,
  createIdSource,
  idTimeMs,
  type ApplicationId,
  type EndpointId,
} from "../../packages/server/src/domain/ids.ts";
import { partitionOf } from "../../packages/server/src/domain/partition.ts";
import type { Publication } from "../../packages/server/src/ports/message-store.ts";
import { payloadOf } from "./payload.ts";

export interface Waiting {
  /** As the API shows them. */
  readonly application: string;
  readonly endpoint: string;
  readonly count: number;
  readonly payloadBytes: number;
}

const batch = 1_000;
const batchesPerCheckpoint = 20;
const dayMs = 86_400_000;
const partitions = 64;

/** Opens the store's file as its thread does. No server may have it open. */
export function openEngine(
  folder: string,
  wrap: (database: Database) => Database = (same) => same,
) {
  const database = wrap(openDatabase(join(folder, storeFile)));
  const engine = new Engine(database, { partitions, now: Date.now });
  const { lastId, name } = readInstallation(engine);
  return { engine, database, codec: createIdCodec(name), ids: createIdSource(Date.now, lastId) };
}

/** Writes deliveries that wait, through the store's own publish, in large commits. */
export function addWaiting(folder: string, waiting: Waiting): void {
  const { codec, engine, ids } = openEngine(folder);
  const application = codec.parse("application", waiting.application);
  const endpoint = codec.parse("endpoint", waiting.endpoint);
  if (application === undefined || endpoint === undefined) throw new Error("ids of another store");
  const body = Buffer.from(payloadOf(0, 0, waiting.payloadBytes));
  for (let done = 0; done < waiting.count; done += batch) {
    const size = Math.min(batch, waiting.count - done);
    const work = Array.from({ length: size }, (): Work => {
      const publication = publicationOf({ application, endpoint, body, ids });
      return { name: "publish", args: [publication] };
    });
    const failed = engine.flush(work).results.find(({ kind }) => kind === "error");
    if (failed !== undefined) throw new Error("a message could not be seeded", { cause: failed });
    if (done % (batch * batchesPerCheckpoint) === 0) engine.checkpoints.run();
  }
  engine.close();
}

export function publicationOf(of: {
  readonly application: ApplicationId;
  readonly endpoint: EndpointId;
  readonly body: Uint8Array;
  readonly ids: ReturnType<typeof createIdSource>;
}): Publication {
  const id = of.ids.next("message");
  const createdAt = idTimeMs(id);
  return {
    message: {
      id,
      application: of.application,
      // The store files what waits under it, as the API would have.
      partition: partitionOf(of.application, partitions),
      eventType: "bench.sent",
      eventId: null,
      channels: ["dead"],
      tags: [],
      content: { body: of.body, contentType: null, headers: {} },
      payloadJson: null,
      createdAt,
      deliverAt: null,
      expiresAt: null,
      retainUntil: createdAt + 90 * dayMs,
      configVersion: 1,
    },
    deliveries: [
      { id: of.ids.next("delivery"), endpoint: of.endpoint, due: createdAt, rule: "publish" },
    ],
  };
}

function readInstallation(engine: Engine): { readonly name: string; readonly lastId: number } {
  const reading = engine.read({ name: "installation", args: [] }).next();
  const result = reading.value;
  if (result === undefined || result.kind !== "value") throw new Error("no installation");
  const { value } = result;
  if (typeof value !== "object" || value === null) throw new Error("no installation");
  if (!("name" in value) || !("lastId" in value)) throw new Error("no installation");
  return { name: String(value.name), lastId: Number(value.lastId) };
}
