import { hash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import pino from "pino";
import { openHttpOutbound } from "../../src/adapters/http/http-outbound.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open-sqlite-store.ts";
import { createVault } from "../../src/adapters/crypto/vault.ts";
import { webhookSchemes } from "../../src/adapters/crypto/webhook-schemes.ts";
import { createApi } from "../../src/api/server.ts";
import type { ApiParts } from "../../src/api/api-parts.ts";
import {
  createIdCodec,
  createIdSource,
  type IdCodec,
  type IdSource,
} from "../../src/domain/ids.ts";
import { parseAllowedTargets } from "../../src/domain/target.ts";
import { buildOpenApi } from "../../src/api/openapi.ts";
import type { Store } from "../../src/ports/store.ts";
import { createAnswerCheck } from "./check-answer.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: LightMyRequestResponse["headers"];
  /** `undefined` when the answer is no JSON. */
  readonly json: unknown;
}

export interface Call {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface OpenApi {
  readonly api: FastifyInstance;
  readonly store: Store;
  readonly codec: IdCodec;
  readonly ids: IdSource;
  readonly adminToken: string;
  readonly log: string[];
  call(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    how?: Call,
  ): Promise<Answer>;
  now(): number;
  /** For `connectDispatchStore`. */
  dispatchPort(): MessagePort;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly settings?: Partial<ApiParts["settings"]>;
  /** Stands between the API and the store. */
  readonly wrap?: (store: Store) => Store;
  readonly dispatcherHealth?: NonNullable<ApiParts["dispatcherHealth"]>;
  readonly schemes?: ApiParts["schemes"];
  /** Closed with the API. */
  readonly outbound?: ApiParts["outbound"];
  readonly serves?: NonNullable<ApiParts["serves"]>;
}

/** The API over a SQLite store in a new folder, with an admin key. */
export async function openApi(options: OpenOptions = {}): Promise<OpenApi> {
  const dataDir = await mkdtemp(join(tmpdir(), "posthorn-api-"));
  const real = await openSqliteStore({ dataDir });
  const store = options.wrap?.(real) ?? real;
  const installation = await real.installation();
  const log: string[] = [];
  const ids = createIdSource(Date.now, installation.lastId);
  const codec = createIdCodec(installation.name);
  const adminToken = `phk_${randomBytes(24).toString("base64url")}`;
  await real.createKey({
    id: ids.next("apiKey"),
    name: "admin",
    tokenHash: hash("sha256", adminToken),
    scope: { kind: "admin" },
    createdAt: Date.now(),
    revokedAt: null,
  });
  const outbound = options.outbound ?? openHttpOutbound({ userAgent: "Posthorn/0.0.0" });
  const api = createApi({
    store,
    partitions: installation.partitions,
    ids,
    codec,
    vault: createVault(randomBytes(32)),
    schemes: options.schemes ?? webhookSchemes,
    outbound,
    now: Date.now,
    wallMs: Date.now,
    random: randomBytes,
    settings: {
      maxPayloadBytes: 2 ** 20,
      maxInboundBytes: 2 ** 20,
      keepRejectedHours: 24,
      trustedProxies: [],
      corsOrigins: [],
      retentionDays: 90,
      allowedTargets: parseAllowedTargets([]),
      userAgent: "Posthorn/0.0.0",
      svixHeaders: false,
      ...options.settings,
    },
    log: pino({ level: "warn" }, { write: (line: string) => void log.push(line) }),
    ...(options.serves === undefined ? {} : { serves: options.serves }),
    ...(options.dispatcherHealth === undefined
      ? {}
      : { dispatcherHealth: options.dispatcherHealth }),
  });
  await api.ready();
  const check = createAnswerCheck(buildOpenApi(api));
  return {
    api,
    store: real,
    codec,
    ids,
    adminToken,
    log,
    now: Date.now,
    dispatchPort: () => real.dispatchPort(),
    async call(method, path, how = {}) {
      const { token = adminToken, headers = {}, body } = how;
      const request: InjectOptions = {
        method,
        url: `/api/v1${path}`,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
      };
      if (body !== undefined) {
        request.payload =
          typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      }
      const answer = answerOf(await api.inject(request));
      check(method, `/api/v1${path}`, answer.status, answer.json);
      return answer;
    },
    async close() {
      await api.close();
      await outbound.close();
      await real.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function answerOf(response: LightMyRequestResponse): Answer {
  const text = response.body;
  const isJson = (response.headers["content-type"] ?? "").includes("json");
  return {
    status: response.statusCode,
    text,
    headers: response.headers,
    json: isJson && text !== "" ? JSON.parse(text) : undefined,
  };
}

/** What lies at a path of an answer. */
export function at(answer: Answer, ...path: readonly (string | number)[]): unknown {
  let value: unknown = answer.json;
  for (const step of path) value = isIndexable(value) ? value[step] : undefined;
  return value;
}

export function textAt(answer: Answer, ...path: readonly (string | number)[]): string {
  const value = at(answer, ...path);
  if (typeof value !== "string") {
    throw new Error(`expected a text at ${path.join(".")} of ${answer.status} ${answer.text}`);
  }
  return value;
}

export function itemsOf(answer: Answer): readonly unknown[] {
  const data = at(answer, "data");
  if (!Array.isArray(data)) throw new Error(`expected a list: ${answer.status} ${answer.text}`);
  return data;
}

function isIndexable(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
