import type { Api } from "../api.ts";
import { buildOpenApi } from "../openapi.ts";
import { referencePage, referencePolicy } from "../reference-page.ts";
import { sendJson } from "../send-json.ts";

/** The OpenAPI document, and a page that shows it. */
export function referenceRoutes(api: Api): void {
  let text: string | undefined;

  api.get(
    "/api/v1/openapi.json",
    { config: { access: "public" }, schema: { hide: true } },
    (_request, reply) => sendJson(reply, 200, (text ??= buildOpenApi(api))),
  );

  api.get("/docs", { config: { access: "public" }, schema: { hide: true } }, (_request, reply) =>
    reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": referencePolicy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      })
      .send(referencePage),
  );

  // Who opens the server's address in a browser wants something to read.
  for (const url of ["/", "/docs/"]) {
    api.get(url, { config: { access: "public" }, schema: { hide: true } }, (_request, reply) =>
      reply.redirect("/docs"),
    );
  }
}
