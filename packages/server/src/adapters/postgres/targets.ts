import type { EndpointConfig, EndpointSecret, SealedText } from "../../domain/endpoint.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type { Target } from "../../ports/dispatch-store.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { int8s } from "./arrays.ts";
import { statement, type Sql } from "./database.ts";

interface SecretJson {
  readonly sealed: SealedText;
  readonly created_at: number;
  readonly expires_at: number | null;
}

interface Row {
  readonly id: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly version: number;
  readonly config: JsonText<EndpointConfig>;
  readonly deleted_at: number | null;
  readonly application_throttle_rate: number | null;
  readonly application_deleted_at: number | null;
  readonly secrets: JsonText<readonly SecretJson[]> | null;
}

const find = statement<Row>(
  "targets-find",
  `SELECT e.id, e.application, e.partition, e.version, e.config, e.deleted_at,
   a.throttle_rate AS application_throttle_rate, a.deleted_at AS application_deleted_at,
   (SELECT json_agg(json_build_object('sealed', s.sealed, 'created_at', s.created_at,
     'expires_at', s.expires_at) ORDER BY s.seq DESC)::text
    FROM endpoint_secrets s WHERE s.partition = e.partition AND s.endpoint = e.id) AS secrets
   FROM unnest($1::int8[]) AS k (id)
   CROSS JOIN LATERAL (SELECT * FROM endpoints WHERE id = k.id OFFSET 0) e
   CROSS JOIN LATERAL (SELECT * FROM applications WHERE id = e.application OFFSET 0) a`,
);

/** What the owner of each endpoint must know of it, in one snapshot. */
export async function readTargets(
  sql: Sql,
  endpoints: readonly EndpointId[],
): Promise<readonly Target[]> {
  if (endpoints.length === 0) return [];
  return (await sql.all(find, int8s(endpoints))).map(toTarget);
}

function toTarget(row: Row): Target {
  const config = parseJson(row.config);
  const secrets = row.secrets === null ? [] : parseJson(row.secrets);
  return {
    endpoint: row.id,
    application: row.application,
    partition: row.partition,
    version: row.version,
    url: config.url,
    headers: config.headers,
    secrets: secrets.map((secret): EndpointSecret => ({
      sealed: secret.sealed,
      createdAt: secret.created_at,
      expiresAt: secret.expires_at,
    })),
    throttleRate: config.throttleRate,
    applicationThrottleRate: row.application_throttle_rate,
    gate: gateOf(row, config),
  };
}

function gateOf(row: Row, config: EndpointConfig): Target["gate"] {
  if (row.application_deleted_at !== null) return "application-deleted";
  if (row.deleted_at !== null) return "endpoint-deleted";
  if (config.disabled) return "disabled";
  return config.paused ? "paused" : "open";
}
