export interface EventType {
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly deprecated: boolean;
  readonly groupName: string | null;
  readonly featureFlags: readonly string[];
  /** JSON text of `{"1": JSON Schema}`; `null`: none. */
  readonly schemas: string | null;
  /** Messages of this type must keep the schema. */
  readonly enforceSchema: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}
