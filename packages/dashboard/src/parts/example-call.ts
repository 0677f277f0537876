import { type Call, choices, follow, type Schema, type Schemas } from "./document.ts";

/** A curl line to paste, with a body of the required fields. */
export function exampleCall(call: Call, all: Schemas): string {
  const { method, path, operation } = call;
  const lines = [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}"${location.origin}${path}"`,
  ];
  if (!path.startsWith("/api/v1/health"))
    lines.push('-H "authorization: Bearer $POSTHORN_API_KEY"');
  const schema = operation.requestBody?.content["application/json"]?.schema;
  if (schema !== undefined) {
    lines.push(
      '-H "content-type: application/json"',
      `-d '${JSON.stringify(example(schema, all))}'`,
    );
  }
  return lines.join(" \\\n  ");
}

function example(schema: Schema, all: Schemas): unknown {
  const chosen = follow(choices(follow(schema, all))[0] ?? {}, all);
  if (chosen.enum !== undefined) return chosen.enum[0];
  if (chosen.properties !== undefined) {
    const required = Object.entries(chosen.properties).filter(([name]) =>
      chosen.required?.includes(name),
    );
    return Object.fromEntries(
      required.map(([name, field]) => [name, known[name] ?? example(field, all)]),
    );
  }
  if (chosen.items !== undefined) return [example(chosen.items, all)];
  switch (chosen.type) {
    case "integer":
    case "number":
      return chosen.minimum ?? 1;
    case "boolean":
      return true;
    case "object":
      return {};
    default:
      return chosen.format === "date-time" ? "2026-01-31T12:00:00Z" : "text";
  }
}

/** Values that say more than their type does. */
const known: Readonly<Record<string, unknown>> = {
  eventType: "invoice.paid",
  payload: { amount: 4900 },
  url: "https://example.com/hooks",
};
