/** The part of https://standardschema.dev (version 1) that is used; zod, valibot, arktype and others have it. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type SchemaOutput<Schema> = Schema extends StandardSchema<infer Output> ? Output : unknown;

/** The first few issues in a line. They may quote the data, as the validator's messages do. */
export function describeIssues(issues: readonly StandardIssue[]): string {
  return issues
    .slice(0, 5)
    .map(({ message, path = [] }) => {
      const names = path.map((part) => String(typeof part === "object" ? part.key : part));
      return names.length === 0 ? message : `${names.join(".")}: ${message}`;
    })
    .join("; ");
}
