import type { Answer, Call, Content, Parameter, Schemas } from "./document.ts";
import { element } from "./element.ts";
import { exampleCall } from "./example-call.ts";
import { schemaTable } from "./schema-table.ts";

/** A call of the API: closed it is a line, open it is all there is to know. */
export function operationCard(call: Call, all: Schemas): HTMLDetailsElement {
  const { method, path, operation } = call;
  const card = element(
    "details",
    "operation",
    element(
      "summary",
      "",
      element("span", `method ${method}`, method.toUpperCase()),
      element("code", "", path),
      element("span", "what", operation.summary ?? ""),
    ),
  );
  card.id = operation.operationId ?? `${method} ${path}`;
  card.dataset["text"] =
    `${method} ${path} ${operation.summary ?? ""} ${operation.description ?? ""}`.toLowerCase();
  // Filled when it is opened, so that the page is there at once.
  card.addEventListener("toggle", () => card.append(...body(call, all)), { once: true });
  return card;
}

function body(call: Call, all: Schemas): Node[] {
  const { operation } = call;
  const parts: Node[] = [];
  if (operation.description !== undefined) parts.push(element("p", "", operation.description));
  parts.push(element("pre", "", exampleCall(call, all)));
  const parameters = operation.parameters ?? [];
  if (parameters.length > 0)
    parts.push(element("h4", "", "Parameters"), parameterTable(parameters, all));
  parts.push(...contentPart("Body", operation.requestBody?.content, all));
  parts.push(element("h4", "", "Answers"));
  for (const [status, answer] of Object.entries(operation.responses))
    parts.push(answerPart(status, answer, all));
  return [element("div", "body", ...parts)];
}

/** Parameters are shown as the fields of an object are. */
function parameterTable(parameters: readonly Parameter[], all: Schemas): HTMLElement {
  const properties = Object.fromEntries(
    parameters.map((each) => [
      each.name,
      {
        ...each.schema,
        description: [`In the ${each.in}.`, each.description ?? each.schema.description ?? ""]
          .join(" ")
          .trim(),
      },
    ]),
  );
  const required = parameters.filter((each) => each.required).map((each) => each.name);
  return schemaTable({ type: "object", properties, required }, all);
}

function contentPart(title: string, content: Content | undefined, all: Schemas): Node[] {
  const schema = content?.["application/json"]?.schema;
  return schema === undefined ? [] : [element("h4", "", title), schemaTable(schema, all)];
}

function answerPart(status: string, answer: Answer, all: Schemas): HTMLElement {
  const schema = answer.content?.["application/json"]?.schema;
  const line = [element("span", `status s${status.charAt(0)}`, status), answer.description];
  if (schema === undefined) return element("p", "answer", ...line);
  const box = element("details", "answer", element("summary", "", ...line));
  box.addEventListener("toggle", () => box.append(schemaTable(schema, all)), { once: true });
  return box;
}
