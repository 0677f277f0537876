import type { Api } from "./api.ts";

const lookEveryMs = 20;
/** What a request may still take once the server stops. */
const graceMs = 10_000;

/**
 * Bounds how long `close` takes. Node waits for every connection to end, and one that is kept alive
 * ends only when its client, or a timeout of a minute, says so: one busy client could hold up the
 * stop for ever.
 */
export function stopInTime(api: Api): { readonly isOpen: () => boolean } {
  let closing = false;
  let look: NodeJS.Timeout | undefined;
  let cut: NodeJS.Timeout | undefined;
  api.addHook("onRequest", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
  api.addHook("preClose", async () => {
    closing = true;
    // Requests that began before do not tell their client to close.
    look = setInterval(() => api.server.closeIdleConnections(), lookEveryMs);
    cut = setTimeout(() => api.server.closeAllConnections(), graceMs);
  });
  api.addHook("onClose", async () => {
    clearInterval(look);
    clearTimeout(cut);
  });
  return { isOpen: () => !closing };
}
