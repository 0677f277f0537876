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
import { parseJson, type JsonText } from "../sql/json.ts";
import { firstId, lastId } from "../sql/keyed-rows.ts";
import { statement, type Sql } from "./database.ts";
import { every, readPage } from "./paging.ts";
import type { Places } from "./places.ts";

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

interface ConfigRow {
  readonly id: EndpointId;
  readonly config: JsonText<EndpointConfig>;
}

interface CurrentRow {
  readonly version: number;
  /** `null` in the one row of an application without endpoints. */
  readonly id: EndpointId | null;
  readonly config: JsonText<EndpointConfig> | null;
}

const eventColumns = "endpoint, id, at, kind, by, figures";

const addRevision = statement(
  "history-add-revision",
  `INSERT INTO endpoint_revisions (partition, endpoint, version, at, by, config)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);
const revisions = statement<RevisionRow>(
  "history-revisions",
  `SELECT version, at, by, config FROM endpoint_revisions WHERE partition = $1 AND endpoint = $2
   ORDER BY version`,
);
/** One snapshot: these endpoints are those of this version. */
const current = statement<CurrentRow>(
  "history-current",
  `SELECT a.version, e.id, e.config FROM applications a
   LEFT JOIN LATERAL (SELECT id, config FROM endpoints
     WHERE application = a.id AND deleted_at IS NULL OFFSET 0) e ON true
   WHERE a.id = $1 AND a.deleted_at IS NULL ORDER BY e.id`,
);
const at = statement<ConfigRow>(
  "history-at",
  `SELECT e.id, r.config FROM (
     SELECT id, partition FROM endpoints WHERE application = $1 OFFSET 0
   ) e CROSS JOIN LATERAL (
     SELECT config FROM endpoint_revisions
     WHERE partition = e.partition AND endpoint = e.id AND version <= $2
     ORDER BY version DESC LIMIT 1
   ) r WHERE r.config IS NOT NULL ORDER BY e.id`,
);
/** One change can mean two events under one id: the second takes the next free one. */
const addEventRow = statement<{ id: EndpointEventId }>(
  "history-add-event",
  `INSERT INTO endpoint_events (partition, ${eventColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT DO NOTHING RETURNING id`,
);
const ascending = statement<EventRow>(
  "history-events-ascending",
  `SELECT ${eventColumns} FROM endpoint_events WHERE partition = $1 AND endpoint = $2 AND id > $3
   ORDER BY id LIMIT $4`,
);
const descending = statement<EventRow>(
  "history-events-descending",
  `SELECT ${eventColumns} FROM endpoint_events WHERE partition = $1 AND endpoint = $2 AND id < $3
   ORDER BY id DESC LIMIT $4`,
);

export async function revise(
  sql: Sql,
  revision: {
    readonly partition: number;
    readonly endpoint: EndpointId;
    readonly version: number;
    readonly at: number;
    readonly by: Actor;
  },
  config: string | null,
): Promise<void> {
  const { endpoint, partition, version, by } = revision;
  await sql.run(addRevision, partition, endpoint, version, revision.at, JSON.stringify(by), config);
}

export async function endpointRevisions(
  sql: Sql,
  places: Places,
  endpoint: EndpointId,
): Promise<readonly EndpointRevision[]> {
  const place = await places.endpoint(sql, endpoint);
  if (place === undefined) return [];
  const rows = await sql.all(revisions, place.partition, endpoint);
  return rows.map((row) => ({
    endpoint,
    version: row.version,
    at: row.at,
    by: parseJson(row.by),
    config: row.config === null ? null : parseJson(row.config),
  }));
}

export async function addEvent(sql: Sql, partition: number, event: EndpointEvent): Promise<void> {
  const { endpoint, kind } = event;
  const [by, figures] = [JSON.stringify(event.by), JSON.stringify(event.figures)];
  for (let { id } = event; ; id = toId("endpointEvent", id + 1)) {
    const added = await sql.get(addEventRow, partition, endpoint, id, event.at, kind, by, figures);
    if (added !== undefined) return;
  }
}

export async function listEndpointEvents(
  sql: Sql,
  places: Places,
  id: EndpointId,
  page: Page<EndpointEventId>,
) {
  const place = await places.endpoint(sql, id);
  if (place === undefined) return { items: [], done: true };
  const { partition } = place;
  const rows = (downwards: boolean, bound: EndpointEventId | undefined, limit: number) =>
    downwards
      ? sql.all(descending, partition, id, bound ?? lastId, limit)
      : sql.all(ascending, partition, id, bound ?? firstId, limit);
  return readPage(page, { rows, keyOf: (row) => row.id }, every(toEvent));
}

export async function subscriptions(
  sql: Sql,
  application: ApplicationId,
): Promise<Subscriptions | undefined> {
  const rows = await sql.all(current, application);
  const [first] = rows;
  if (first === undefined) return undefined;
  const endpoints = rows.flatMap(({ id, config }) =>
    id === null || config === null ? [] : [toSubscription({ id, config })],
  );
  return { version: first.version, endpoints };
}

export async function subscriptionsAt(
  sql: Sql,
  application: ApplicationId,
  version: number,
): Promise<Subscriptions> {
  const rows = await sql.all(at, application, version);
  return { version, endpoints: rows.map(toSubscription) };
}

function toSubscription(row: ConfigRow) {
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
