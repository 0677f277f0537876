import type { ApplicationId, SourceId } from "../../domain/ids.ts";
import { rotated, secretsInForce } from "../../domain/source.ts";
import type { Source, SourceConfig, SourceSecret } from "../../domain/source.ts";
import type { Page } from "../../ports/paging.ts";
import type { Remember } from "../../ports/remember.ts";
import type { SourceRotation } from "../../ports/source-store.ts";
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import type { Database } from "./database.ts";
import { readPage } from "./paging.ts";
import type { Shared } from "./shared.ts";

interface Row {
  readonly id: SourceId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly config: JsonText<SourceConfig>;
  readonly secrets: JsonText<readonly SourceSecret[]>;
  readonly tokens: JsonText<readonly SourceSecret[]>;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = "id, application, partition, config, secrets, tokens, created_at, updated_at";

export class Sources {
  readonly #shared: Shared;
  readonly #insert;
  readonly #lives;
  readonly #byId;
  readonly #lists;
  readonly #listsOf;
  readonly #update;
  readonly #delete;

  constructor(database: Database, shared: Shared) {
    this.#shared = shared;
    this.#insert = database.prepare(
      `INSERT INTO sources (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#lives = database.prepare<{ one: number }>(
      "SELECT 1 AS one FROM applications WHERE id = ? AND deleted_at IS NULL",
    );
    this.#byId = database.prepare<Row>(
      `SELECT ${columns} FROM sources WHERE id = ? AND deleted_at IS NULL`,
    );
    const list = (where: string) => ({
      ascending: database.prepare<Row>(
        `SELECT ${columns} FROM sources WHERE ${where} id > ? AND deleted_at IS NULL
         ORDER BY id LIMIT ?`,
      ),
      descending: database.prepare<Row>(
        `SELECT ${columns} FROM sources WHERE ${where} id < ? AND deleted_at IS NULL
         ORDER BY id DESC LIMIT ?`,
      ),
    });
    this.#lists = list("");
    this.#listsOf = list("application = ? AND");
    this.#update = database.prepare(
      "UPDATE sources SET config = ?, secrets = ?, tokens = ?, updated_at = ? WHERE id = ?",
    );
    this.#delete = database.prepare(
      `UPDATE sources SET deleted_at = ?, secrets = '[]', tokens = '[]'
       WHERE id = ? AND deleted_at IS NULL`,
    );
  }

  createSource(source: Source, remember?: Remember) {
    const { idempotency, installation } = this.#shared;
    const repeated = idempotency.repeated(remember, source.createdAt);
    if (repeated !== undefined) return repeated;
    if (this.#lives.get(source.application) === undefined) {
      return { kind: "application-not-found" } as const;
    }
    this.#insert.run(
      source.id,
      source.application,
      source.partition,
      JSON.stringify(source.config),
      JSON.stringify(source.secrets),
      JSON.stringify(source.tokens),
      source.createdAt,
      source.updatedAt,
    );
    idempotency.remember(remember);
    installation.saw(source.id);
    this.#changed(source.id);
    return { kind: "created" } as const;
  }

  findSource(id: SourceId): Source | undefined {
    const row = this.#byId.get(id);
    if (row === undefined || this.#lives.get(row.application) === undefined) return undefined;
    return toSource(row);
  }

  listSources(page: Page<SourceId>, filter: { readonly application?: ApplicationId }) {
    const { application } = filter;
    const rows = (downwards: boolean, bound: SourceId | undefined, limit: number) => {
      const from = bound ?? (downwards ? lastId : firstId);
      const order = downwards ? "descending" : "ascending";
      return application === undefined
        ? this.#lists[order].all(from, limit)
        : this.#listsOf[order].all(application, from, limit);
    };
    // Those of deleted applications are passed over.
    return readPage(page, { rows, keyOf: (row) => row.id }, application === undefined, (row) =>
      this.#lives.get(row.application) === undefined ? undefined : toSource(row),
    );
  }

  updateSource(
    id: SourceId,
    change: { readonly config: Partial<SourceConfig>; readonly at: number },
    remember?: Remember,
  ) {
    const repeated = this.#shared.idempotency.repeated(remember, change.at);
    if (repeated !== undefined) return repeated;
    const found = this.findSource(id);
    if (found === undefined) return { kind: "not-found" } as const;
    const config = { ...found.config, ...change.config };
    const source = this.#write({ ...found, config, updatedAt: change.at });
    this.#shared.idempotency.remember(remember);
    return { kind: "updated", source } as const;
  }

  rotateSource(id: SourceId, rotation: SourceRotation, remember?: Remember) {
    const { next, oldExpireAt, onlyFirst, what } = rotation;
    const repeated = this.#shared.idempotency.repeated(remember, next.createdAt);
    if (repeated !== undefined) return repeated;
    const found = this.findSource(id);
    if (found === undefined) return { kind: "not-found" } as const;
    const hasSome = secretsInForce(found[what], next.createdAt).length > 0;
    if (onlyFirst === true && hasSome) return { kind: "rotated", source: found } as const;
    const changed = { [what]: rotated(found[what], next, oldExpireAt), updatedAt: next.createdAt };
    const source = this.#write({ ...found, ...changed });
    this.#shared.idempotency.remember(remember);
    return { kind: "rotated", source } as const;
  }

  deleteSource(id: SourceId, at: number) {
    if (this.#delete.run(at, id).changes === 0) return "not-found";
    this.#changed(id);
    return "deleted";
  }

  #write(source: Source): Source {
    this.#update.run(
      JSON.stringify(source.config),
      JSON.stringify(source.secrets),
      JSON.stringify(source.tokens),
      source.updatedAt,
      source.id,
    );
    this.#changed(source.id);
    return source;
  }

  #changed(source: SourceId): void {
    this.#shared.effects.add({ kind: "change", change: { kind: "source", source } });
  }
}

function toSource(row: Row): Source {
  return {
    id: row.id,
    application: row.application,
    partition: row.partition,
    config: parseJson(row.config),
    secrets: parseJson(row.secrets),
    tokens: parseJson(row.tokens),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
