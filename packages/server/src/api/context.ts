import type { InboundRequest } from "../domain/inbound-request.ts";
import type { Source } from "../domain/source.ts";
import { createGate, type Gate } from "../ingest/gate.ts";
import { createKnownSources, type KnownSources } from "../ingest/known-sources.ts";
import { createProviderKeys } from "../ingest/provider-keys.ts";
import { createRequestLog, type RequestLog } from "../ingest/request-log.ts";
import { verifyAgain, type VerifiedAgain } from "../ingest/verify-again.ts";
import type { PlanMessage } from "../ports/message-planner.ts";
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
  readonly sources: KnownSources;
  readonly gate: Gate;
  readonly requestLog: RequestLog;
  readonly verifyAgain: (source: Source, request: InboundRequest) => Promise<VerifiedAgain>;
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
    ...createIngest(parts, configuration, plan),
  };
}

const hourMs = 3_600_000;

function createIngest(parts: ApiParts, configuration: Configuration, plan: PlanMessage) {
  const { codec, ids, log, now, schemes, settings, store, vault, wallMs } = parts;
  const sources = createKnownSources({ store, codec, vault, schemes, now });
  const keys = createProviderKeys(parts.outbound, now);
  const requestLog = createRequestLog(store, now, (error) => {
    log.error({ err: error }, "rejected requests could not be counted");
  });
  const receiving = {
    application: (id: Source["application"]) => configuration.application({ kind: "id", id }),
    plan,
    ids,
    maxBodyBytes: settings.maxInboundBytes,
    retentionDays: settings.retentionDays,
  };
  const gate = createGate({
    ...receiving,
    store,
    requests: requestLog,
    schemes,
    keys,
    vault,
    formatId: (id) => codec.format("request", id),
    wallMs,
    keepRejectedMs: settings.keepRejectedHours * hourMs,
  });
  const again = { ...receiving, store, known: sources, schemes, keys, vault, now };
  return {
    sources,
    gate,
    requestLog,
    verifyAgain: (source: Source, request: InboundRequest) => verifyAgain(again, source, request),
  };
}
