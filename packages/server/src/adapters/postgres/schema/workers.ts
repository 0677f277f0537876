/**
 * - Workers of the version before know nothing of `part`: they take all partitions or none, and stand
 *   `apart` from those that share.
 * - `crashed`: something waits in the partition that may have had an attempt when an owner crashed.
 */
export const workers = `
  ALTER TABLE leases ADD COLUMN taken_at timestamptz;
  ALTER TABLE leases ADD COLUMN crashed bool NOT NULL DEFAULT false;
  ALTER TABLE workers ADD COLUMN part text NOT NULL DEFAULT 'apart';

  CREATE TABLE processes (
    slot int4 PRIMARY KEY,
    id text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    roles text NOT NULL,
    started_at timestamptz NOT NULL,
    renewed_at timestamptz NOT NULL,
    ids_until int8 NOT NULL
  ) WITH (fillfactor = 50);
`;
