import { toEnded, toWaiting } from "../sql/delivery-rows.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../../domain/ids.ts";
import type { DeliveryState, EndReason } from "../../domain/reasons.ts";
import type { DeliveryView, MessageFilter } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import { stateOfView } from "../sql/end-states.ts";
import { firstId, lastId, mergeByKey } from "../sql/keyed-rows.ts";
import { idBounds, isFiltering, matchesMessage } from "../sql/message-filter.ts";
import { int4s, int8s } from "./arrays.ts";
import { statement, type Sql } from "./database.ts";
import { endpointsEver } from "./endpoints.ts";
import { laneOf } from "./lanes.ts";
import { messagesByIds, metasByIds } from "./messages.ts";
import { readPage } from "./paging.ts";
import type { Reader } from "./transaction.ts";
import { waitingByIds, type QueueRow } from "./queue.ts";

interface Row {
  readonly message: MessageId;
  readonly endpoint: EndpointId;
  readonly delivery: DeliveryId;
  readonly application: ApplicationId;
  readonly ended_at: number;
  readonly resend_of: DeliveryId | null;
  readonly partition: number;
  readonly attempts: number;
  readonly reason: EndReason;
}

/** A place in a list: the latest delivery under one key, waiting or ended. */
interface Entry<Key> {
  readonly key: Key;
  readonly delivery: DeliveryId;
  readonly waits: boolean;
  /** That its message and its own row are kept until. */
  readonly day: number;
}

export interface ListParts extends Reader {
  readonly now: () => number;
}

const columns = `message, endpoint, delivery, application, ended_at, resend_of, partition, attempts,
  reason`;

/** Each in its day: of the partitions of three months one is looked at for a row. */
const byKeys = statement<Row>(
  "deliveries-by-keys",
  `SELECT d.* FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[], $5::int4[])
     AS k (partition, message, endpoint, delivery, day)
   CROSS JOIN LATERAL (SELECT ${columns} FROM deliveries WHERE partition = k.partition
     AND message = k.message AND endpoint = k.endpoint AND delivery = k.delivery
     AND day = k.day OFFSET 0) d`,
);
const latest = statement<{ delivery: DeliveryId }>(
  "deliveries-latest",
  `SELECT delivery FROM deliveries WHERE partition = $1 AND message = $2 AND endpoint = $3
   ORDER BY delivery DESC LIMIT 1`,
);
const ofMessage = pageStatements<Entry<EndpointId>>(
  "deliveries-of-message",
  (beyond, order) => `SELECT DISTINCT ON (endpoint) endpoint AS key, delivery, false AS waits, day
   FROM deliveries WHERE partition = ANY($1::int4[]) AND message = $2 AND endpoint ${beyond} $3
   ORDER BY endpoint ${order}, delivery DESC LIMIT $4`,
);
/** There is no index by message alone: it is asked of each endpoint of the application, in order. */
const waitingOfMessage = pageStatements<Entry<EndpointId>>(
  "deliveries-waiting-of-message",
  (beyond, order) => `SELECT e.id AS key, q.delivery, true AS waits, q.day FROM endpoints e
   CROSS JOIN LATERAL (SELECT delivery, day FROM queue WHERE partition = e.partition
     AND endpoint = e.id AND message = $2 LIMIT 1) q
   WHERE e.application = $1 AND e.id ${beyond} $3 ORDER BY e.id ${order} LIMIT $4`,
);
const ofEndpoint = pageStatements<Entry<MessageId>>(
  "deliveries-of-endpoint",
  (_beyond, order) => `SELECT DISTINCT ON (message) message AS key, delivery, false AS waits, day
   FROM deliveries WHERE partition = $1 AND endpoint = $2 AND message > $3 AND message < $4
   ORDER BY message ${order}, delivery DESC LIMIT $5`,
);
const waitingOfEndpoint = pageStatements<Entry<MessageId>>(
  "deliveries-waiting-of-endpoint",
  (_beyond, order) => `SELECT message AS key, delivery, true AS waits, day FROM queue
   WHERE partition = $1 AND endpoint = $2 AND message > $3 AND message < $4
   ORDER BY message ${order} LIMIT $5`,
);

export async function latestEnded(
  sql: Sql,
  partition: number,
  message: MessageId,
  endpoint: EndpointId,
): Promise<DeliveryId | null> {
  return (await sql.get(latest, partition, message, endpoint))?.delivery ?? null;
}

export async function listDeliveriesOfMessage(
  parts: ListParts,
  message: MessageId,
  page: Page<EndpointId>,
) {
  const { sql, places } = parts;
  const place = await places.message(sql, message);
  const homes = await places.ofDeliveries(sql, message);
  if (place === undefined || homes === undefined) return { items: [], done: true };
  const { application } = place;
  const rows = async (descending: boolean, bound: EndpointId | undefined, limit: number) => {
    const beyond = bound ?? (descending ? lastId : firstId);
    const order = descending ? "descending" : "ascending";
    return mergeByKey<Entry<EndpointId>>(
      await sql.all(waitingOfMessage[order], application, message, beyond, limit),
      await sql.all(ofMessage[order], homes, message, beyond, limit),
      (entry) => entry.key,
      { descending, limit },
    );
  };
  const accept = async (entries: readonly Entry<EndpointId>[]) => {
    const found = entries.map((entry) => ({ ...entry, message, endpoint: entry.key }));
    const views = await viewsOf(parts, application, found);
    const endpoints = await endpointsEver(
      sql,
      application,
      entries.map(({ key }) => key),
    );
    return entries.map(({ delivery, key }) => {
      const view = views.get(delivery);
      const endpoint = endpoints.get(key)?.endpoint;
      return view === undefined || endpoint === undefined ? undefined : { view, endpoint };
    });
  };
  return readPage(page, { rows, keyOf: (entry) => entry.key }, { filtered: false, accept });
}

