import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDispatchStore } from "../../src/adapters/sqlite/connect-dispatch-store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open-sqlite-store.ts";
import type { OpenedStore } from "../conformance/fixtures.ts";

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "posthorn-sqlite-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function openFresh(): Promise<OpenedStore> {
  const folder = temporaryFolder();
  const store = await openSqliteStore({ dataDir: join(folder.path, "data") });
  const dispatch = connectDispatchStore(store.dispatchPort());
  return {
    store,
    dispatch,
    close: async () => {
      await store.close();
      folder.remove();
    },
  };
}
