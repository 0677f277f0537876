/**
 * The wire contract of the sending API, written down a second time and apart from the server's own
 * schemas: every required field, both names of what was renamed, and by name each field that is
 * Posthorn's own. Anything else in an answer is a fault.
 */
import { z } from "zod";

const time = z.iso.datetime();
const rate = z.int().min(1).nullable();
const names = z.array(z.string()).min(1).nullable();
const texts = z.record(z.string(), z.string());
const object = z.record(z.string(), z.unknown());
const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z]+$`));

const status = z.literal([0, 1, 2, 3, 4]);
const statusText = z.enum(["success", "pending", "fail", "sending", "canceled"]);
const textOfStatus = ["success", "pending", "fail", "sending", "canceled"];

const applicationOut = z
  .strictObject({
    id: id("app"),
    name: z.string(),
    metadata: texts,
    createdAt: time,
    updatedAt: time,
    uid: z.string().nullable(),
    throttleRate: rate,
    rateLimit: rate,
  })
  .refine((value) => value.rateLimit === value.throttleRate, "two names, two values");

const endpointFields = {
  id: id("ep"),
  url: z.string(),
  description: z.string(),
  metadata: texts,
  createdAt: time,
  updatedAt: time,
  disabled: z.boolean(),
  uid: z.string().nullable(),
  eventTypes: names,
  filterTypes: names,
  channels: names,
  throttleRate: rate,
  rateLimit: rate,
  version: z.literal(1),
};
const endpointExtensions = { paused: z.boolean(), filter: z.string().nullable() };

function sameUnderBothNames(value: {
  readonly rateLimit: unknown;
  readonly throttleRate: unknown;
  readonly filterTypes: unknown;
  readonly eventTypes: unknown;
}): boolean {
  return (
    value.rateLimit === value.throttleRate &&
    JSON.stringify(value.filterTypes) === JSON.stringify(value.eventTypes)
  );
}

const endpointOut = z
  .strictObject({ ...endpointFields, ...endpointExtensions })
  .refine(sameUnderBothNames, "two names, two values");

const eventTypeOut = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    deprecated: z.boolean(),
    archived: z.boolean(),
    createdAt: time,
    updatedAt: time,
    schemas: object.nullable(),
    featureFlags: names,
    featureFlag: z.string().nullable(),
    groupName: z.string().nullable(),
    // Posthorn's own.
    enforceSchema: z.boolean(),
  })
  .refine(
    (value) => value.featureFlag === (value.featureFlags?.[0] ?? null),
    "two names, two values",
  );

const messageFields = {
  id: id("msg"),
  eventType: z.string(),
  payload: object,
  timestamp: time,
  eventId: z.string().nullable(),
  channels: names,
  tags: names,
  deliverAt: time.nullable(),
};
const messageExtensions = { expiresAt: time.nullable() };
const messageOut = z.strictObject({ ...messageFields, ...messageExtensions });

const deliveryFields = { status, statusText, nextAttempt: time.nullable() };
const deliveryExtensions = {
  deliveryId: z.string(),
  state: z.enum(["scheduled", "held", "succeeded", "failed", "discarded"]),
  reason: z.string(),
  reasonText: z.string(),
  rule: z.string().nullable(),
  asOf: time.nullable(),
  attempts: z.int(),
  options: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  endedAt: time.nullable(),
  resendOf: z.string().nullable(),
};

function statusAgrees(value: { readonly status: number; readonly statusText: string }): boolean {
  return textOfStatus[value.status] === value.statusText;
}

const endpointMessageOut = z
  .strictObject({
    ...messageFields,
    ...messageExtensions,
    ...deliveryFields,
    ...deliveryExtensions,
  })
  .refine(statusAgrees, "status and statusText differ");
const messageEndpointOut = z
  .strictObject({
    ...endpointFields,
    ...endpointExtensions,
    ...deliveryFields,
    ...deliveryExtensions,
  })
  .refine(sameUnderBothNames, "two names, two values")
  .refine(statusAgrees, "status and statusText differ");

const attemptOut = z
  .strictObject({
    id: id("atmpt"),
    msgId: id("msg"),
    endpointId: id("ep"),
    url: z.string().min(1),
    response: z.string(),
    responseStatusCode: z.int(),
    responseDurationMs: z.int(),
    timestamp: time,
    status,
    statusText,
    triggerType: z.literal([0, 1]),
    msg: messageOut.nullable(),
    // Posthorn's own.
    deliveryId: z.string(),
    number: z.int(),
    trigger: z.string(),
    outcome: z.string(),
    errorClass: z.string().nullable(),
    detail: z.string().nullable(),
    phases: object,
    address: z.string().nullable(),
    request: z.strictObject({ url: z.string().nullable(), headers: texts }),
    responseHeaders: z.array(z.array(z.string())).nullable(),
    truncated: z.boolean(),
    endpointVersion: z.int(),
    worker: z.string(),
  })
  .refine(statusAgrees, "status and statusText differ");

function listOf(item: z.ZodType): z.ZodType {
  return z.strictObject({
    data: z.array(item),
    done: z.boolean(),
    iterator: z.string().nullable(),
    prevIterator: z.string().nullable(),
  });
}

const count = z.int().min(0);
const stats = z.strictObject({
  success: count,
  pending: count,
  sending: count,
  fail: count,
  canceled: count,
});
const headersOut = z.strictObject({ headers: texts, sensitive: z.array(z.string()) });
const imported = z.strictObject({
  data: z.strictObject({
    modified: z.array(z.string()),
    to_modify: z
      .array(
        z.strictObject({
          name: z.string(),
          description: z.string(),
          deprecated: z.boolean(),
          schemas: object.nullable(),
          groupName: z.string().nullable(),
          featureFlags: names,
          featureFlag: z.string().nullable(),
        }),
      )
      .nullable(),
  }),
});
const part = z.strictObject({ working: z.boolean(), detail: z.string().nullable() });
const healthOut = z.strictObject({
  status: z.literal("ok"),
  parts: z.strictObject({ store: part, dispatcher: part }),
});

const nothing = "nothing";
type Answers = Readonly<Record<number, z.ZodType | typeof nothing>>;

/** Every call of the contract that is here, with what it answers when it succeeds. */
const routes: Readonly<Record<string, Answers>> = {
  "POST /app": { 200: applicationOut, 201: applicationOut },
  "GET /app": { 200: listOf(applicationOut) },
  "GET /app/{}": { 200: applicationOut },
  "PUT /app/{}": { 200: applicationOut, 201: applicationOut },
  "PATCH /app/{}": { 200: applicationOut },
  "DELETE /app/{}": { 204: nothing },
  "POST /app/{}/endpoint": { 201: endpointOut },
  "GET /app/{}/endpoint": { 200: listOf(endpointOut) },
  "GET /app/{}/endpoint/{}": { 200: endpointOut },
  "PUT /app/{}/endpoint/{}": { 200: endpointOut, 201: endpointOut },
  "PATCH /app/{}/endpoint/{}": { 200: endpointOut },
  "DELETE /app/{}/endpoint/{}": { 204: nothing },
  "GET /app/{}/endpoint/{}/secret": { 200: z.strictObject({ key: z.string() }) },
  "POST /app/{}/endpoint/{}/secret/rotate": { 204: nothing },
  "GET /app/{}/endpoint/{}/headers": { 200: headersOut },
  "PUT /app/{}/endpoint/{}/headers": { 204: nothing },
  "PATCH /app/{}/endpoint/{}/headers": { 204: nothing },
  "POST /app/{}/endpoint/{}/send-example": { 200: messageOut },
  "GET /app/{}/endpoint/{}/stats": { 200: stats },
  "GET /app/{}/endpoint/{}/msg": { 200: listOf(endpointMessageOut) },
  "POST /event-type": { 201: eventTypeOut },
  "GET /event-type": { 200: listOf(eventTypeOut) },
  "GET /event-type/{}": { 200: eventTypeOut },
  "PUT /event-type/{}": { 200: eventTypeOut, 201: eventTypeOut },
  "PATCH /event-type/{}": { 200: eventTypeOut },
  "DELETE /event-type/{}": { 204: nothing },
  "POST /event-type/import/openapi": { 200: imported },
  "POST /app/{}/msg": { 202: messageOut },
  "GET /app/{}/msg": { 200: listOf(messageOut) },
  "GET /app/{}/msg/{}": { 200: messageOut },
  "DELETE /app/{}/msg/{}/content": { 204: nothing },
  "POST /app/{}/msg/precheck/active": { 200: z.strictObject({ active: z.boolean() }) },
  "GET /app/{}/attempt/endpoint/{}": { 200: listOf(attemptOut) },
  "GET /app/{}/attempt/msg/{}": { 200: listOf(attemptOut) },
  "GET /app/{}/msg/{}/attempt/{}": { 200: attemptOut },
  "DELETE /app/{}/msg/{}/attempt/{}/content": { 204: nothing },
  "GET /app/{}/msg/{}/endpoint": { 200: listOf(messageEndpointOut) },
  "POST /app/{}/msg/{}/endpoint/{}/resend": { 202: z.strictObject({}) },
  "GET /health": { 200: healthOut },
};

export const contractRoutes: readonly string[] = Object.keys(routes);

const problem = z.strictObject({ code: z.string(), detail: z.string().min(1) });
const validationProblem = z.strictObject({
  code: z.string().optional(),
  detail: z
    .array(z.strictObject({ loc: z.array(z.string()), msg: z.string().min(1), type: z.string() }))
    .min(1),
});

const patterns = contractRoutes
  // What is fixed goes before what takes any name.
  .toSorted((a, b) => a.split("{}").length - b.split("{}").length)
  .map((route) => ({
    route,
    pattern: new RegExp(`^${route.replaceAll(".", "\\.").replaceAll("{}", "[^/]+")}$`),
  }));

export interface WireAnswer {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** Holds an answer to the contract; throws when it differs. Gives the name of its route. */
export function checkAnswer(answer: WireAnswer): string {
  const path = answer.target.replace(/\?.*$/s, "").replace(/^\/+api\/v1/, "");
  const route = patterns.find(({ pattern }) => pattern.test(`${answer.method} ${path}`))?.route;
  if (route === undefined) throw new Error(`${answer.method} ${path} is not in the contract`);
  const shape = shapeOf(answer.status, routes[route] ?? {});
  const what = `${answer.method} ${answer.target} answered ${answer.status}`;
  if (shape === undefined) throw new Error(`${what}, which it may not: ${answer.text}`);
  if (shape === nothing) {
    if (answer.text !== "") throw new Error(`${what} with a body: ${answer.text}`);
    return route;
  }
  if (answer.contentType?.startsWith("application/json") !== true) {
    throw new Error(`${what} as ${answer.contentType}`);
  }
  const checked = shape.safeParse(JSON.parse(answer.text));
  if (!checked.success) {
    throw new Error(`${what} with ${answer.text}:\n${z.prettifyError(checked.error)}`);
  }
  return route;
}

function shapeOf(status: number, answers: Answers): Answers[number] | undefined {
  if (status < 400) return answers[status];
  if (status >= 500) return undefined;
  return status === 422 ? validationProblem : problem;
}
