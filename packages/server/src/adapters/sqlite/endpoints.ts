import type { Actor, Endpoint, EndpointConfig } from "../../domain/endpoint.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type { EndpointChange, EndpointRef, NewEndpoint } from "../../ports/endpoint-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import type { EndpointHistory } from "./endpoint-history.ts";
import type { EndpointSecrets } from "./endpoint-secrets.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { readPage } from "./paging.ts";
import type { Shared } from "./shared.ts";

export interface EndpointRow {
  readonly id: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly config: JsonText<EndpointConfig>;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly deleted_at: number | null;
}

const columns = "id, application, partition, config, version, created_at, updated_at, deleted_at";

/** The endpoints as they are, and every change of one: version, revision, events, target. */
export class Endpoints {
  readonly #shared: Shared;
  readonly #secrets: EndpointSecrets;
  readonly #history: EndpointHistory;
  readonly #insert;
  readonly #byId;
  readonly #byUid;
  readonly #ascending;
  readonly #descending;
  readonly #update;
  readonly #delete;
  readonly #nextVersion;

  constructor(
    database: Database,
    shared: Shared,
    parts: { readonly secrets: EndpointSecrets; readonly history: EndpointHistory },
  ) {
    this.#shared = shared;
    this.#secrets = parts.secrets;
    this.#history = parts.history;
    this.#insert = database.prepare(
      `INSERT INTO endpoints
       (id, application, partition, uid, config, version, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare<EndpointRow>(`SELECT ${columns} FROM endpoints WHERE id = ?`);
    this.#byUid = database.prepare<EndpointRow>(
      `SELECT ${columns} FROM endpoints WHERE application = ? AND uid = ? AND deleted_at IS NULL`,
    );
    this.#ascending = database.prepare<EndpointRow>(
      `SELECT ${columns} FROM endpoints WHERE application = ? AND id > ? AND deleted_at IS NULL
       ORDER BY id LIMIT ?`,
    );
    this.#descending = database.prepare<EndpointRow>(
      `SELECT ${columns} FROM endpoints WHERE application = ? AND id < ? AND deleted_at IS NULL
       ORDER BY id DESC LIMIT ?`,
    );
    this.#update = database.prepare(
      "UPDATE endpoints SET uid = ?, config = ?, version = ?, updated_at = ? WHERE id = ?",
    );
    this.#delete = database.prepare(
      "UPDATE endpoints SET deleted_at = ?, updated_at = ?, version = ? WHERE id = ?",
    );
    this.#nextVersion = database.prepare<{ version: number }>(
      `UPDATE applications SET version = version + 1 WHERE id = ? AND deleted_at IS NULL
       RETURNING version`,
    );
  }

  createEndpoint(endpoint: NewEndpoint, remember?: Remember) {
    const { idempotency, installation } = this.#shared;
    const repeated = idempotency.repeated(remember, endpoint.createdAt);
    if (repeated !== undefined) return repeated;
    const { id, application, config, createdAt } = endpoint;
    if (this.#uidTaken(application, config.uid, id)) return { kind: "uid-taken" } as const;
    const version = this.#nextVersion.get(application)?.version;
    if (version === undefined) return { kind: "application-not-found" } as const;
    const text = JSON.stringify(config);
    this.#insert.run(
      id,
      application,
      endpoint.partition,
      config.uid,
      text,
      version,
      createdAt,
      endpoint.updatedAt,
    );
    this.#history.revise({ endpoint: id, version, at: createdAt, by: endpoint.by }, text);
    this.#secrets.add(id, endpoint.secret);
    idempotency.remember(remember);
    installation.saw(id);
    this.#changed(application, id);
    return { kind: "created", version } as const;
  }

  findEndpoint(application: ApplicationId, ref: EndpointRef): Endpoint | undefined {
    if (ref.kind === "uid") {
      const row = this.#byUid.get(application, ref.uid);
      return row === undefined ? undefined : toEndpoint(row);
    }
    const found = this.byId(ref.id);
    return found?.application === application ? found : undefined;
  }

  findEndpointEver(application: ApplicationId, id: EndpointId): Endpoint | undefined {
    const found = this.everById(id)?.endpoint;
    return found?.application === application ? found : undefined;
  }

  /** `undefined` once it is deleted. */
  byId(id: EndpointId): Endpoint | undefined {
    const row = this.#byId.get(id);
    return row === undefined || row.deleted_at !== null ? undefined : toEndpoint(row);
  }

  /** Also a deleted one, as it last was. */
  everById(id: EndpointId): { endpoint: Endpoint; deleted: boolean } | undefined {
    const row = this.#byId.get(id);
    if (row === undefined) return undefined;
    return { endpoint: toEndpoint(row), deleted: row.deleted_at !== null };
  }

  listEndpoints(application: ApplicationId, page: Page<EndpointId>) {
    const rows = (descending: boolean, bound: EndpointId | undefined, limit: number) =>
      descending
        ? this.#descending.all(application, bound ?? lastId, limit)
        : this.#ascending.all(application, bound ?? firstId, limit);
    return readPage(page, { rows, keyOf: (row) => row.id }, false, toEndpoint);
  }

  updateEndpoint(id: EndpointId, change: EndpointChange, remember?: Remember) {
    const { idempotency } = this.#shared;
    const repeated = idempotency.repeated(remember, change.at);
    if (repeated !== undefined) return repeated;
    const found = this.byId(id);
    if (found === undefined) return { kind: "not-found" } as const;
    const config: EndpointConfig = { ...found.config, ...change.config };
    if (this.#uidTaken(found.application, config.uid, id)) return { kind: "uid-taken" } as const;
    const endpoint = this.#write(found, config, change);
    const event = { endpoint: id, at: change.at, by: change.by, figures: {} };
    if (config.disabled !== found.config.disabled) {
      const kind = config.disabled ? "disabled" : "enabled";
      this.#history.addEvent({ ...event, id: change.eventId, kind });
    }
    if (config.paused !== found.config.paused) {
      const kind = config.paused ? "paused" : "resumed";
      this.#history.addEvent({ ...event, id: change.eventId, kind });
    }
    idempotency.remember(remember);
    return { kind: "updated", endpoint } as const;
  }

  /** Says whether it was enabled until now: only then anything is written. */
  disable(id: EndpointId, by: Actor, at: number): boolean {
    const found = this.byId(id);
    if (found === undefined || found.config.disabled) return false;
    this.#write(found, { ...found.config, disabled: true }, { by, at });
    return true;
  }

  deleteEndpoint(id: EndpointId, by: Actor, at: number) {
    const found = this.byId(id);
    if (found === undefined) return "not-found";
    const version = this.#bump(found.application);
    this.#delete.run(at, at, version, id);
    this.#history.revise({ endpoint: id, version, at, by }, null);
    this.#changed(found.application, id);
    return "deleted";
  }

  #write(found: Endpoint, config: EndpointConfig, by: { by: Actor; at: number }): Endpoint {
    const version = this.#bump(found.application);
    const text = JSON.stringify(config);
    this.#update.run(config.uid, text, version, by.at, found.id);
    this.#history.revise({ endpoint: found.id, version, at: by.at, by: by.by }, text);
    this.#changed(found.application, found.id);
    return { ...found, config, version, updatedAt: by.at };
  }

  #bump(application: ApplicationId): number {
    const version = this.#nextVersion.get(application)?.version;
    if (version === undefined) throw new Error(`application ${application} has no live row`);
    return version;
  }

  #uidTaken(application: ApplicationId, uid: string | null, by: EndpointId): boolean {
    if (uid === null) return false;
    const row = this.#byUid.get(application, uid);
    return row !== undefined && row.id !== by;
  }

  #changed(application: ApplicationId, endpoint: EndpointId): void {
    const change = { kind: "application", application } as const;
    this.#shared.effects.add({ kind: "target", endpoint });
    this.#shared.effects.add({ kind: "change", change });
  }
}

function toEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    config: parseJson(row.config),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
