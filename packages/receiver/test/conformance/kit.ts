import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { Report } from "../../src/conformance/index.ts";

type Listener = (...parameters: Parameters<RequestListener>) => unknown;

/** What a test's context has for its end. */
type AtEnd = (clean: () => void) => void;

/** Serves on a free port until the test ends; gives its URL. */
export async function serve(listener: Listener, atEnd: AtEnd): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a port expected");
  return `http://127.0.0.1:${address.port}/webhooks`;
}

/** The names of the checks with a verdict, and what they say. */
export function of(
  report: Report,
  verdict: keyof Report["counts"],
): Readonly<Record<string, string>> {
  const found = report.checks.filter((each) => each.verdict === verdict);
  return Object.fromEntries(found.map(({ name, says }) => [name, says]));
}
