/** What the tests use of Bun's own module. */
declare module "bun:sqlite" {
  import type { SqliteDatabase } from "@posthorn/receiver";

  export const Database: new (path: string) => SqliteDatabase;
}
