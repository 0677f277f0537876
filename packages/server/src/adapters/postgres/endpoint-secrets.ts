import type { EndpointSecret, SealedText } from "../../domain/endpoint.ts";
import type { EndpointId } from "../../domain/ids.ts";
import type { SecretRotation } from "../../ports/endpoint-store.ts";
import type { Remember } from "../../ports/remember.ts";
import { statement, type Sql } from "./database.ts";
import { addEvent } from "./endpoint-history.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import type { Places } from "./places.ts";
import type { Transaction } from "./transaction.ts";

interface Row {
  readonly sealed: SealedText;
  readonly created_at: number;
  readonly expires_at: number | null;
}

interface SecretPlace {
  readonly partition: number;
  readonly endpoint: EndpointId;
}

const newestFirst = statement<Row>(
  "secrets-newest-first",
  `SELECT sealed, created_at, expires_at FROM endpoint_secrets
   WHERE partition = $1 AND endpoint = $2 ORDER BY seq DESC`,
);
const add = statement(
  "secrets-add",
  `INSERT INTO endpoint_secrets (partition, endpoint, seq, sealed, created_at, expires_at)
   SELECT $1::int4, $2::int8, coalesce(max(seq), 0) + 1, $3, $4::int8, $5::int8
   FROM endpoint_secrets WHERE partition = $1::int4 AND endpoint = $2::int8`,
);
const expire = statement(
  "secrets-expire",
  `UPDATE endpoint_secrets SET expires_at = $3
   WHERE partition = $1 AND endpoint = $2 AND (expires_at IS NULL OR expires_at > $3)`,
);
const forget = statement(
  "secrets-forget",
  `DELETE FROM endpoint_secrets WHERE partition = $1 AND endpoint = $2 AND expires_at <= $3`,
);
/** Two rotations at once happen one after the other. */
const lives = statement<{ id: EndpointId }>(
  "secrets-lives",
  `SELECT id FROM endpoints WHERE application = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
);

export async function addSecret(
  sql: Sql,
  { endpoint, partition }: SecretPlace,
  secret: EndpointSecret,
): Promise<void> {
  await sql.run(add, partition, endpoint, secret.sealed, secret.createdAt, secret.expiresAt);
}

/** Those in force at `at`, the newest first. */
export async function endpointSecrets(
  sql: Sql,
  places: Places,
  id: EndpointId,
  at: number,
): Promise<readonly EndpointSecret[]> {
  const place = await places.endpoint(sql, id);
  if (place === undefined) return [];
  const rows = await sql.all(newestFirst, place.partition, id);
  return rows.map(toSecret).filter(({ expiresAt }) => expiresAt === null || expiresAt > at);
}

export async function rotateSecret(
  tx: Transaction,
  id: EndpointId,
  rotation: SecretRotation,
  remember?: Remember,
) {
  const { event, oldExpireAt, secret } = rotation;
  const answered = await repeated(tx, remember, event.at);
  if (answered !== undefined) return answered;
  const place = await tx.places.endpoint(tx, id);
  if (place === undefined) return { kind: "not-found" } as const;
  const { application, partition } = place;
  if ((await tx.get(lives, application, id)) === undefined) return { kind: "not-found" } as const;
  await tx.run(forget, partition, id, event.at);
  await tx.run(expire, partition, id, oldExpireAt);
  await addSecret(tx, { partition, endpoint: id }, secret);
  await addEvent(tx, partition, event);
  await keep(tx, remember, event.at);
  tx.effects.add({ kind: "target", endpoint: id });
  return { kind: "rotated" } as const;
}

function toSecret(row: Row): EndpointSecret {
  return { sealed: row.sealed, createdAt: row.created_at, expiresAt: row.expires_at };
}
