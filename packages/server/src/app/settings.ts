import { availableParallelism } from "node:os";
import { z } from "zod";
import ipaddr from "ipaddr.js";
import { roles } from "../ports/worker-store.ts";

/**
 * Every setting: its name in the configuration file, its environment variable, what it takes, and
 * a line for people. One table, so that the file, the environment, `posthorn config` and
 * docs/configuration.md cannot differ.
 */
export interface Setting<T> {
  readonly env: `POSTHORN_${string}`;
  /** Takes what JSON gives, or the text of the environment variable. */
  readonly schema: z.ZodType<T>;
  /** As text, for people. */
  readonly fallback: string;
  readonly secret?: true;
  readonly what: string;
}

export const settings = {
  host: setting("POSTHORN_HOST", z.string().min(1).default("127.0.0.1"), {
    fallback: "127.0.0.1",
    what: "Address to listen at; `0.0.0.0` is every IPv4 address.",
  }),
  port: setting("POSTHORN_PORT", whole(0, 65_535).default(7070), {
    fallback: "7070",
    what: "Port to listen at; `0` takes a free one.",
  }),
  dataDir: setting("POSTHORN_DATA_DIR", z.string().min(1).default("./data"), {
    fallback: "./data",
    what: "Folder of the embedded store and of the key files.",
  }),
  store: setting("POSTHORN_STORE", store().default("sqlite"), {
    fallback: "sqlite",
    secret: true,
    what: "The store: `sqlite`, embedded, or the `postgres://` URL of a database.",
  }),
  roles: setting(
    "POSTHORN_ROLES",
    list(role())
      .pipe(z.array(z.enum(roles)).min(1, "needs api, worker, or both"))
      .default([...roles]),
    {
      fallback: "api,worker",
      what: "What the process does: `api` takes requests, `worker` delivers. One alone: on Postgres.",
    },
  ),
  processes: setting("POSTHORN_PROCESSES", processes().default(1), {
    fallback: "1",
    what: "Processes that `posthorn serve` starts, 31 at most; `max`: one a core. On Postgres.",
  }),
  adminKey: setting(
    "POSTHORN_ADMIN_KEY",
    z
      .string()
      .min(16, "must have 16 characters or more")
      .max(512)
      .regex(/^\S+$/, "must not contain white space")
      .optional(),
    {
      fallback: "made at the first start",
      secret: true,
      what: "An admin API key, for automation; 16 to 512 characters.",
    },
  ),
  masterKey: setting("POSTHORN_MASTER_KEY", masterKey().optional(), {
    fallback: "the file `master.key` in the data folder, made at the first start",
    secret: true,
    what: "32 bytes in base64 or hexadecimal that encrypt endpoint secrets and headers at rest.",
  }),
  allowedTargets: setting("POSTHORN_ALLOWED_TARGETS", list(cidr()).default([]), {
    fallback: "none",
    what: "CIDR ranges that may be called although they are not public, comma-separated.",
  }),
  retrySchedule: setting(
    "POSTHORN_RETRY_SCHEDULE",
    list(seconds())
      .pipe(
        z.array(z.number()).min(1, "needs one delay at least").max(100, "takes 100 delays at most"),
      )
      .default([0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]),
    {
      fallback: "0,5,300,1800,7200,18000,36000,50400,72000,86400",
      what: "Seconds before each attempt, comma-separated; their number is the most attempts made.",
    },
  ),
  leaseSeconds: setting("POSTHORN_LEASE_SECONDS", whole(2, 300).default(10), {
    fallback: "10",
    what: "With Postgres: a worker that is silent for so long has lost its deliveries to others.",
  }),
  requestTimeoutMs: setting("POSTHORN_REQUEST_TIMEOUT_MS", whole(100, 120_000).default(15_000), {
    fallback: "15000",
    what: "Deadline of an attempt in ms, from DNS to the last byte read.",
  }),
  retryAfterCapSeconds: setting(
    "POSTHORN_RETRY_AFTER_CAP_SECONDS",
    whole(0, 7 * 86_400).default(86_400),
    {
      fallback: "86400",
      what: "The longest `Retry-After` that is obeyed, in seconds.",
    },
  ),
  endpointConcurrency: setting("POSTHORN_ENDPOINT_CONCURRENCY", whole(1, 1000).default(100), {
    fallback: "100",
    what: "The most requests that may be under way to one endpoint.",
  }),
  maxInFlight: setting("POSTHORN_MAX_IN_FLIGHT", whole(16, 20_000).default(2048), {
    fallback: "2048",
    what: "The most requests that may be under way to all endpoints.",
  }),
  warnAfterHours: setting("POSTHORN_WARN_AFTER_HOURS", hours().default(24), {
    fallback: "24",
    what: "Hours that an endpoint may only fail before a `warned` event.",
  }),
  disableAfterHours: setting("POSTHORN_DISABLE_AFTER_HOURS", hours().default(120), {
    fallback: "120",
    what: "Hours that an endpoint may only fail before it is disabled.",
  }),
  svixHeaders: setting("POSTHORN_SVIX_HEADERS", flag().default(false), {
    fallback: "false",
    what: "Send `svix-id`, `svix-timestamp` and `svix-signature` beside the `webhook-` headers.",
  }),
  egressProxy: setting("POSTHORN_EGRESS_PROXY", httpUrl().optional(), {
    fallback: "none",
    secret: true,
    what: "HTTP proxy for deliveries and what sources fetch. `HTTP_PROXY` and the like are never read.",
  }),
  retentionDays: setting("POSTHORN_RETENTION_DAYS", days().default(90), {
    fallback: "90",
    what: "Days that a message and its history are kept, unless its publisher says otherwise.",
  }),
  maxPayloadBytes: setting(
    "POSTHORN_MAX_PAYLOAD_BYTES",
    whole(1024, 16 * 2 ** 20).default(2 ** 20),
    {
      fallback: "1048576",
      what: "The largest payload, in bytes; a body may have 64 KiB more.",
    },
  ),
  maxInboundBytes: setting(
    "POSTHORN_MAX_INBOUND_BYTES",
    whole(1024, 32 * 2 ** 20).default(5 * 2 ** 20),
    {
      fallback: "5242880",
      what: "The largest body that a source takes, in bytes, unless the source allows less.",
    },
  ),
  keepRejectedHours: setting("POSTHORN_KEEP_REJECTED_HOURS", hours().default(168), {
    fallback: "168",
    what: "Hours that a request that a source rejected is kept whole, to be verified again.",
  }),
  publicUrl: setting("POSTHORN_PUBLIC_URL", httpUrl().optional(), {
    fallback: "where it listens",
    what: "The URL that others reach this server at; shown in the API reference.",
  }),
  trustedProxies: setting("POSTHORN_TRUSTED_PROXIES", list(cidr()).default([]), {
    fallback: "none",
    what: "CIDR ranges whose `X-Forwarded-For` is believed, comma-separated.",
  }),
  corsOrigins: setting("POSTHORN_CORS_ORIGINS", list(origin()).default([]), {
    fallback: "none",
    what: "Origins that browsers may call the API from, comma-separated; `*` is all.",
  }),
  logLevel: setting(
    "POSTHORN_LOG_LEVEL",
    z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
    { fallback: "info", what: "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`." },
  ),
} as const;

