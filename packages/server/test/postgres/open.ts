import { createSystemClock } from "../../src/adapters/clock.ts";
import { connectDispatchStore } from "../../src/adapters/postgres/connect-dispatch-store.ts";
import { openPostgresStore } from "../../src/adapters/postgres/open-postgres-store.ts";
import type { OpenedStore } from "../conformance/fixtures.ts";
import { newMigratedDatabase } from "../kit/test-database.ts";

export { newDatabase, type TestDatabase } from "../kit/test-database.ts";

export async function openOn(url: string): Promise<OpenedStore> {
  const store = await openPostgresStore({ url, now: createSystemClock().now });
  const { slot } = store;
  const dispatch = await connectDispatchStore(store.dispatchPort(), url, { slot });
  return {
    store,
    dispatch,
    close: async () => {
      await dispatch.disconnect();
      await store.close();
    },
  };
}

export async function openFresh(): Promise<OpenedStore> {
  const database = await newMigratedDatabase();
  const opened = await openOn(database.url);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await database.drop();
    },
  };
}