export async function listDeliveriesOfEndpoint(
  parts: ListParts,
  endpoint: EndpointId,
  filter: MessageFilter & { readonly state?: DeliveryState },
  page: Page<MessageId>,
) {
  const { sql, places } = parts;
  const place = await places.endpoint(sql, endpoint);
  if (place === undefined) return { items: [], done: true };
  const { application, partition } = place;
  const home = (await places.application(sql, application)) ?? partition;
  const bounds = idBounds(filter);
  const rows = async (descending: boolean, bound: MessageId | undefined, limit: number) => {
    const order = descending ? "descending" : "ascending";
    const above = descending ? bounds.above : bounds.aboveOr(bound);
    const below = bounds.below(descending ? bound : undefined);
    return mergeByKey<Entry<MessageId>>(
      await sql.all(waitingOfEndpoint[order], partition, endpoint, above, below, limit),
      await sql.all(ofEndpoint[order], partition, endpoint, above, below, limit),
      (entry) => entry.key,
      { descending, limit },
    );
  };
  const accept = async (entries: readonly Entry<MessageId>[]) => {
    const wanted = await matching(sql, home, filter, entries);
    const found = wanted.map((entry) => ({ ...entry, message: entry.key, endpoint }));
    const views = await viewsOf(parts, application, found);
    const kept = wanted.filter(({ delivery }) => {
      const view = views.get(delivery);
      if (view === undefined) return false;
      return filter.state === undefined || filter.state === stateOfView(view, parts.now());
    });
    const shown = kept.slice(0, page.limit + 1).map(({ day, key }) => ({ id: key, day }));
    const messages = await messagesByIds(sql, home, shown);
    return entries.map(({ delivery, key }) => {
      const view = views.get(delivery);
      const message = messages.get(key);
      return view === undefined || message === undefined ? undefined : { view, message };
    });
  };
  const filtered = isFiltering(filter) || filter.state !== undefined;
  return readPage(page, { rows, keyOf: (entry) => entry.key }, { filtered, accept });
}

async function matching(
  sql: Sql,
  home: number,
  filter: MessageFilter,
  entries: readonly Entry<MessageId>[],
): Promise<readonly Entry<MessageId>[]> {
  if (!isFiltering(filter)) return entries;
  const metas = await metasByIds(
    sql,
    home,
    entries.map(({ day, key }) => ({ id: key, day })),
  );
  return entries.filter(({ key }) => {
    const meta = metas.get(key);
    return meta !== undefined && matchesMessage(filter, meta);
  });
}

interface Found extends Pick<Entry<unknown>, "delivery" | "waits" | "day"> {
  readonly message: MessageId;
  readonly endpoint: EndpointId;
}

/** One that ended while the list was read is looked up as ended: it is never missing from both. */
async function viewsOf(
  parts: ListParts,
  application: ApplicationId,
  found: readonly Found[],
): Promise<ReadonlyMap<DeliveryId, DeliveryView>> {
  const { sql, places } = parts;
  const views = new Map<DeliveryId, DeliveryView>();
  if (found.length === 0) return views;
  const endpointIds = [...new Set(found.map(({ endpoint }) => endpoint))];
  await places.learn(sql, endpointIds);
  const homes = int4s([...new Set(endpointIds.map((id) => places.known(id)?.partition ?? 0))]);
  const waitingIds = found.filter(({ waits }) => waits).map(({ delivery }) => delivery);
  const waiting = await waitingByIds(sql, homes, waitingIds);
  if (waiting.size > 0) await addWaiting(parts, application, waiting, views);
  const ended = found.filter(({ delivery }) => !waiting.has(delivery));
  if (ended.length === 0) return views;
  const rows = await sql.all(
    byKeys,
    int4s(ended.map(({ endpoint }) => places.known(endpoint)?.partition ?? 0)),
    int8s(ended.map(({ message }) => message)),
    int8s(ended.map(({ endpoint }) => endpoint)),
    int8s(ended.map(({ delivery }) => delivery)),
    int4s(ended.map(({ day }) => day)),
  );
  for (const row of rows) views.set(row.delivery, { kind: "ended", delivery: toEnded(row) });
  return views;
}

async function addWaiting(
  { places, sql }: ListParts,
  application: ApplicationId,
  waiting: ReadonlyMap<DeliveryId, QueueRow>,
  views: Map<DeliveryId, DeliveryView>,
): Promise<void> {
  const ids = [...new Set(Array.from(waiting.values(), ({ endpoint }) => endpoint))];
  const endpoints = await endpointsEver(sql, application, ids);
  const lanes = new Map<EndpointId, Awaited<ReturnType<typeof laneOf>>>();
  for (const id of ids) lanes.set(id, await laneOf(sql, places, id));
  for (const row of waiting.values()) {
    const ever = endpoints.get(row.endpoint);
    views.set(row.delivery, {
      kind: "waiting",
      delivery: toWaiting(row),
      lane: lanes.get(row.endpoint),
      endpoint: ever === undefined || ever.deleted ? undefined : ever.endpoint,
    });
  }
}

function pageStatements<Row>(name: string, text: (beyond: string, order: string) => string) {
  return {
    ascending: statement<Row>(`${name}-ascending`, text(">", "ASC")),
    descending: statement<Row>(`${name}-descending`, text("<", "DESC")),
  };
}