export type SettingName = keyof typeof settings;

/** The parsed settings; absent optional ones are `undefined`. */
export type Settings = {
  readonly [Name in SettingName]: z.output<(typeof settings)[Name]["schema"]>;
};

function setting<T>(
  env: Setting<T>["env"],
  schema: z.ZodType<T>,
  rest: Pick<Setting<T>, "fallback" | "secret" | "what">,
): Setting<T> {
  return { env, schema, ...rest };
}

function number(least: number, most: number, whatNumber: string) {
  const wrong = `must be ${whatNumber} from ${least} to ${most}`;
  const fromText = z
    .string()
    .regex(/^\d+(\.\d+)?$/, wrong)
    .transform(Number);
  return z
    .union([z.number(wrong), fromText], wrong)
    .pipe(z.number().min(least, wrong).max(most, wrong));
}

function whole(least: number, most: number, whatNumber = "a whole number") {
  const wrong = `must be ${whatNumber} from ${least} to ${most}`;
  return number(least, most, whatNumber).refine(Number.isInteger, wrong);
}

function seconds() {
  return number(0, 30 * 86_400, "a number of seconds");
}

function hours() {
  return number(0, 24 * 365, "a number of hours");
}

function days() {
  return number(0.001, 3650, "a number of days");
}

function flag() {
  const wrong = "must be true or false";
  return z.union(
    [z.boolean(wrong), z.enum(["true", "false"], wrong).transform((text) => text === "true")],
    wrong,
  );
}

/** A JSON array, or comma-separated text; an empty text is an empty list. */
function list<T>(item: z.ZodType<T>) {
  const fromText = z
    .string()
    .transform((text) =>
      text.trim() === "" ? [] : text.split(",").map((part): unknown => part.trim()),
    );
  return z.union([z.array(z.unknown()), fromText], "must be a list").pipe(z.array(item));
}

function role() {
  return z.enum(roles, { error: (issue) => `${show(issue.input)} is not api or worker` });
}

function processes() {
  const most = 31;
  const cores = Math.min(availableParallelism(), most);
  return z.preprocess(
    (given) => (given === "max" ? cores : given),
    whole(1, most, "max, or a whole number"),
  );
}

function cidr() {
  return z.string().refine((text) => ipaddr.isValidCIDR(text), {
    error: (issue) => `${show(issue.input)} is not a CIDR range such as 10.0.0.0/8`,
  });
}

function httpUrl() {
  return z.string().refine(isHttpUrl, "must be an http or https URL");
}

/** The URL has a password in it: it must not be in the message that refuses it. */
function store() {
  return z
    .string()
    .refine(
      (text) => text === "sqlite" || isPostgresUrl(text),
      "must be sqlite or a URL such as postgres://user:password@host/database",
    );
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:");
}

function origin() {
  return z
    .string()
    .refine((text) => text === "*" || (isHttpUrl(text) && new URL(text).origin === text), {
      error: (issue) => `${show(issue.input)} is not an origin such as https://app.example.com`,
    });
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

function masterKey() {
  return z.string().transform((text, context) => {
    const bytes = /^[0-9a-f]{64}$/i.test(text)
      ? Buffer.from(text, "hex")
      : Buffer.from(text, "base64");
    if (bytes.length === 32) return new Uint8Array(bytes);
    context.addIssue("must be 32 bytes in base64 or hexadecimal (openssl rand -base64 32)");
    return z.NEVER;
  });
}

function show(input: unknown): string {
  return JSON.stringify(input) ?? "nothing";
}
