/** Workers of the version before insert neither `sharing` nor `taken_at`: they take all partitions. */
export const workers = `
  ALTER TABLE leases ADD COLUMN taken_at timestamptz;
  ALTER TABLE workers ADD COLUMN sharing bool NOT NULL DEFAULT false;

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
