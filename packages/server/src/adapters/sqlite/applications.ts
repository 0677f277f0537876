import type { Actor } from "../../domain/endpoint.ts";
import type { Application, Metadata } from "../../domain/application.ts";
import type { ApplicationId, EndpointId } from "../../domain/ids.ts";
import type {
  ApplicationPatch,
  ApplicationRef,
  ApplicationStore,
} from "../../ports/application-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { Database } from "./database.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { readPage } from "./paging.ts";
import type { Handlers, Shared } from "./shared.ts";

interface Row {
  readonly id: ApplicationId;
  readonly partition: number;
  readonly uid: string | null;
  readonly name: string;
  readonly throttle_rate: number | null;
  readonly metadata: JsonText<Metadata>;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = "id, partition, uid, name, throttle_rate, metadata, created_at, updated_at";

export class Applications implements Handlers<ApplicationStore> {
  readonly #shared: Shared;
  readonly #insert;
  readonly #byId;
  readonly #byUid;
  readonly #ascending;
  readonly #descending;
  readonly #update;
  readonly #delete;
  readonly #endpoints;
  readonly #deleteEndpoint;
  readonly #revision;
  readonly #revokeKeys;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#insert = database.prepare(
      `INSERT INTO applications (${columns}, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
    );
    this.#byId = database.prepare<Row>(
      `SELECT ${columns} FROM applications WHERE id = ? AND deleted_at IS NULL`,
    );
    this.#byUid = database.prepare<Row>(
      `SELECT ${columns} FROM applications WHERE uid = ? AND deleted_at IS NULL`,
    );
    this.#ascending = database.prepare<Row>(
      `SELECT ${columns} FROM applications WHERE id > ? AND deleted_at IS NULL
       ORDER BY id LIMIT ?`,
    );
    this.#descending = database.prepare<Row>(
      `SELECT ${columns} FROM applications WHERE id < ? AND deleted_at IS NULL
       ORDER BY id DESC LIMIT ?`,
    );
    this.#update = database.prepare(
      `UPDATE applications SET uid = ?, name = ?, throttle_rate = ?, metadata = ?, updated_at = ?
       WHERE id = ?`,
    );
    this.#delete = database.prepare<{ version: number }>(
      `UPDATE applications SET deleted_at = ?, version = version + 1 WHERE id = ?
       RETURNING version`,
    );
    this.#endpoints = database.prepare<{ id: EndpointId }>(
      "SELECT id FROM endpoints WHERE application = ? AND deleted_at IS NULL",
    );
    this.#deleteEndpoint = database.prepare(
      "UPDATE endpoints SET deleted_at = ?, updated_at = ?, version = ? WHERE id = ?",
    );
    this.#revision = database.prepare(
      "INSERT INTO endpoint_revisions (endpoint, version, at, by, config) VALUES (?, ?, ?, ?, NULL)",
    );
    this.#revokeKeys = database.prepare(
      "UPDATE api_keys SET revoked_at = ? WHERE application = ? AND revoked_at IS NULL",
    );
  }

  createApplication(application: Application, remember?: Remember) {
    const { idempotency, installation } = this.#shared;
    const repeated = idempotency.repeated(remember, application.createdAt);
    if (repeated !== undefined) return repeated;
    const taken = application.uid === null ? undefined : this.#byUid.get(application.uid);
    if (taken !== undefined) return { kind: "uid-taken", by: toApplication(taken) } as const;
    this.#insert.run(
      application.id,
      application.partition,
      application.uid,
      application.name,
      application.throttleRate,
      JSON.stringify(application.metadata),
      application.createdAt,
      application.updatedAt,
    );
    idempotency.remember(remember);
    installation.saw(application.id);
    this.#changed(application.id);
    return { kind: "created" } as const;
  }

  findApplication(ref: ApplicationRef): Application | undefined {
    const row = ref.kind === "id" ? this.#byId.get(ref.id) : this.#byUid.get(ref.uid);
    return row === undefined ? undefined : toApplication(row);
  }

  listApplications(page: Page<ApplicationId>) {
    const rows = (descending: boolean, bound: ApplicationId | undefined, limit: number) =>
      descending
        ? this.#descending.all(bound ?? lastId, limit)
        : this.#ascending.all(bound ?? firstId, limit);
    return readPage(page, { rows, keyOf: (row) => row.id }, false, toApplication);
  }

  updateApplication(id: ApplicationId, patch: ApplicationPatch, at: number) {
    const row = this.#byId.get(id);
    if (row === undefined) return { kind: "not-found" } as const;
    const application: Application = { ...toApplication(row), ...patch, updatedAt: at };
    if (application.uid !== null) {
      const taken = this.#byUid.get(application.uid);
      if (taken !== undefined && taken.id !== id) return { kind: "uid-taken" } as const;
    }
    this.#update.run(
      application.uid,
      application.name,
      application.throttleRate,
      JSON.stringify(application.metadata),
      at,
      id,
    );
    this.#changed(id);
    if (application.throttleRate !== row.throttle_rate) this.#tellTargets(id);
    return { kind: "updated", application } as const;
  }

  deleteApplication(id: ApplicationId, by: Actor, at: number) {
    if (this.#byId.get(id) === undefined) return "not-found";
    const version = this.#delete.get(at, id)?.version ?? 0;
    for (const endpoint of this.#endpoints.all(id)) {
      this.#deleteEndpoint.run(at, at, version, endpoint.id);
      this.#revision.run(endpoint.id, version, at, JSON.stringify(by));
      this.#shared.effects.add({ kind: "target", endpoint: endpoint.id });
    }
    const keys = this.#revokeKeys.run(at, id).changes;
    if (keys !== 0) this.#shared.effects.add({ kind: "change", change: { kind: "keys" } });
    this.#shared.living.forget();
    this.#changed(id);
    return "deleted";
  }

  #tellTargets(id: ApplicationId): void {
    for (const endpoint of this.#endpoints.all(id)) {
      this.#shared.effects.add({ kind: "target", endpoint: endpoint.id });
    }
  }

  #changed(id: ApplicationId): void {
    const change = { kind: "application", application: id } as const;
    this.#shared.effects.add({ kind: "change", change });
  }
}

function toApplication(row: Row): Application {
  return {
    id: row.id,
    partition: row.partition,
    uid: row.uid,
    name: row.name,
    throttleRate: row.throttle_rate,
    metadata: parseJson(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
