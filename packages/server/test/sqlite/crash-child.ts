/** Publishes for ever and prints the id of each message once it is acknowledged. */
import { openSqliteStore } from "../../src/adapters/sqlite/open-sqlite-store.ts";
import { Maker, settle } from "../conformance/fixtures.ts";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("a data folder expected");
const store = await openSqliteStore({ dataDir });
const maker = new Maker();
const { application, endpoint } = await settle(store, maker);
process.stdout.write(`application ${application}\n`);

async function publish(): Promise<never> {
  for (;;) {
    const publication = maker.publication(application, [endpoint]);
    const result = await store.publish(publication);
    if (result.kind === "published") process.stdout.write(`${publication.message.id}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, publish));
