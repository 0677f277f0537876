import { statement, type Sql } from "./database.ts";

/** How an engine that spreads tables over nodes (Citus) has a table. */
export type Distribution =
  /** Rows with the same value lie on one node; all tables by `partition` have theirs together. */
  | { readonly kind: "by"; readonly column: string }
  /** Small, read everywhere: each node has all of it. */
  | { readonly kind: "copied" }
  /** Of the node that one is connected to. */
  | { readonly kind: "local" };

const byPartition: Distribution = { kind: "by", column: "partition" };
const copied: Distribution = { kind: "copied" };

/** Every table of the schema, those first that others lie with. */
export const distribution: Readonly<Record<string, Distribution>> = {
  leases: byPartition,
  queue: byPartition,
  messages: byPartition,
  deliveries: byPartition,
  attempts: byPartition,
  requests: byPartition,
  request_keys: byPartition,
  event_ids: byPartition,
  lanes: byPartition,
  endpoint_revisions: byPartition,
  endpoint_secrets: byPartition,
  endpoint_events: byPartition,
  endpoint_hours: byPartition,
  // Spread by itself: a key is looked up before anything is known of whom it belongs to.
  idempotency: { kind: "by", column: "key_hash" },
  installation: copied,
  applications: copied,
  endpoints: copied,
  sources: copied,
  event_types: copied,
  api_keys: copied,
  workers: { kind: "local" },
  processes: { kind: "local" },
  schema_versions: { kind: "local" },
};

const available = statement<{ citus: boolean }>(
  "distribution-available",
  `SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus')
     AND current_setting('shared_preload_libraries') LIKE '%citus%' AS citus`,
);
const spread = statement<{ name: string }>(
  "distribution-spread",
  "SELECT logicalrelid::text AS name FROM pg_dist_partition",
);

export interface DistributionStatement {
  readonly table: string;
  readonly text: string;
}

/** One for each table that is not of one node alone, in the order of their needs. */
export function distributionStatements(): readonly DistributionStatement[] {
  return Object.entries(distribution).flatMap(([table, how]) => {
    const text = textOf(table, how);
    return text === undefined ? [] : [{ table, text }];
  });
}

function textOf(table: string, how: Distribution): string | undefined {
  switch (how.kind) {
    case "by": {
      const together = how.column === "partition" && table !== "leases" ? "leases" : "none";
      return `SELECT create_distributed_table('${table}', '${how.column}', colocate_with => '${together}')`;
    }
    case "copied":
      return `SELECT create_reference_table('${table}')`;
    case "local":
      return undefined;
  }
}

/**
 * Where the server has Citus loaded, spreads the tables that are not spread yet. The days' partitions
 * follow the tables that they are attached to.
 */
export async function distribute(sql: Sql): Promise<void> {
  if ((await sql.get(available))?.citus !== true) return;
  await sql.exec("CREATE EXTENSION IF NOT EXISTS citus");
  const done = new Set((await sql.all(spread)).map(({ name }) => name));
  for (const { table, text } of distributionStatements()) {
    if (!done.has(table)) await sql.exec(text);
  }
}
