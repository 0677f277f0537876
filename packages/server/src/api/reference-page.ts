import { createHash } from "node:crypto";
import { referenceScript, referenceStyle } from "./pages.gen.ts";

/** Shows /api/v1/openapi.json to people: one page, nothing from elsewhere (packages/dashboard). */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Posthorn API</title>
<style>${referenceStyle}</style>
</head>
<body>
<div class="page">
<aside>
<h1><span>Posthorn</span> API</h1>
<input id="filter" type="search" placeholder="Filter" aria-label="Filter the calls" autocomplete="off">
<nav></nav>
<p><a href="/api/v1/openapi.json">OpenAPI document</a></p>
</aside>
<main><noscript>This page shows the OpenAPI document by a script; the document is linked beside.</noscript></main>
</div>
<script type="module">${referenceScript}</script>
</body>
</html>
`;

/** Only this very script and style run, and only this server is asked. */
export const referencePolicy = [
  "default-src 'none'",
  `script-src ${hashOf(referenceScript)}`,
  `style-src ${hashOf(referenceStyle)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
