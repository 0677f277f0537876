import { createHash } from "node:crypto";

/** Shows /api/v1/openapi.json to people: one page, nothing from elsewhere. */
const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
summary { cursor: pointer; padding: 0.3rem 0; overflow-wrap: anywhere; }
summary code { font-size: 0.95rem; }
.method { display: inline-block; font-weight: 600; min-width: 4.5rem; }
details details { margin-left: 1rem; }
pre { overflow-x: auto; padding: 0.6rem; background: color-mix(in srgb, currentColor 8%, transparent); }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 0.6rem 0.2rem 0; }
#filter { font: inherit; width: 100%; box-sizing: border-box; padding: 0.4rem; }
`;

const script = `
const prefix = "#/components/schemas/";
const make = (tag, text, ...children) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};
const resolve = (schema, all, seen) => {
  if (schema === null || typeof schema !== "object") return schema;
  if (Array.isArray(schema)) return schema.map((each) => resolve(each, all, seen));
  if (typeof schema.$ref === "string" && schema.$ref.startsWith(prefix)) {
    const name = schema.$ref.slice(prefix.length);
    return seen.includes(name) ? { $ref: name } : resolve(all[name], all, [...seen, name]);
  }
  return Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, resolve(v, all, seen)]));
};
const showContent = (title, content, all) => {
  const schema = content?.["application/json"]?.schema;
  const box = make("details", "", make("summary", title));
  if (schema) box.append(make("pre", JSON.stringify(resolve(schema, all, []), null, 2)));
  return box;
};
const showOperation = (method, path, operation, all) => {
  const head = make("summary", "", make("span", method.toUpperCase()), make("code", path));
  head.firstChild.className = "method";
  const box = make("details", "", head, make("p", operation.summary));
  box.className = "operation";
  if (operation.description) box.append(make("p", operation.description));
  const parameters = operation.parameters ?? [];
  if (parameters.length > 0) {
    const table = make("table");
    for (const each of parameters) {
      const type = each.schema?.type ?? "";
      table.append(make("tr", "", make("td", "", make("code", each.name)),
        make("td", each.in + (each.required ? ", required" : "")), make("td", String(type)),
        make("td", each.description ?? each.schema?.description ?? "")));
    }
    box.append(table);
  }
  if (operation.requestBody) box.append(showContent("body", operation.requestBody.content, all));
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    box.append(showContent(status + " " + (answer.description ?? ""), answer.content, all));
  }
  return box;
};
const page = document.querySelector("main");
fetch("/api/v1/openapi.json").then((answer) => answer.json()).then((api) => {
  const all = api.components.schemas;
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags?.[0] ?? "Other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(showOperation(method, path, operation, all));
    }
  }
  for (const [tag, operations] of groups) page.append(make("section", "", make("h2", tag), ...operations));
}, () => page.append(make("p", "The document could not be loaded.")));
document.querySelector("#filter").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const each of document.querySelectorAll(".operation")) {
    each.hidden = !each.textContent.toLowerCase().includes(wanted);
  }
});
`;

export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Posthorn API</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Posthorn API</h1>
<p>The <a href="/api/v1/openapi.json">OpenAPI document</a>, for people.</p>
<label for="filter">Filter</label>
<input id="filter" type="search" autocomplete="off">
</header>
<main></main>
<noscript>This page shows the OpenAPI document by a script; the document is linked above.</noscript>
<script>${script}</script>
</body>
</html>
`;

/** Only this very script and style run, and only this server is asked. */
export const referencePolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
