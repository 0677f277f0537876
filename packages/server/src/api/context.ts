import { createConfiguration, type Configuration } from "../publish/configuration.ts";
import { createSchemaCache, type SchemaCache } from "../publish/event-schemas.ts";
import { createPlanner, createPublisher, type PublishMessage } from "../publish/publish-message.ts";
import type { ApiParts } from "./api-parts.ts";
import { createIdempotency, type Idempotency } from "./idempotency.ts";
import { createLookup, type Lookup } from "./lookup.ts";

/** The parts, and what the routes share on top of them. */
export interface ApiContext extends ApiParts {
  readonly configuration: Configuration;
  readonly lookup: Lookup;
  readonly idempotency: Idempotency;
  readonly schemas: SchemaCache;
  readonly publishMessage: PublishMessage;
}

export function createContext(parts: ApiParts): ApiContext {
  const { store, codec, ids } = parts;
  const configuration = createConfiguration(store);
  const schemas = createSchemaCache();
  const plan = createPlanner({ configuration, schemas, ids });
  return {
    ...parts,
    configuration,
    schemas,
    lookup: createLookup(store, configuration, codec),
    idempotency: createIdempotency(parts.now),
    publishMessage: createPublisher(store, plan),
  };
}
