/** JSON as it comes: objects, arrays and scalars. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const refPrefix = "#/components/schemas/";
const inputSuffix = "Input";

/**
 * Makes the generated document stable and plain: keys sorted, schemas that nothing refers to left
 * out, and the `Input` that the generator adds to a schema's name taken away where only requests
 * use the schema.
 */
export function tidyDocument(generated: object): object {
  const document: unknown = JSON.parse(JSON.stringify(generated));
  if (!isObject(document)) throw new Error("the generator made no object");
  const schemas = schemasOf(document);
  const { components: _all, ...rest } = document;
  const used = reachable(rest, schemas);
  const names = new Map(used.map((name) => [name, shortName(name, used)]));
  const kept = Object.fromEntries(
    used.map((name) => [names.get(name) ?? name, schemas[name] ?? {}]),
  );
  const components = isObject(document["components"]) ? document["components"] : {};
  const tidy = { ...rest, components: { ...components, schemas: kept } };
  const sorted = rename(tidy, names);
  if (!isObject(sorted)) throw new Error("a document became something else");
  return sorted;
}

function schemasOf(document: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const components = document["components"];
  const schemas = isObject(components) ? components["schemas"] : undefined;
  return isObject(schemas) ? schemas : {};
}

function reachable(from: Json, schemas: { readonly [key: string]: Json }): readonly string[] {
  const found = new Set<string>();
  const pending: Json[] = [from];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of refsIn(next)) {
      const schema = schemas[name];
      if (schema === undefined) throw new Error(`the document refers to no schema: ${name}`);
      if (!found.has(name)) pending.push(schema);
      found.add(name);
    }
  }
  return Array.from(found).toSorted();
}

function refsIn(value: Json): readonly string[] {
  const found: string[] = [];
  JSON.stringify(value, (key, each: unknown) => {
    if (key === "$ref" && typeof each === "string" && each.startsWith(refPrefix)) {
      found.push(each.slice(refPrefix.length));
    }
    return each;
  });
  return found;
}

function shortName(name: string, used: readonly string[]): string {
  const short = name.endsWith(inputSuffix) ? name.slice(0, -inputSuffix.length) : name;
  return used.includes(short) ? name : short;
}

/** Copies with sorted keys and the new names. */
function rename(value: Json, names: ReadonlyMap<string, string>): Json {
  if (isArray(value)) return value.map((each) => rename(each, names));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(
    entries
      // The generator's own names of schemas; the place in the document says the same.
      .filter(([key]) => key !== "id" || typeof value["id"] !== "string" || !names.has(value["id"]))
      .map(([key, each]) => [key, key === "$ref" ? renameRef(each, names) : rename(each, names)]),
  );
}

function renameRef(ref: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof ref !== "string" || !ref.startsWith(refPrefix)) return ref;
  const name = ref.slice(refPrefix.length);
  return refPrefix + (names.get(name) ?? name);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
