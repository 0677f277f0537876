/** Requests that begin as right ones and go wrong, for every route of the OpenAPI document. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { z } from "zod";

const methods = ["get", "post", "put", "patch", "delete"] as const;

const operation = z.object({
  parameters: z.array(z.object({ in: z.string(), name: z.string() })).optional(),
  requestBody: z.unknown().optional(),
});
const document = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(methods), operation)),
});

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`, with `{names}`. */
  readonly path: string;
  readonly query: readonly string[];
  readonly takesBody: boolean;
}

const upper = { get: "GET", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE" } as const;

export function documentedRoutes(): readonly Route[] {
  const file = new URL("../../../../../docs/openapi.json", import.meta.url);
  const { paths } = document.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const found = item[method];
      if (found === undefined) return [];
      const query = (found.parameters ?? []).filter((each) => each.in === "query");
      return {
        method: upper[method],
        path: path.replace("/api/v1", ""),
        query: query.map(({ name }) => name),
        takesBody: found.requestBody !== undefined,
      };
    }),
  );
}

export interface FuzzRequest {
  readonly route: Route;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** `null` is none. */
  readonly token: "admin" | "scoped" | "unknown" | null;
}

const application = { name: "an application", uid: "a", rateLimit: 10, metadata: { a: "b" } };
const endpoint = {
  url: "https://example.com/hook",
  uid: "e",
  description: "d",
  disabled: false,
  filterTypes: ["known"],
  channels: ["c"],
  filter: 'a = 1 and b.c contains "x"',
  rateLimit: 5,
  metadata: { a: "b" },
  version: 1,
};
const eventType = {
  description: "d",
  archived: false,
  deprecated: true,
  schemas: { "1": { type: "object", properties: { a: { type: "integer" } } } },
  enforceSchema: true,
  groupName: "g",
  featureFlags: ["f"],
};
const source = {
  name: "s",
  scheme: "github",
  schemeConfig: {},
  throttleRate: 5,
  maxBodyBytes: 1000,
  toleranceSeconds: 60,
  dedupe: { kind: "fields", fields: ["body.a", "header.x"], windowSeconds: 60 },
  forwarding: "resign",
  metadata: { a: "b" },
};
const webhook = {
  description: "d",
  summary: "s",
  deprecated: true,
  "x-group-name": "g",
  requestBody: { content: { "application/json": { schema: { type: "object" } } } },
};
const spec = { openapi: "3.1.0", webhooks: { imported: { post: webhook } } };
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** A right body with every field, by the end of the path; of `null` none is needed. */
const bodies: Readonly<Record<string, unknown>> = {
  "/api-key": { name: "k", application: "a" },
  "/app": application,
  "/app/{app_id}": application,
  "/app/{app_id}/endpoint": { ...endpoint, secret, headers: { "x-a": "b" } },
  "/app/{app_id}/endpoint/{endpoint_id}": endpoint,
  "/app/{app_id}/endpoint/{endpoint_id}/headers": {
    headers: { "x-a": "b", authorization: "Bearer x" },
  },
  "/app/{app_id}/endpoint/{endpoint_id}/pause": {},
  "/app/{app_id}/endpoint/{endpoint_id}/resume": {},
  "/app/{app_id}/endpoint/{endpoint_id}/secret/rotate": { key: secret, gracePeriodSeconds: 60 },
  "/app/{app_id}/endpoint/{endpoint_id}/send-example": { eventType: "known", exampleIndex: 0 },
  "/app/{app_id}/msg": {
    eventType: "known",
    payload: { a: 1, b: { c: "x" } },
    eventId: "another",
    channels: ["c"],
    tags: ["t"],
    payloadRetentionPeriod: 30,
    application: { name: "an application" },
    transformationsParams: { rawPayload: "raw", headers: { "x-a": "b" } },
    deliverAt: "2099-01-01T00:00:00Z",
    expiresAt: null,
  },
  "/app/{app_id}/msg/precheck/active": { eventType: "known", channels: ["c"] },
  "/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/resend": {},
  "/source": { applicationId: "a", ...source, secret: "s" },
  "/source/{source_id}": source,
  "/source/{source_id}/pause": {},
  "/source/{source_id}/resume": {},
  "/source/{source_id}/request/{request_id}/retry-verification": {},
  "/source/{source_id}/secret/rotate": { key: "s", gracePeriodSeconds: 0 },
  "/source/{source_id}/token/rotate": { gracePeriodSeconds: 0 },
  "/event-type": { name: "new", ...eventType },
  "/event-type/{event_type_name}": eventType,
  "/event-type/import/openapi": { spec, specRaw: JSON.stringify(spec), dryRun: false },
};

