import type { Application } from "../domain/application.ts";
import type { EndpointConfig } from "../domain/endpoint.ts";
import type { EventType } from "../domain/event-type.ts";
import { parseFilter } from "../domain/filter/parse-filter.ts";
import type { ApplicationId, EndpointId } from "../domain/ids.ts";
import type { Subscription } from "../domain/match.ts";
import type { ApplicationRef } from "../ports/application-store.ts";
import type { Store } from "../ports/store.ts";
import { createLru } from "../domain/lru.ts";

/** An application's endpoints as a publish needs them: filters parsed, of one version. */
export interface Routes {
  readonly version: number;
  readonly endpoints: readonly { readonly id: EndpointId; readonly wants: Subscription }[];
}

/** The configuration that publishes read, kept in memory until the store says that it changed. */
export interface Configuration {
  application(ref: ApplicationRef): Promise<Application | undefined>;
  routes(application: ApplicationId): Promise<Routes | undefined>;
  /** The text of the schema that messages of this type must keep; `null`: none. */
  enforcedSchema(eventType: string): Promise<string | null>;
}

type ConfigurationStore = Pick<
  Store,
  "findApplication" | "findEventType" | "subscriptions" | "onChange"
>;

const maxApplications = 20_000;
const maxEventTypes = 10_000;

export function createConfiguration(store: ConfigurationStore): Configuration {
  const applications = createLru<ApplicationId, Application>(maxApplications);
  const idOf = createLru<string, ApplicationId>(maxApplications);
  const routes = createLru<ApplicationId, Routes>(maxApplications);
  const schemas = createLru<string, { readonly text: string | null }>(maxEventTypes);
  // What was read while a change was announced may be from before it: it is used once, not kept.
  let generation = 0;

  store.onChange((change) => {
    generation += 1;
    if (change.kind === "event-type") schemas.delete(change.name);
    if (change.kind === "application") {
      applications.delete(change.application);
      routes.delete(change.application);
    }
    if (change.kind === "everything") {
      for (const cache of [applications, routes, schemas]) cache.clear();
    }
  });

  function kept(ref: ApplicationRef): Application | undefined {
    if (ref.kind === "id") return applications.get(ref.id);
    const id = idOf.get(ref.uid);
    const application = id === undefined ? undefined : applications.get(id);
    // The uid may have moved to another application since.
    return application?.uid === ref.uid ? application : undefined;
  }

  return {
    async application(ref) {
      const known = kept(ref);
      if (known !== undefined) return known;
      const asked = generation;
      const found = await store.findApplication(ref);
      if (found === undefined || asked !== generation) return found;
      applications.set(found.id, found);
      if (found.uid !== null) idOf.set(found.uid, found.id);
      return found;
    },
    async routes(application) {
      const known = routes.get(application);
      if (known !== undefined) return known;
      const asked = generation;
      const subscriptions = await store.subscriptions(application);
      if (subscriptions === undefined) return undefined;
      const { version, endpoints } = subscriptions;
      const read = {
        version,
        endpoints: endpoints.map(({ id, config }) => ({ id, wants: subscriptionOf(config) })),
      };
      if (asked === generation) routes.set(application, read);
      return read;
    },
    async enforcedSchema(eventType) {
      const known = schemas.get(eventType);
      if (known !== undefined) return known.text;
      const asked = generation;
      const text = schemaTextOf(await store.findEventType(eventType));
      if (asked === generation) schemas.set(eventType, { text });
      return text;
    },
  };
}

function subscriptionOf(config: EndpointConfig): Subscription {
  const { disabled, eventTypes, channels } = config;
  const parsed = config.filter === null ? null : parseFilter(config.filter);
  if (parsed?.kind === "invalid") {
    throw new Error(`a filter was stored that cannot be read: ${parsed.message}`);
  }
  return { disabled, eventTypes, channels, filter: parsed?.filter ?? null };
}

function schemaTextOf(eventType: EventType | undefined): string | null {
  if (eventType === undefined || eventType.archived || !eventType.enforceSchema) return null;
  const schema = newestSchema(eventType.schemas);
  return schema === undefined ? null : JSON.stringify(schema);
}

/** Of the schemas of an event type, by version, the one with the greatest number. */
export function newestSchema(schemas: string | null): unknown {
  if (schemas === null) return undefined;
  const byVersion: unknown = JSON.parse(schemas);
  if (typeof byVersion !== "object" || byVersion === null) return undefined;
  const newest = Object.entries(byVersion).toSorted(([a], [b]) => Number(b) - Number(a))[0];
  return newest?.[1];
}
