import type { EndpointConfig } from "../domain/endpoint.ts";
import { parseFilter } from "../domain/filter/parse-filter.ts";
import { judgeTargetUrl } from "../domain/target.ts";
import {
  maxHeaders,
  repeatedName,
  sealHeaders,
  whyHeaderRefused,
  type HeaderValues,
} from "../operate/endpoint-headers.ts";
import type { ApiContext } from "./context.ts";
import { InvalidRequest, invalidBody } from "./problems.ts";
import type { EndpointPatch, EndpointUpdate } from "./schemas/endpoint.ts";
import { either } from "./schemas/two-names.ts";

/** What a request asks to change, checked as far as the endpoint's URL, filter and uid go. */
export function configOf(context: ApiContext, body: EndpointPatch): Partial<EndpointConfig> {
  if (body.url !== undefined) checkUrl(context, body.url);
  if (body.filter != null) checkFilter(body.filter);
  if (body.uid != null) checkUid(context, body.uid);
  const eventTypes = either(body.eventTypes, body.filterTypes);
  const throttleRate = either(body.throttleRate, body.rateLimit);
  return {
    ...(body.url === undefined ? {} : { url: body.url }),
    ...(body.uid === undefined ? {} : { uid: body.uid }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
    ...(eventTypes === undefined ? {} : { eventTypes: restriction(eventTypes) }),
    ...(body.channels === undefined ? {} : { channels: restriction(body.channels) }),
    ...(body.filter === undefined ? {} : { filter: body.filter }),
    ...(throttleRate === undefined ? {} : { throttleRate }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}

/** As `configOf`; what is not there gets its default. The uid stays when none is given. */
export function replacementOf(
  context: ApiContext,
  body: EndpointUpdate,
): Omit<EndpointConfig, "uid" | "paused" | "headers"> & { readonly uid?: string | null } {
  return {
    description: "",
    disabled: false,
    eventTypes: null,
    channels: null,
    filter: null,
    throttleRate: null,
    metadata: {},
    ...configOf(context, body),
    url: body.url,
  };
}

/** The wire contract takes an empty list for none. */
function restriction(names: readonly string[] | null): readonly string[] | null {
  return names === null || names.length === 0 ? null : names;
}

function checkUrl(context: ApiContext, url: string): void {
  const verdict = judgeTargetUrl(url, context.settings.allowedTargets);
  if (verdict.kind === "usable") return;
  throw invalidBody(["url"], verdict.detail, `value_error.${verdict.errorClass.replace("-", "_")}`);
}

function checkFilter(filter: string): void {
  const parsed = parseFilter(filter);
  if (parsed.kind === "filter") return;
  const msg = `At offset ${parsed.position}: ${parsed.message}.`;
  throw invalidBody(["filter"], msg, "value_error.filter");
}

/** A path could not tell such a uid from the id. */
function checkUid(context: ApiContext, uid: string): void {
  if (context.codec.parse("endpoint", uid) === undefined) return;
  throw invalidBody(["uid"], "must not have the form of an endpoint's id");
}

/** Refuses what cannot be sent, and seals the rest. */
export function checkedHeaders(
  context: ApiContext,
  headers: HeaderValues,
): EndpointConfig["headers"] {
  const names = Object.keys(headers);
  if (names.length > maxHeaders) {
    throw invalidBody(["headers"], `takes ${maxHeaders} headers at most`);
  }
  const repeated = repeatedName(names);
  if (repeated !== undefined) {
    throw invalidBody(["headers", repeated], "is there twice, in another case");
  }
  const issues = Object.entries(headers).flatMap(([name, value]) => {
    const why = whyHeaderRefused(name, value);
    if (why === undefined) return [];
    return [{ loc: ["body", "headers", name], msg: why, type: "value_error.header" }];
  });
  if (issues.length > 0) throw new InvalidRequest(issues);
  return sealHeaders(context.vault, headers);
}