export function rightBody(path: string): unknown {
  return structuredClone(bodies[path]);
}

const deep = (depth: number): unknown => {
  let value: unknown = {};
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\0", "\ud800", "__proto__", "constructor", "a".repeat(5000), "..", "a\r\nb"),
  fc.constantFrom("1e400", "2030-02-30T00:00:00Z", "9999-12-31T23:59:59.999999999+23:59"),
  fc.webUrl({ withQueryParameters: true }),
  fc.constantFrom("http://127.0.0.1/", "https://u:p@example.com/", "https://[::1]:22/", "file:///"),
  fc.base64String().map((key) => `whsec_${key}`),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(null, true, 0, -1, 1.5, 1e21, 2 ** 53, [], {}, deep(50), deep(200)),
  fc.array(text, { maxLength: 5 }),
  fc.dictionary(text, text, { maxKeys: 5 }),
  fc.constant(Array.from({ length: 3000 }, (_, i) => `n${i}`)),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change = (body: unknown) => unknown;

/** Walks to a place that `steps` choose, and puts there what `change` makes of what is there. */
function changeAt(body: unknown, steps: readonly number[], change: Change): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof body !== "object" || body === null) return change(body);
  const entries = Object.entries(body);
  const at = entries.length === 0 ? 0 : step % entries.length;
  const changed = entries.map(([name, each], i) =>
    i === at ? ([name, changeAt(each, rest, change)] as const) : ([name, each] as const),
  );
  const kept = changed.filter(([, each]) => each !== undefined);
  return Array.isArray(body) ? kept.map(([, each]) => each) : Object.fromEntries(kept);
}

const steps = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 });
const mutation: fc.Arbitrary<Change> = fc.oneof(
  // Without a field.
  steps.map(
    (at): Change =>
      (body) =>
        changeAt(body, at, () => undefined),
  ),
  fc.tuple(steps, value).map(
    ([at, put]): Change =>
      (body) =>
        changeAt(body, at, () => put),
  ),
  fc.tuple(steps, text, value).map(
    ([at, name, put]): Change =>
      (body) =>
        changeAt(body, at, (there) =>
          typeof there === "object" && there !== null
            ? { ...there, [name]: put }
            : { [name]: there },
        ),
  ),
  steps.map(
    (at): Change =>
      (body) =>
        changeAt(body, at, (there) => (typeof there === "string" ? there.repeat(300) : [there])),
  ),
);

/** What becomes of the bytes. */
const encoding: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  fc.nat(1000).map((cut) => (bytes: Buffer) => bytes.subarray(0, cut % (bytes.length + 1))),
  fc.tuple(fc.nat(1000), fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  }),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString("utf8"), "utf16le")),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
  fc.uint8Array({ maxLength: 200 }).map((noise) => () => Buffer.from(noise)),
);

function bodyOf(route: Route): fc.Arbitrary<Buffer | undefined> {
  if (!route.takesBody) return fc.constant(undefined);
  const mutations = fc.array(mutation, { maxLength: 2 });
  return fc.tuple(mutations, encoding).map(([changes, encode]) => {
    const body = changes.reduce((so, change) => change(so), rightBody(route.path));
    // Once V8's JSON.parse has seen a name with a backslash, it takes one escaped name for another
    // (https://github.com/nodejs/node/issues/63785), and what was stored would seem to change.
    return encode(Buffer.from((JSON.stringify(body) ?? "").replaceAll("\\\\", "/")));
  });
}

