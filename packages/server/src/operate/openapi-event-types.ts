/** An event type as an OpenAPI document describes it. */
export interface DescribedEventType {
  readonly name: string;
  readonly description: string;
  readonly deprecated: boolean;
  readonly schemas: Record<string, unknown> | null;
  readonly groupName: string | null;
}

/** The webhooks of a document (OpenAPI 3.1 `webhooks`, or `x-webhooks` before it), by name. */
export function readEventTypes(document: unknown): readonly DescribedEventType[] {
  if (!isRecord(document)) return [];
  const webhooks = document["webhooks"] ?? document["x-webhooks"];
  if (!isRecord(webhooks)) return [];
  return Object.entries(webhooks).flatMap(([name, item]) => {
    const operation = isRecord(item) ? (item["post"] ?? item["put"]) : undefined;
    return isRecord(operation) ? [describe(name, operation, document)] : [];
  });
}

function describe(
  name: string,
  operation: Readonly<Record<string, unknown>>,
  document: Readonly<Record<string, unknown>>,
): DescribedEventType {
  const { description, summary, deprecated } = operation;
  const schema = schemaOf(operation);
  const group = operation["x-svix-group-name"] ?? operation["x-group-name"];
  return {
    name,
    description: firstText(description, summary, name),
    deprecated: deprecated === true,
    schemas: schema === undefined ? null : { "1": selfContained(schema, document) },
    groupName: typeof group === "string" ? group : null,
  };
}

function schemaOf(operation: Readonly<Record<string, unknown>>): unknown {
  const requestBody = operation["requestBody"];
  const content = isRecord(requestBody) ? requestBody["content"] : undefined;
  const json = isRecord(content) ? content["application/json"] : undefined;
  return isRecord(json) ? json["schema"] : undefined;
}

/** `$ref`s into the document's components stay right: the components come along. */
function selfContained(schema: unknown, document: Readonly<Record<string, unknown>>): unknown {
  const components = document["components"];
  const schemas = isRecord(components) ? components["schemas"] : undefined;
  if (!isRecord(schema) || schemas === undefined || !hasRef(schema)) return schema;
  return { ...schema, components: { schemas } };
}

function hasRef(schema: unknown): boolean {
  return JSON.stringify(schema).includes('"$ref"');
}

function firstText(...candidates: readonly unknown[]): string {
  const found = candidates.find((each) => typeof each === "string" && each !== "");
  return typeof found === "string" ? cut(found) : "";
}

const maxDescription = 4096;

/** Not within a character that is written in two units. */
function cut(text: string): string {
  if (text.length <= maxDescription) return text;
  return text.slice(0, maxDescription).replace(/[\ud800-\udbff]$/, "");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
