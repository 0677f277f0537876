import type {
  Actor,
  EndpointConfig,
  EndpointEvent,
  EndpointEventKind,
  EndpointRevision,
} from "../../domain/endpoint.ts";
import {
  toId,
  type ApplicationId,
  type EndpointEventId,
  type EndpointId,
} from "../../domain/ids.ts";
import type { Subscriptions } from "../../ports/endpoint-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Database } from "./database.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { readPage } from "./paging.ts";
import type { Shared } from "./shared.ts";

interface RevisionRow {
  readonly version: number;
  readonly at: number;
  readonly by: JsonText<Actor>;
  readonly config: JsonText<EndpointConfig> | null;
}

interface EventRow {
  readonly endpoint: EndpointId;
  readonly id: EndpointEventId;
  readonly at: number;
  readonly kind: EndpointEventKind;
  readonly by: JsonText<Actor>;
  readonly figures: JsonText<EndpointEvent["figures"]>;
}

interface CurrentRow {
  readonly id: EndpointId;
  readonly config: JsonText<EndpointConfig>;
}

const eventColumns = "endpoint, id, at, kind, by, figures";

/** Revisions and events of endpoints, and what publishers matched under a version. */
export class EndpointHistory {
  readonly #shared: Shared;
  readonly #addRevision;
  readonly #revisions;
  readonly #version;
  readonly #current;
  readonly #everMade;
  readonly #at;
  readonly #addEvent;
  readonly #hasEvent;
  readonly #ascending;
  readonly #descending;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#addRevision = database.prepare(
      "INSERT INTO endpoint_revisions (endpoint, version, at, by, config) VALUES (?, ?, ?, ?, ?)",
    );
    this.#revisions = database.prepare<RevisionRow>(
      `SELECT version, at, by, config FROM endpoint_revisions WHERE endpoint = ?
       ORDER BY version`,
    );
    this.#version = database.prepare<{ version: number }>(
      "SELECT version FROM applications WHERE id = ? AND deleted_at IS NULL",
    );
    this.#current = database.prepare<CurrentRow>(
      "SELECT id, config FROM endpoints WHERE application = ? AND deleted_at IS NULL ORDER BY id",
    );
    this.#everMade = database.prepare<{ id: EndpointId }>(
      "SELECT id FROM endpoints WHERE application = ? ORDER BY id",
    );
    this.#at = database.prepare<{ config: JsonText<EndpointConfig> | null }>(
      `SELECT config FROM endpoint_revisions WHERE endpoint = ? AND version <= ?
       ORDER BY version DESC LIMIT 1`,
    );
    this.#addEvent = database.prepare(
      `INSERT INTO endpoint_events (${eventColumns}) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#hasEvent = database.prepare<{ one: number }>(
      "SELECT 1 AS one FROM endpoint_events WHERE endpoint = ? AND id = ?",
    );
    this.#ascending = database.prepare<EventRow>(
      `SELECT ${eventColumns} FROM endpoint_events WHERE endpoint = ? AND id > ?
       ORDER BY id LIMIT ?`,
    );
    this.#descending = database.prepare<EventRow>(
      `SELECT ${eventColumns} FROM endpoint_events WHERE endpoint = ? AND id < ?
       ORDER BY id DESC LIMIT ?`,
    );
  }

  revise(
    revision: { endpoint: EndpointId; version: number; at: number; by: Actor },
    config: string | null,
  ): void {
    const { endpoint, version, at, by } = revision;
    this.#addRevision.run(endpoint, version, at, JSON.stringify(by), config);
  }

  endpointRevisions(endpoint: EndpointId): readonly EndpointRevision[] {
    return this.#revisions.all(endpoint).map((row) => ({
      endpoint,
      version: row.version,
      at: row.at,
      by: parseJson(row.by),
      config: row.config === null ? null : parseJson(row.config),
    }));
  }

  /** One change can mean two events under one id: the second takes the next free one. */
  addEvent(event: EndpointEvent): void {
    let { id } = event;
    while (this.#hasEvent.get(event.endpoint, id) !== undefined) id = toId("endpointEvent", id + 1);
    this.#addEvent.run(
      event.endpoint,
      id,
      event.at,
      event.kind,
      JSON.stringify(event.by),
      JSON.stringify(event.figures),
    );
    this.#shared.installation.saw(id);
  }

  listEndpointEvents(id: EndpointId, page: Page<EndpointEventId>) {
    const rows = (descending: boolean, bound: EndpointEventId | undefined, limit: number) =>
      descending
        ? this.#descending.all(id, bound ?? lastId, limit)
        : this.#ascending.all(id, bound ?? firstId, limit);
    return readPage(page, { rows, keyOf: (row) => row.id }, false, toEvent);
  }

  subscriptions(application: ApplicationId): Subscriptions | undefined {
    const version = this.#version.get(application)?.version;
    if (version === undefined) return undefined;
    const endpoints = this.#current.all(application);
    return { version, endpoints: endpoints.map(toSubscription) };
  }

  subscriptionsAt(application: ApplicationId, version: number): Subscriptions {
    const endpoints: { id: EndpointId; config: EndpointConfig }[] = [];
    for (const { id } of this.#everMade.all(application)) {
      const config = this.#at.get(id, version)?.config ?? null;
      if (config !== null) endpoints.push(toSubscription({ id, config }));
    }
    return { version, endpoints };
  }
}

function toSubscription(row: CurrentRow) {
  return { id: row.id, config: parseJson(row.config) };
}

function toEvent(row: EventRow): EndpointEvent {
  return {
    id: row.id,
    endpoint: row.endpoint,
    at: row.at,
    kind: row.kind,
    by: parseJson(row.by),
    figures: parseJson(row.figures),
  };
}
