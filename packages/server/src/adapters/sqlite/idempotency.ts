import type { MessageId } from "../../domain/ids.ts";
import type { Remember, RememberedAnswer, Repeated } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import { hashToBytes } from "../sql/json.ts";

interface Row {
  readonly request_hash: Uint8Array;
  readonly expires_at: number;
  readonly status: number;
  readonly message: MessageId | null;
  readonly json: string | null;
}

/** Idempotency keys, written in the transaction of the write that they guard. */
export class Idempotency {
  readonly #find;
  readonly #put;

  constructor(database: Database) {
    this.#find = database.prepare<Row>(
      `SELECT request_hash, expires_at, status, message, json FROM idempotency
       WHERE key_hash = ?`,
    );
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO idempotency
       (key_hash, request_hash, expires_at, status, message, json) VALUES (?, ?, ?, ?, ?, ?)`,
    );
  }

  /** What a request at `at` is told because of an earlier one; an expired key is as none. */
  repeated(remember: Remember | undefined, at: number): Repeated | undefined {
    if (remember === undefined) return undefined;
    const row = this.#find.get(hashToBytes(remember.keyHash));
    if (row === undefined || row.expires_at <= at) return undefined;
    if (Buffer.compare(row.request_hash, hashToBytes(remember.requestHash)) !== 0) {
      return { kind: "key-reused" };
    }
    return { kind: "repeated", answer: answerOf(row) };
  }

  remember(remember: Remember | undefined): void {
    if (remember === undefined) return;
    const { answer } = remember;
    this.#put.run(
      hashToBytes(remember.keyHash),
      hashToBytes(remember.requestHash),
      remember.expiresAt,
      answer.status,
      answer.kind === "message" ? answer.message : null,
      answer.kind === "body" ? answer.json : null,
    );
  }
}

function answerOf(row: Row): RememberedAnswer {
  return row.message === null
    ? { kind: "body", status: row.status, json: row.json }
    : { kind: "message", status: row.status, message: row.message };
}
