import type { MessageId } from "../../domain/ids.ts";
import type { Remember, RememberedAnswer, Repeated } from "../../ports/remember.ts";
import { hashToBytes } from "../sql/json.ts";
import { statement, type Sql } from "./database.ts";

export interface RememberedRow {
  readonly request_hash: Uint8Array;
  readonly status: number;
  readonly message: MessageId | null;
  readonly json: string | null;
}

const find = statement<RememberedRow>(
  "idempotency-find",
  `SELECT request_hash, status, message, json FROM idempotency
   WHERE key_hash = $1 AND expires_at > $2`,
);
/** A key in force makes `expires_at` NULL, which fails: the transaction begins again and finds it. */
const put = statement(
  "idempotency-put",
  `INSERT INTO idempotency AS i
   (key_hash, request_hash, created_at, expires_at, status, message, json)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash,
   created_at = excluded.created_at, status = excluded.status, message = excluded.message,
   json = excluded.json,
   expires_at = CASE WHEN i.expires_at <= excluded.created_at THEN excluded.expires_at END`,
);

/** What a request at `at` is told because of an earlier one; an expired key is as none. */
export async function repeated(
  sql: Sql,
  asked: Remember | undefined,
  at: number,
): Promise<Repeated | undefined> {
  if (asked === undefined) return undefined;
  const row = await sql.get(find, hashToBytes(asked.keyHash), at);
  return row === undefined ? undefined : toRepeated(asked, row);
}

export function toRepeated(asked: Remember, row: RememberedRow): Repeated {
  if (Buffer.compare(row.request_hash, hashToBytes(asked.requestHash)) !== 0) {
    return { kind: "key-reused" };
  }
  return { kind: "repeated", answer: answerOf(row) };
}

export async function remember(sql: Sql, asked: Remember | undefined, at: number): Promise<void> {
  if (asked === undefined) return;
  const { answer } = asked;
  await sql.run(
    put,
    hashToBytes(asked.keyHash),
    hashToBytes(asked.requestHash),
    at,
    asked.expiresAt,
    answer.status,
    answer.kind === "message" ? answer.message : null,
    answer.kind === "body" ? answer.json : null,
  );
}

function answerOf(row: RememberedRow): RememberedAnswer {
  return row.message === null
    ? { kind: "body", status: row.status, json: row.json }
    : { kind: "message", status: row.status, message: row.message };
}
