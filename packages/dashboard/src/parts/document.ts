/** As much of OpenAPI 3.1 as the reference shows (OpenAPI 3.1.0 §4.8; JSON Schema 2020-12). */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

export type Schemas = Readonly<Record<string, Schema>>;

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Answer>>;
}

/** An operation and where it is. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Answer {
  readonly description: string;
  readonly content?: Content;
}

export interface Content {
  readonly "application/json"?: { readonly schema: Schema };
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Schemas;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const prefix = "#/components/schemas/";

/** Follows a reference; a schema without one is itself. */
export function follow(schema: Schema, all: Schemas): Schema {
  const name = nameOf(schema);
  return name === undefined ? schema : (all[name] ?? {});
}

export function nameOf(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(prefix) ? schema.$ref.slice(prefix.length) : undefined;
}

/** Its choices without `null`, which is said in the type. */
export function choices(schema: Schema): readonly Schema[] {
  const options = schema.anyOf ?? schema.oneOf ?? [schema];
  return options.filter((option) => option.type !== "null");
}
