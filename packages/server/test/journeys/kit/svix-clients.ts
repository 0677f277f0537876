import {
  type EndpointIn,
  type EndpointListOptions,
  type EndpointPatch,
  type EndpointUpsertIn,
  Svix,
} from "svix";
import { Svix as Svix1 } from "svix1";
import { adminKey } from "../../kit/posthorn-process.ts";
import { type WireAnswer, checkAnswer } from "./svix-contract.ts";

type Health = Pick<Svix["health"], "get">;
type Applications = Pick<
  Svix["application"],
  "create" | "delete" | "get" | "getOrCreate" | "list" | "patch" | "upsert"
>;
type Endpoints = Pick<
  Svix["endpoint"],
  | "create"
  | "delete"
  | "get"
  | "getHeaders"
  | "getSecret"
  | "getStats"
  | "list"
  | "patch"
  | "patchHeaders"
  | "rotateSecret"
  | "sendExample"
  | "setHeaders"
  | "upsert"
>;
type EventTypes = Pick<
  Svix["eventType"],
  "create" | "delete" | "get" | "importOpenapi" | "list" | "patch" | "upsert"
>;
type Messages = Pick<Svix["message"], "create" | "expungeContent" | "get" | "list" | "precheck">;
type Attempts = Pick<
  Svix["messageAttempt"],
  | "expungeContent"
  | "get"
  | "listAttemptedDestinations"
  | "listAttemptedMessages"
  | "listByEndpoint"
  | "listByMsg"
  | "resend"
>;

/** What both major versions of the official client can do, under the newer one's names. */
export interface SvixCalls {
  readonly application: Applications;
  readonly endpoint: Endpoints;
  readonly eventType: EventTypes;
  readonly health: Health;
  readonly message: Messages;
  readonly messageAttempt: Attempts;
}

export interface CheckedClient {
  readonly calls: SvixCalls;
  /** What was answered so far, each held to the contract. */
  readonly answers: readonly CheckedAnswer[];
  last(): CheckedAnswer;
}

export interface CheckedAnswer extends WireAnswer {
  readonly route: string;
}

export interface SvixVersion {
  readonly name: string;
  readonly short: string;
  /** 2.x asks for no content unless told; 1.x says nothing, and gets it. */
  readonly asksForContent: boolean;
  readonly connect: (server: { readonly url: string }) => CheckedClient;
}

export const svixVersions: readonly SvixVersion[] = [
  { name: "2.x", short: "v2", asksForContent: false, connect: (server) => checked(server, newer) },
  { name: "1.x", short: "v1", asksForContent: true, connect: (server) => checked(server, older) },
];

interface ClientOptions {
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
}

// What is answered first is what the tests are about. The clients take `numRetries: 0` for 2.
const noRetries = { retryScheduleInMs: [] };

function newer(options: ClientOptions): SvixCalls {
  return new Svix(adminKey, { ...options, ...noRetries });
}

function older(options: ClientOptions): SvixCalls {
  const svix = new Svix1(adminKey, { ...options, ...noRetries });
  const { application, endpoint, eventType, health, message, messageAttempt } = svix;
  return {
    application: Object.assign(application, { upsert: application.update.bind(application) }),
    endpoint: olderEndpoints(endpoint),
    eventType: Object.assign(eventType, { upsert: eventType.update.bind(eventType) }),
    health,
    message,
    messageAttempt,
  };
}

/** 1.x knows the event types and the rate of an endpoint under their old names alone. */
function olderEndpoints(endpoint: Svix1["endpoint"]): Endpoints {
  const call = {
    create: endpoint.create.bind(endpoint),
    get: endpoint.get.bind(endpoint),
    list: endpoint.list.bind(endpoint),
    patch: endpoint.patch.bind(endpoint),
  };
  return Object.assign(endpoint, {
    create: async (app: string, body: EndpointIn) =>
      newNames(await call.create(app, oldNames(body))),
    get: async (app: string, id: string) => newNames(await call.get(app, id)),
    list: async (app: string, options?: EndpointListOptions) => {
      const page = await call.list(app, options);
      return { ...page, data: page.data.map((each) => newNames(each)) };
    },
    patch: async (app: string, id: string, body: EndpointPatch) =>
      newNames(await call.patch(app, id, oldNames(body))),
    upsert: async (app: string, id: string, body: EndpointUpsertIn) =>
      newNames(await endpoint.update(app, id, oldNames(body))),
    setHeaders: endpoint.headersUpdate.bind(endpoint),
  });
}

function oldNames<T extends { eventTypes?: string[] | null; throttleRate?: number | null }>(
  body: T,
) {
  const { eventTypes, throttleRate, ...rest } = body;
  return {
    ...rest,
    ...(eventTypes === undefined ? {} : { filterTypes: eventTypes }),
    ...(throttleRate === undefined ? {} : { rateLimit: throttleRate }),
  };
}

function newNames<T extends { filterTypes?: string[] | null; rateLimit?: number | null }>(
  answer: T,
) {
  const { filterTypes, rateLimit, ...rest } = answer;
  return { ...rest, eventTypes: filterTypes ?? null, throttleRate: rateLimit ?? null };
}

function checked(
  server: { readonly url: string },
  make: (options: ClientOptions) => SvixCalls,
): CheckedClient {
  const answers: CheckedAnswer[] = [];
  const checkedFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    const answer = {
      method: init?.method ?? "GET",
      target: url.pathname + url.search,
      status: response.status,
      contentType: response.headers.get("content-type"),
      text: await response.clone().text(),
    };
    answers.push({ ...answer, route: checkAnswer(answer) });
    return response;
  };
  return {
    // With a slash at the end: 1.x keeps it, and asks for `//api/v1/…`.
    calls: make({ serverUrl: `${server.url}/`, fetch: checkedFetch }),
    answers,
    last() {
      const last = answers.at(-1);
      if (last === undefined) throw new Error("nothing was asked yet");
      return last;
    },
  };
}

interface ListPage<T> {
  readonly data: readonly T[];
  readonly done: boolean;
  readonly iterator: string | null;
}

/** Reads a list to its end by the iterators, as a caller does; `between` runs after each page. */
export async function readAll<T>(
  list: (options: { limit: number; iterator?: string | null }) => Promise<ListPage<T>>,
  limit: number,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly T[]> {
  const found: T[] = [];
  let iterator: string | null = null;
  for (;;) {
    const page: ListPage<T> = await list(iterator === null ? { limit } : { limit, iterator });
    if (page.data.length > limit) throw new Error(`${page.data.length} rows, limit ${limit}`);
    found.push(...page.data);
    if (page.done) return found;
    iterator = page.iterator;
    await between();
  }
}
