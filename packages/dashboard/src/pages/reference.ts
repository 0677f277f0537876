import type { ApiDocument, Call } from "../parts/document.ts";
import { element, find } from "../parts/element.ts";
import { operationCard } from "../parts/operation-card.ts";

const address = "/api/v1/openapi.json";

/** The API reference: every call of the OpenAPI document, by what it is about. */
async function show(): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const document: ApiDocument = await answer.json();
  for (const [tag, calls] of byTag(document)) {
    const title = element("h2", "", tag);
    title.id = tag;
    const cards = calls.map((call) => operationCard(call, document.components.schemas));
    find("main", HTMLElement).append(element("section", "", title, ...cards));
    const link = element("a", "", tag);
    link.href = `#${encodeURIComponent(tag)}`;
    find("nav", HTMLElement).append(link);
  }
  openNamed();
}

function byTag(document: ApiDocument): ReadonlyMap<string, readonly Call[]> {
  const groups = new Map<string, Call[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags?.[0] ?? "Other";
      const group = groups.get(tag) ?? [];
      groups.set(tag, [...group, { method, path, operation }]);
    }
  }
  return groups;
}

function filter(text: string): void {
  const wanted = text.toLowerCase().trim();
  for (const section of document.querySelectorAll("section")) {
    const cards = [...section.querySelectorAll("details.operation")];
    for (const card of cards) {
      if (card instanceof HTMLElement) card.hidden = !(card.dataset["text"] ?? "").includes(wanted);
    }
    section.hidden = cards.every((card) => card instanceof HTMLElement && card.hidden);
  }
}

/** Opens what the address names, so that a call can be linked to. */
function openNamed(): void {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
  named?.scrollIntoView();
}

const search = find("#filter", HTMLInputElement);
search.addEventListener("input", () => filter(search.value));
addEventListener("hashchange", openNamed);
show().catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  find("main", HTMLElement).append(element("p", "", `The document could not be shown: ${why}`));
});
