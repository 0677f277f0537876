/** `npm run build` begins here: what an earlier build left of files that are gone is not published. */
import { rmSync } from "node:fs";

for (const name of ["receiver", "client", "server"]) {
  rmSync(new URL(`../packages/${name}/dist`, import.meta.url), { recursive: true, force: true });
}
