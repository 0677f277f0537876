import { choices, follow, nameOf, type Schema, type Schemas } from "./document.ts";
import { element } from "./element.ts";

const deepest = 4;

/** A table of an object's fields; fields that are objects open into tables of their own. */
export function schemaTable(schema: Schema, all: Schemas, depth = 0): HTMLElement {
  const shown = objectIn(schema, all);
  if (shown?.properties === undefined) return element("p", "type", describeType(schema, all));
  const rows = Object.entries(shown.properties).map(([name, field]) =>
    element(
      "tr",
      "",
      element("th", "", element("code", "", name), ...required(name, shown)),
      element("td", "type", describeType(field, all)),
      element("td", "", ...describeField(field, all, depth)),
    ),
  );
  return element("table", "fields", element("tbody", "", ...rows));
}

function required(name: string, schema: Schema): Node[] {
  return schema.required?.includes(name) ? [element("span", "required", "required")] : [];
}

function describeField(field: Schema, all: Schemas, depth: number): Node[] {
  const parts: Node[] = [];
  const text = [field.description, limits(field, all)].filter(
    (each) => each !== undefined && each !== "",
  );
  if (text.length > 0) parts.push(element("span", "", text.join(" ")));
  const inner = objectIn(field, all) ?? objectIn(itemsOf(field, all), all);
  if (inner?.properties !== undefined && depth < deepest) {
    const box = element("details", "inner", element("summary", "", "fields"));
    // Filled when it is opened: a document may refer to itself.
    box.addEventListener("toggle", () => box.append(schemaTable(inner, all, depth + 1)), {
      once: true,
    });
    parts.push(box);
  }
  return parts;
}

function objectIn(schema: Schema | undefined, all: Schemas): Schema | undefined {
  if (schema === undefined) return undefined;
  return choices(follow(schema, all))
    .map((choice) => follow(choice, all))
    .find((choice) => choice.properties !== undefined);
}

function itemsOf(schema: Schema, all: Schemas): Schema | undefined {
  return choices(follow(schema, all)).find((choice) => choice.items !== undefined)?.items;
}

function describeType(schema: Schema, all: Schemas): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined)
    return [...new Set(options.map((each) => describeType(each, all)))].join(" or ");
  const name = nameOf(schema);
  if (name !== undefined) return name;
  if (schema.enum !== undefined)
    return schema.enum.map((each) => JSON.stringify(each)).join(" or ");
  if (schema.items !== undefined) return `array of ${describeType(schema.items, all)}`;
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["any"]);
  return types
    .map((type) => (schema.format !== undefined && type === "string" ? schema.format : type))
    .join(" or ");
}

function limits(schema: Schema, all: Schemas): string {
  const said: string[] = [];
  for (const each of choices(follow(schema, all))) {
    const { minimum, maximum, minLength, maxLength, minItems, maxItems } = each;
    said.push(
      ...range(minimum, maximum, ""),
      ...range(minLength, maxLength, " characters"),
      ...range(minItems, maxItems, " items"),
    );
  }
  if (schema.default !== undefined) said.push(`default ${JSON.stringify(schema.default)}`);
  return said.length === 0 ? "" : `(${said.join(", ")})`;
}

function range(
  least: number | undefined,
  most: number | undefined,
  unit: string,
): readonly string[] {
  if (most === undefined || most >= Number.MAX_SAFE_INTEGER)
    return least === undefined || least <= 0 ? [] : [`${least} or more${unit}`];
  return [least === undefined ? `${most} at most${unit}` : `${least} to ${most}${unit}`];
}
