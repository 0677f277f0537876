export const base = `
  CREATE TABLE installation (
    one int4 PRIMARY KEY CHECK (one = 1),
    name text NOT NULL,
    partitions int4 NOT NULL,
    ids_until int8 NOT NULL,
    checks int8 NOT NULL,
    key_check text
  );

  CREATE TABLE applications (
    id int8 PRIMARY KEY,
    partition int4 NOT NULL,
    uid text,
    throttle_rate float8,
    doc text NOT NULL,
    version int8 NOT NULL,
    created_at int8 NOT NULL,
    updated_at int8 NOT NULL,
    deleted_at int8
  );
  CREATE UNIQUE INDEX applications_uid ON applications (uid)
    WHERE uid IS NOT NULL AND deleted_at IS NULL;

  CREATE TABLE event_types (
    name text COLLATE "C" PRIMARY KEY,
    archived bool NOT NULL,
    doc text NOT NULL
  );

  CREATE TABLE api_keys (
    id int8 PRIMARY KEY,
    token_hash bytea NOT NULL,
    application int8,
    doc text NOT NULL,
    revoked_at int8
  );
  CREATE UNIQUE INDEX api_keys_token ON api_keys (token_hash);
  CREATE INDEX api_keys_application ON api_keys (application) WHERE application IS NOT NULL;

  CREATE TABLE endpoints (
    application int8 NOT NULL,
    id int8 NOT NULL,
    partition int4 NOT NULL,
    uid text,
    config text NOT NULL,
    version int8 NOT NULL,
    created_at int8 NOT NULL,
    updated_at int8 NOT NULL,
    deleted_at int8,
    PRIMARY KEY (application, id)
  );
  CREATE INDEX endpoints_id ON endpoints (id);
  CREATE UNIQUE INDEX endpoints_uid ON endpoints (application, uid)
    WHERE uid IS NOT NULL AND deleted_at IS NULL;

  CREATE TABLE endpoint_revisions (
    partition int4 NOT NULL,
    endpoint int8 NOT NULL,
    version int8 NOT NULL,
    at int8 NOT NULL,
    by text NOT NULL,
    config text,
    PRIMARY KEY (partition, endpoint, version)
  );

  CREATE TABLE endpoint_secrets (
    partition int4 NOT NULL,
    endpoint int8 NOT NULL,
    seq int4 NOT NULL,
    sealed text NOT NULL,
    created_at int8 NOT NULL,
    expires_at int8,
    PRIMARY KEY (partition, endpoint, seq)
  );

  CREATE TABLE endpoint_events (
    partition int4 NOT NULL,
    endpoint int8 NOT NULL,
    id int8 NOT NULL,
    at int8 NOT NULL,
    kind text NOT NULL,
    by text NOT NULL,
    figures text NOT NULL,
    PRIMARY KEY (partition, endpoint, id)
  );

  CREATE TABLE endpoint_hours (
    partition int4 NOT NULL,
    endpoint int8 NOT NULL,
    hour int4 NOT NULL,
    writer int4 NOT NULL,
    made int8 NOT NULL,
    success int8 NOT NULL,
    fail int8 NOT NULL,
    canceled int8 NOT NULL,
    PRIMARY KEY (partition, endpoint, hour, writer)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

  CREATE TABLE lanes (
    partition int4 NOT NULL,
    endpoint int8 NOT NULL,
    record text NOT NULL,
    PRIMARY KEY (partition, endpoint)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

  CREATE TABLE leases (
    partition int4 PRIMARY KEY,
    owner text NOT NULL,
    epoch int8 NOT NULL
  ) WITH (fillfactor = 50);

  CREATE TABLE workers (
    id text PRIMARY KEY,
    name text NOT NULL,
    started_at timestamptz NOT NULL,
    renewed_at timestamptz NOT NULL
  ) WITH (fillfactor = 50);

  CREATE TABLE idempotency (
    key_hash bytea PRIMARY KEY,
    request_hash bytea NOT NULL,
    created_at int8 NOT NULL,
    expires_at int8 NOT NULL,
    status int4 NOT NULL,
    message int8,
    json text
  );
  CREATE INDEX idempotency_expiry ON idempotency (expires_at);

  CREATE TABLE event_ids (
    partition int4 NOT NULL,
    application int8 NOT NULL,
    event_id text NOT NULL,
    message int8 NOT NULL,
    created_at int8 NOT NULL,
    expires_at int8 NOT NULL,
    PRIMARY KEY (partition, application, event_id)
  );
  CREATE INDEX event_ids_expiry ON event_ids (partition, expires_at);

  CREATE TABLE queue (
    delivery int8 NOT NULL,
    endpoint int8 NOT NULL,
    due int8 NOT NULL,
    application int8 NOT NULL,
    message int8 NOT NULL,
    resend_of int8,
    expires_at int8,
    partition int4 NOT NULL,
    message_partition int4 NOT NULL,
    day int4 NOT NULL,
    attempts int4 NOT NULL,
    resent bool NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (partition, delivery)
  ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.2);
  CREATE INDEX queue_lane ON queue (partition, endpoint, due, delivery);
  CREATE INDEX queue_message ON queue (partition, endpoint, message);
  CREATE INDEX queue_resent ON queue (partition, endpoint, delivery) WHERE resent;
  CREATE INDEX queue_expiry ON queue (partition, expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE messages (
    id int8 NOT NULL,
    application int8 NOT NULL,
    created_at int8 NOT NULL,
    retain_until int8 NOT NULL,
    partition int4 NOT NULL,
    day int4 NOT NULL,
    event_type text NOT NULL,
    channels text,
    tags text,
    doc text NOT NULL,
    content text,
    payload_json text,
    body bytea,
    PRIMARY KEY (partition, id, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX messages_application ON messages (partition, application, id);

  CREATE TABLE deliveries (
    message int8 NOT NULL,
    endpoint int8 NOT NULL,
    delivery int8 NOT NULL,
    application int8 NOT NULL,
    ended_at int8 NOT NULL,
    resend_of int8,
    partition int4 NOT NULL,
    day int4 NOT NULL,
    attempts int4 NOT NULL,
    state int4 NOT NULL,
    resent bool NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (partition, message, endpoint, delivery, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX deliveries_endpoint ON deliveries (partition, endpoint, message, delivery);
  CREATE INDEX deliveries_resent ON deliveries (partition, endpoint, delivery) WHERE resent;

  CREATE TABLE attempts (
    message int8 NOT NULL,
    id int8 NOT NULL,
    endpoint int8 NOT NULL,
    delivery int8 NOT NULL,
    application int8 NOT NULL,
    started_at int8 NOT NULL,
    partition int4 NOT NULL,
    day int4 NOT NULL,
    status int4,
    outcome text NOT NULL,
    doc text NOT NULL,
    response_headers text,
    response_body bytea,
    PRIMARY KEY (partition, message, id, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX attempts_endpoint ON attempts (partition, endpoint, id);
`;
