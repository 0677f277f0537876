import type { MessageId, RequestId, SourceId } from "../../domain/ids.ts";
import type { SealedText } from "../../domain/endpoint.ts";
import type { InboundRequest } from "../../domain/inbound-request.ts";
import type { PublishResult, Reception } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { NewRequest, RepeatCount, RequestFilter } from "../../ports/source-store.ts";
import { hashToBytes } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import {
  docOf,
  requestColumns,
  requestValues,
  toRequest,
  type RequestRow,
} from "../sql/request-rows.ts";
import type { Database } from "./database.ts";
import { readPage } from "./paging.ts";
import type { Shared } from "./shared.ts";

interface KeptRow {
  readonly source: SourceId;
  readonly kept_until: number;
  readonly kept: SealedText;
  readonly body: Uint8Array | null;
}

interface KeyRow {
  readonly id: RequestId;
  readonly message: MessageId;
  readonly dedupe_until: number;
}

type Duplicate = Extract<PublishResult, { kind: "duplicate" }>;

/** The requests at sources: what became messages, and what did not. */
export class Requests {
  readonly #shared: Shared;
  readonly #insert;
  readonly #latestOfKey;
  readonly #repeat;
  readonly #takeRejected;
  readonly #judge;
  readonly #byId;
  readonly #kept;
  readonly #lists;
  readonly #listsOf;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#insert = database.prepare(
      `INSERT INTO requests (${requestColumns}, dedupe_key, dedupe_until, kept, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#latestOfKey = database.prepare<KeyRow>(
      `SELECT id, message, dedupe_until FROM requests
       WHERE source = ? AND dedupe_key = ? ORDER BY id DESC LIMIT 1`,
    );
    this.#repeat = database.prepare("UPDATE requests SET repeats = repeats + ? WHERE id = ?");
    this.#takeRejected = database.prepare<{ id: RequestId }>(
      "DELETE FROM requests WHERE id = ? AND source = ? AND outcome = 'rejected' RETURNING id",
    );
    this.#judge = database.prepare(
      "UPDATE requests SET reason = ?, doc = ? WHERE id = ? AND outcome = 'rejected'",
    );
    this.#byId = database.prepare<RequestRow>(
      `SELECT ${requestColumns} FROM requests WHERE id = ?`,
    );
    this.#kept = database.prepare<KeptRow>(
      "SELECT source, kept_until, kept, body FROM requests WHERE id = ? AND kept IS NOT NULL",
    );
    const list = (where: string) => ({
      ascending: database.prepare<RequestRow>(
        `SELECT ${requestColumns} FROM requests WHERE source = ? ${where} AND id > ?
         ORDER BY id LIMIT ?`,
      ),
      descending: database.prepare<RequestRow>(
        `SELECT ${requestColumns} FROM requests WHERE source = ? ${where} AND id < ?
         ORDER BY id DESC LIMIT ?`,
      ),
    });
    this.#lists = list("");
    // Said twice, or the index of those that were not accepted is not used.
    this.#listsOf = list("AND outcome = ? AND outcome <> 'accepted'");
  }

  /** Writes the row of what becomes a message, or of what an earlier one became already. */
  receive({ dedupe, request }: Reception): Duplicate | undefined {
    const key = dedupe === null ? null : hashToBytes(dedupe.keyHash);
    const first = key === null ? undefined : this.#latestOfKey.get(request.source, key);
    if (first !== undefined && first.dedupe_until > request.receivedAt) {
      const { id, message } = first;
      const reason = "duplicate-event" as const;
      this.#add({ ...request, outcome: "duplicate", reason, message, duplicateOf: id });
      return { kind: "duplicate", of: id, message };
    }
    this.#add(request, { key, until: dedupe?.until ?? null });
    return undefined;
  }

  /** Removes the row of a rejected request, for one that takes its place. */
  takeRejected({ id, source }: InboundRequest): boolean {
    return this.#takeRejected.get(id, source) !== undefined;
  }

  addRequest({ kept, request }: NewRequest): void {
    this.#add(request, { key: null, until: null }, kept);
  }

  addRepeats(counts: readonly RepeatCount[]): void {
    for (const { count, request } of counts) this.#repeat.run(count, request);
  }

  updateRejected(
    verdict: Pick<InboundRequest, "id" | "source" | "reason" | "detail" | "diagnosis">,
  ): void {
    const found = this.findRequest(verdict.source, verdict.id);
    if (found === undefined) return;
    this.#judge.run(verdict.reason, docOf({ ...found, ...verdict }), verdict.id);
  }

  findRequest(source: SourceId, id: RequestId): InboundRequest | undefined {
    const row = this.#byId.get(id);
    return row?.source === source ? toRequest(row) : undefined;
  }

  keptRequest(source: SourceId, id: RequestId): NewRequest["kept"] | undefined {
    const row = this.#kept.get(id);
    if (row?.source !== source || row.kept_until <= this.#shared.now()) return undefined;
    // SQLite keeps an empty body as NULL.
    return { sealed: row.kept, body: row.body ?? new Uint8Array(0) };
  }

  listRequests(source: SourceId, filter: RequestFilter, page: Page<RequestId>) {
    const { outcome } = filter;
    const rows = (downwards: boolean, bound: RequestId | undefined, limit: number) => {
      const from = bound ?? (downwards ? lastId : firstId);
      const order = downwards ? "descending" : "ascending";
      return outcome === undefined || outcome === "accepted"
        ? this.#lists[order].all(source, from, limit)
        : this.#listsOf[order].all(source, outcome, from, limit);
    };
    return readPage(page, { rows, keyOf: (row) => row.id }, outcome === "accepted", (row) =>
      outcome === undefined || row.outcome === outcome ? toRequest(row) : undefined,
    );
  }

  #add(
    request: InboundRequest,
    dedupe: { readonly key: Uint8Array | null; readonly until: number | null } = noDedupe,
    kept: NewRequest["kept"] = null,
  ): void {
    this.#insert.run(
      ...requestValues(request),
      dedupe.key,
      dedupe.until,
      kept?.sealed ?? null,
      kept?.body ?? null,
    );
    this.#shared.installation.saw(request.id);
  }
}

const noDedupe = { key: null, until: null };
