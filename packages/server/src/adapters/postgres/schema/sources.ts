export const sources = `
  CREATE TABLE sources (
    id int8 PRIMARY KEY,
    application int8 NOT NULL,
    partition int4 NOT NULL,
    doc text NOT NULL,
    created_at int8 NOT NULL,
    updated_at int8 NOT NULL,
    deleted_at int8
  );
  CREATE INDEX sources_application ON sources (application, id);

  CREATE TABLE request_keys (
    partition int4 NOT NULL,
    source int8 NOT NULL,
    key bytea NOT NULL,
    request int8 NOT NULL,
    message int8 NOT NULL,
    created_at int8 NOT NULL,
    expires_at int8 NOT NULL,
    PRIMARY KEY (partition, source, key)
  );
  CREATE INDEX request_keys_expiry ON request_keys (partition, expires_at);

  CREATE TABLE requests (
    id int8 NOT NULL,
    source int8 NOT NULL,
    application int8 NOT NULL,
    message int8,
    duplicate_of int8,
    repeats int8 NOT NULL,
    kept_until int8,
    retain_until int8 NOT NULL,
    partition int4 NOT NULL,
    day int4 NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    doc text NOT NULL,
    kept text,
    body bytea,
    PRIMARY KEY (partition, source, id, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX requests_outcome ON requests (partition, source, outcome, id)
    WHERE outcome <> 'accepted';
  CREATE INDEX requests_kept ON requests (partition, kept_until) WHERE kept_until IS NOT NULL;

  DO $$
  DECLARE day int4;
  BEGIN
    FOR day IN SELECT substring(c.relname FROM 11)::int4 FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'messages'::regclass
    LOOP
      EXECUTE format('CREATE TABLE requests_d%s PARTITION OF requests FOR VALUES FROM (%s) TO (%s)',
        day, day, day + 1);
    END LOOP;
  END $$;
`;
