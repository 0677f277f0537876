/** Makes an example of what a JSON Schema describes; of an unknown part, the plainest thing. */
export function exampleOf(schema: unknown, index: number): Readonly<Record<string, unknown>> {
  const given = examplesOf(schema)[index];
  if (isRecord(given)) return given;
  const made = valueOf(schema, 0);
  return isRecord(made) ? made : {};
}

const maxDepth = 8;

function examplesOf(schema: unknown): readonly unknown[] {
  const examples = isRecord(schema) ? schema["examples"] : undefined;
  return Array.isArray(examples) ? examples : [];
}

function valueOf(schema: unknown, depth: number): unknown {
  if (!isRecord(schema) || depth > maxDepth) return {};
  const [example] = examplesOf(schema);
  for (const given of [example, schema["const"], schema["default"], firstOf(schema["enum"])]) {
    if (given !== undefined) return given;
  }
  const choice = firstOf(schema["oneOf"]) ?? firstOf(schema["anyOf"]) ?? firstOf(schema["allOf"]);
  if (choice !== undefined) return valueOf(choice, depth + 1);
  return valueOfType(schema, depth);
}

function valueOfType(schema: Readonly<Record<string, unknown>>, depth: number): unknown {
  const type = Array.isArray(schema["type"]) ? firstOf(schema["type"]) : schema["type"];
  switch (type) {
    case "string":
      return stringOf(schema);
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return [valueOf(schema["items"], depth + 1)];
    case "object":
    case undefined:
      return objectOf(schema["properties"], depth);
    default:
      return {};
  }
}

function objectOf(properties: unknown, depth: number): Readonly<Record<string, unknown>> {
  if (!isRecord(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, depth + 1)]),
  );
}

function stringOf(schema: Readonly<Record<string, unknown>>): string {
  switch (schema["format"]) {
    case "date-time":
      return "2025-01-01T00:00:00Z";
    case "date":
      return "2025-01-01";
    case "email":
      return "someone@example.com";
    case "uri":
      return "https://example.com/";
    case "uuid":
      return "00000000-0000-4000-8000-000000000000";
    default:
      return "text";
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
