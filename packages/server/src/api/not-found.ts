import { problemBody } from "./error-handler.ts";
import type { Api } from "./api.ts";
import { problems } from "./problems.ts";

/**
 * Unknown routes answer JSON, too; a known route with another method says which ones it takes.
 * `otherwise` is of a process that has few of the routes.
 */
export function answerUnknownRoutes(
  api: Api,
  otherwise: "not_found" | "api_elsewhere" = "not_found",
): void {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  api.addHook("onRoute", (route) => {
    // The preflights of @fastify/cors are answered everywhere, and so say nothing about a route.
    if (route.url.endsWith("*")) return;
    const known = routes.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set() };
    routes.set(route.url, known);
    for (const method of [route.method].flat()) known.methods.add(method);
  });
  api.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = new Set<string>();
    for (const { pattern, methods } of routes.values()) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method);
    }
    if (allowed.size === 0) {
      return reply.code(problems[otherwise][0]).send(problemBody(otherwise));
    }
    reply.header("allow", Array.from(allowed).toSorted().join(", "));
    return reply.code(405).send(problemBody("method_not_allowed"));
  });
}

function patternOf(url: string): RegExp {
  const parts = url
    .split("/")
    .map((part) => (part.startsWith(":") ? "[^/]+" : part.replaceAll(".", "\\.")));
  return new RegExp(`^${parts.join("/")}$`);
}
