import type { EndpointConfig } from "../../domain/endpoint.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type { Target } from "../../ports/dispatch-store.ts";
import type { Database } from "./database.ts";
import type { EndpointSecrets } from "./endpoint-secrets.ts";
import { parseJson, type JsonText } from "../sql/json.ts";

interface Row {
  readonly id: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly version: number;
  readonly config: JsonText<EndpointConfig>;
  readonly deleted_at: number | null;
  readonly application_throttle_rate: number | null;
  readonly application_deleted_at: number | null;
}

/** What the owner of an endpoint must know of it. */
export class Targets {
  readonly #secrets: EndpointSecrets;
  readonly #find;

  constructor(database: Database, secrets: EndpointSecrets) {
    this.#secrets = secrets;
    this.#find = database.prepare<Row>(
      `SELECT e.id, e.application, e.partition, e.version, e.config, e.deleted_at,
       a.throttle_rate AS application_throttle_rate, a.deleted_at AS application_deleted_at
       FROM endpoints e JOIN applications a ON a.id = e.application WHERE e.id = ?`,
    );
  }

  targets(endpoints: Iterable<EndpointId>): readonly Target[] {
    const targets: Target[] = [];
    for (const id of endpoints) {
      const row = this.#find.get(id);
      if (row !== undefined) targets.push(this.#toTarget(row));
    }
    return targets;
  }

  #toTarget(row: Row): Target {
    const config = parseJson(row.config);
    return {
      endpoint: row.id,
      application: row.application,
      partition: row.partition,
      version: row.version,
      url: config.url,
      headers: config.headers,
      secrets: this.#secrets.all(row.id),
      throttleRate: config.throttleRate,
      applicationThrottleRate: row.application_throttle_rate,
      gate: gateOf(row, config),
    };
  }
}

function gateOf(row: Row, config: EndpointConfig): Target["gate"] {
  if (row.application_deleted_at !== null) return "application-deleted";
  if (row.deleted_at !== null) return "endpoint-deleted";
  if (config.disabled) return "disabled";
  return config.paused ? "paused" : "open";
}