const knownIds: Readonly<Record<string, readonly string[]>> = {
  app_id: ["a", "a", "a", "new-app"],
  endpoint_id: ["e", "e", "e", "new-endpoint"],
  msg_id: ["m", "m"],
  event_type_name: ["known", "known", "new.type"],
  key_id: [],
  attempt_id: [],
  request_id: [],
};
const id = fc.oneof(
  text,
  fc.stringMatching(/^-{0,2}(app|ep|msg|atmpt|key|dlv|src|inreq)_[0-9A-Za-z]{0,16}$/),
  fc.constantFrom("...", "%2f", "app_", "__proto__", "x".repeat(300), "x".repeat(1500)),
);

/** `made`: what there is under ids that nobody knew before. */
function pathOf(route: Route, made: Readonly<Record<string, () => string>>): fc.Arbitrary<string> {
  const parts = route.path.split("/").map((part) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const known = knownIds[name] ?? [];
    const lately = made[name];
    if (lately !== undefined) {
      const there = { weight: 9, arbitrary: fc.constant(null).map(lately) };
      return fc.oneof(there, { weight: 1, arbitrary: id.map(encoded) });
    }
    const given = known.length === 0 ? [] : [{ weight: 9, arbitrary: fc.constantFrom(...known) }];
    return fc.oneof(...given, { weight: 1, arbitrary: id }).map(encoded);
  });
  return fc.tuple(...parts).map((each) => each.join("/"));
}

function encoded(part: string): string {
  // Steps up and down are taken out of a URL before it is sent.
  return /^\.{0,2}$/.test(part) ? "-" : encodeURIComponent(part.toWellFormed());
}

const queryValue = fc.oneof(
  fc.constantFrom("true", "false", "0", "1", "5", "250", "251", "-1", "", "ascending", "known,b"),
  fc.constantFrom("2026-01-01T00:00:00Z", "2026-13-01T00:00:00Z", ":known", "-:known"),
  id,
);

function queryOf(route: Route): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...route.query, "limit") },
    { weight: 1, arbitrary: text },
  );
  return fc
    .array(fc.tuple(name, queryValue), { maxLength: 3 })
    .map((pairs) => pairs.map((pair) => pair.map(encoded).join("=")).join("&"))
    .map((query) => (query === "" ? "" : `?${query}`));
}

// Anything else is refused by the client, or by Node's parser before it comes here.
const headerText = fc.stringMatching(/^[!-~ \u{80}-\u{ff}]{0,300}$/u);
const headers = fc.record(
  {
    "idempotency-key": fc.oneof(fc.constantFrom("k1", "k2", ""), headerText),
    "x-request-id": headerText,
    "x-forwarded-for": headerText,
    "if-none-match": headerText,
    accept: headerText,
    "content-encoding": fc.constantFrom("identity", "gzip", "br, gzip"),
    "content-type": fc.oneof(
      { weight: 8, arbitrary: fc.constant("application/json") },
      fc.constantFrom("application/json; charset=utf-16", "text/plain", "multipart/form-data"),
      headerText,
    ),
  },
  { requiredKeys: [] },
);

export function requestsOf(
  route: Route,
  made: Readonly<Record<string, () => string>> = {},
): fc.Arbitrary<FuzzRequest> {
  const token = fc.oneof(
    { weight: 17, arbitrary: fc.constant("admin" as const) },
    { weight: 1, arbitrary: fc.constant("scoped" as const) },
    { weight: 1, arbitrary: fc.constant("unknown" as const) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const some = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, headers);
  return fc
    .tuple(pathOf(route, made), queryOf(route), some, bodyOf(route), token)
    .map(([path, query, given, body, who]) => ({
      route,
      path: path + query,
      headers: given,
      body,
      token: who,
    }));
}
