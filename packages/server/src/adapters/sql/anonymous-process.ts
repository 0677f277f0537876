import { hostname } from "node:os";
import { roles, type ProcessIdentity } from "../../ports/worker-store.ts";

/** Of a process that does not say what it is. */
export function anonymousProcess(): ProcessIdentity {
  return { name: `${hostname()}:${process.pid}`, version: "", roles };
}
