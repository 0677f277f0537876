import { z } from "zod";
import { adminKey } from "../../kit/posthorn-process.ts";
import { until } from "../../kit/until.ts";

const made = z.object({ id: z.string() });

const delivery = z.object({
  id: z.string(),
  disabled: z.boolean(),
  state: z.string(),
  reason: z.string(),
  reasonText: z.string(),
  statusText: z.string(),
  nextAttempt: z.string().nullable(),
  attempts: z.int(),
  deliveryId: z.string(),
  resendOf: z.string().nullable(),
  options: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type ShownDelivery = z.output<typeof delivery>;

const attempt = z.object({
  id: z.string(),
  endpointId: z.string(),
  deliveryId: z.string(),
  number: z.int(),
  trigger: z.string(),
  outcome: z.string(),
  errorClass: z.string().nullable(),
  detail: z.string().nullable(),
  address: z.string().nullable(),
  url: z.string(),
  response: z.string(),
  responseStatusCode: z.int(),
  truncated: z.boolean(),
});
export type ShownAttempt = z.output<typeof attempt>;

const endpointEvent = z.object({
  kind: z.string(),
  by: z.object({ kind: z.string(), rule: z.string().nullable() }),
  figures: z.record(z.string(), z.union([z.number(), z.string()])),
});
export type ShownEvent = z.output<typeof endpointEvent>;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` when the answer has no body. */
  readonly body: unknown;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EndpointFields {
  readonly url: string;
  readonly [field: string]: unknown;
}

/** A server's HTTP API as a program uses it; what it answers is checked where it is read. */
export interface Api {
  /** Any status is an answer. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answered>;
  /** Throws with the answer when it is not 2xx. */
  done(method: string, path: string, options?: AskOptions): Promise<unknown>;
  application(fields?: object): Promise<string>;
  endpoint(app: string, fields: EndpointFields): Promise<string>;
  publish(app: string, fields?: object): Promise<string>;
  deliveries(app: string, message: string): Promise<readonly ShownDelivery[]>;
  /** The one delivery of a message that goes to one endpoint. */
  delivery(app: string, message: string): Promise<ShownDelivery>;
  /** The first attempt first. */
  attempts(app: string, message: string): Promise<readonly ShownAttempt[]>;
  events(app: string, endpoint: string): Promise<readonly ShownEvent[]>;
  /** Waits until the one delivery of a message is there for this reason. */
  reaches(app: string, message: string, reason: string): Promise<ShownDelivery>;
}

export function connect(server: { readonly url: string }, token: string = adminKey): Api {
  async function ask(method: string, path: string, options: AskOptions = {}): Promise<Answered> {
    const { body } = options;
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: asText(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  async function done(method: string, path: string, options?: AskOptions): Promise<unknown> {
    const answered = await ask(method, path, options);
    if (answered.status >= 200 && answered.status < 300) return answered.body;
    throw new Error(`${method} ${path}: ${answered.status} ${answered.text}`);
  }

  async function make(path: string, body: object): Promise<string> {
    return made.parse(await done("POST", path, { body })).id;
  }

  async function list<T>(path: string, item: z.ZodType<T>): Promise<readonly T[]> {
    const page = z.object({ data: z.array(item) });
    return page.parse(await done("GET", path)).data;
  }

  async function only(app: string, message: string): Promise<ShownDelivery> {
    const found = await list(`/app/${app}/msg/${message}/endpoint`, delivery);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new Error(`the message has ${found.length} deliveries`);
    }
    return first;
  }

  return {
    ask,
    done,
    application: (fields = {}) => make("/app", { name: "an application", ...fields }),
    endpoint: (app, fields) => make(`/app/${app}/endpoint`, fields),
    publish: (app, fields = {}) =>
      make(`/app/${app}/msg`, { eventType: "thing.happened", payload: { n: 1 }, ...fields }),
    deliveries: (app, message) => list(`/app/${app}/msg/${message}/endpoint?limit=250`, delivery),
    delivery: only,
    attempts: async (app, message) =>
      (await list(`/app/${app}/attempt/msg/${message}?limit=250`, attempt)).toReversed(),
    events: (app, endpoint) => list(`/app/${app}/endpoint/${endpoint}/event`, endpointEvent),
    async reaches(app, message, reason) {
      let last = "nothing";
      return until(`the delivery is ${reason}`, async () => {
        const shown = await only(app, message);
        last = shown.reason;
        return shown.reason === reason && shown;
      }).catch((error: unknown) => {
        throw new Error(`it is still ${last}, not ${reason}`, { cause: error });
      });
    },
  };
}

function asText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
