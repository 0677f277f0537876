import type { Attempt, Trigger } from "../../domain/delivery.ts";
import type {
  ApplicationId,
  AttemptId,
  DeliveryId,
  EndpointId,
  MessageId,
} from "../../domain/ids.ts";
import type { ErrorClass, Outcome, Phases, ReceivedResponse } from "../../domain/outcome.ts";
import type { AttemptFilter } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Database, Statement } from "./database.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { idBounds, isBetween, isFiltering, matchesMessage } from "../sql/message-filter.ts";
import type { Messages } from "./messages.ts";
import { readPage } from "./paging.ts";
import type { Shared } from "./shared.ts";

interface Row {
  readonly message: MessageId;
  readonly id: AttemptId;
  readonly application: ApplicationId;
  readonly endpoint: EndpointId;
  readonly delivery: DeliveryId;
  readonly number: number;
  readonly trigger: Trigger;
  readonly started_at: number;
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly error_class: ErrorClass | null;
  readonly detail: string | null;
  readonly phases: JsonText<Phases>;
  readonly address: string | null;
  readonly endpoint_version: number;
  readonly worker: string;
  readonly truncated: number | null;
  readonly response_headers: JsonText<ReceivedResponse["headers"]> | null;
  readonly response_body: Uint8Array | null;
}

/** Whose attempts are listed. */
interface Owner {
  readonly id: number;
  readonly ascending: Statement<Row>;
  readonly descending: Statement<Row>;
}

const columns = `message, id, application, endpoint, delivery, number, trigger, started_at, outcome,
  status, error_class, detail, phases, address, endpoint_version, worker, truncated,
  response_headers, response_body`;

export class Attempts {
  readonly #shared: Shared;
  readonly #messages: Messages;
  readonly #insert;
  readonly #find;
  readonly #ofMessage;
  readonly #ofEndpoint;
  readonly #forgetContent;

  constructor(database: Database, shared: Shared, messages: Messages) {
    this.#shared = shared;
    this.#messages = messages;
    // OR IGNORE: a batch that is recorded twice keeps one attempt.
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO attempts (${columns})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare<Row>(
      `SELECT ${columns} FROM attempts WHERE message = ? AND id = ?`,
    );
    const page = (key: string) => ({
      ascending: database.prepare<Row>(
        `SELECT ${columns} FROM attempts WHERE ${key} = ? AND id > ? AND id < ?
         ORDER BY id LIMIT ?`,
      ),
      descending: database.prepare<Row>(
        `SELECT ${columns} FROM attempts WHERE ${key} = ? AND id > ? AND id < ?
         ORDER BY id DESC LIMIT ?`,
      ),
    });
    this.#ofMessage = page("message");
    this.#ofEndpoint = page("endpoint");
    this.#forgetContent = database.prepare(
      `UPDATE attempts SET response_headers = '[]', response_body = NULL
       WHERE message = ? AND id = ? AND status IS NOT NULL`,
    );
  }

  add(attempt: Attempt): void {
    const { response } = attempt;
    this.#insert.run(
      attempt.message,
      attempt.id,
      attempt.application,
      attempt.endpoint,
      attempt.delivery,
      attempt.number,
      attempt.trigger,
      attempt.startedAt,
      attempt.outcome,
      response === null ? null : response.status,
      attempt.errorClass,
      attempt.detail,
      JSON.stringify(attempt.phases),
      attempt.address,
      attempt.endpointVersion,
      attempt.worker,
      response === null ? null : Number(response.truncated),
      response === null ? null : JSON.stringify(response.headers),
      response === null ? null : response.body,
    );
    this.#shared.installation.saw(attempt.id);
  }

  findAttempt(message: MessageId, id: AttemptId): Attempt | undefined {
    const row = this.#find.get(message, id);
    return row === undefined ? undefined : toAttempt(row);
  }

  listAttemptsOfMessage(message: MessageId, filter: AttemptFilter, page: Page<AttemptId>) {
    return this.#list({ ...this.#ofMessage, id: message }, filter, page);
  }

  listAttemptsOfEndpoint(endpoint: EndpointId, filter: AttemptFilter, page: Page<AttemptId>) {
    return this.#list({ ...this.#ofEndpoint, id: endpoint }, filter, page);
  }

  deleteAttemptContent(message: MessageId, id: AttemptId) {
    if (this.#find.get(message, id) === undefined) return "not-found";
    this.#forgetContent.run(message, id);
    return "deleted";
  }

  #list(of: Owner, filter: AttemptFilter, page: Page<AttemptId>) {
    const { id, ascending, descending: downwards } = of;
    const bounds = idBounds(filter);
    const rows = (descending: boolean, bound: AttemptId | undefined, limit: number) =>
      descending
        ? downwards.all(id, bounds.above, bounds.below(bound), limit)
        : ascending.all(id, bounds.aboveOr(bound), bounds.below(undefined), limit);
    const filtered = Object.values(filter).some((value) => value !== undefined);
    return readPage(page, { rows, keyOf: (row) => row.id }, filtered, (row) =>
      this.#matches(filter, row) ? toAttempt(row) : undefined,
    );
  }

  #matches(filter: AttemptFilter, row: Row): boolean {
    const { endpoint, outcome, statusCodeClass } = filter;
    if (!isBetween(filter, row.started_at)) return false;
    if (endpoint !== undefined && row.endpoint !== endpoint) return false;
    if (outcome !== undefined && !outcome.includes(row.outcome)) return false;
    const statusClass = row.status === null ? 0 : Math.floor(row.status / 100) * 100;
    if (statusCodeClass !== undefined && statusClass !== statusCodeClass) return false;
    const { before: _before, after: _after, ...ofMessage } = filter;
    if (!isFiltering(ofMessage)) return true;
    const meta = this.#messages.meta(row.message);
    return meta !== undefined && matchesMessage(ofMessage, meta);
  }
}

function toAttempt(row: Row): Attempt {
  return {
    id: row.id,
    application: row.application,
    endpoint: row.endpoint,
    message: row.message,
    delivery: row.delivery,
    number: row.number,
    trigger: row.trigger,
    startedAt: row.started_at,
    outcome: row.outcome,
    errorClass: row.error_class,
    detail: row.detail,
    phases: parseJson(row.phases),
    response: toResponse(row),
    address: row.address,
    endpointVersion: row.endpoint_version,
    worker: row.worker,
  };
}

function toResponse(row: Row): ReceivedResponse | null {
  if (row.status === null) return null;
  return {
    status: row.status,
    headers: row.response_headers === null ? [] : parseJson(row.response_headers),
    body: row.response_body ?? new Uint8Array(0),
    truncated: row.truncated === 1,
  };
}
