import type {
  Actor,
  Endpoint,
  EndpointConfig,
  EndpointEvent,
  EndpointRevision,
  EndpointSecret,
} from "../domain/endpoint.ts";
import type { ApplicationId, EndpointEventId, EndpointId } from "../domain/ids.ts";
import type { LaneRecord } from "../domain/lane.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export type EndpointRef =
  | { readonly kind: "id"; readonly id: EndpointId }
  | { readonly kind: "uid"; readonly uid: string };

/** An endpoint to be made; the store gives it the application's next configuration version. */
export type NewEndpoint = Omit<Endpoint, "version"> & {
  readonly secret: EndpointSecret;
  readonly by: Actor;
};

/** A change, the actor behind it, and the endpoint events that it means (paused, disabled, …). */
export interface EndpointChange {
  readonly config: Partial<EndpointConfig>;
  readonly by: Actor;
  readonly at: number;
  /** Ids for the events that the store writes when `disabled` or `paused` really changes. */
  readonly eventId: EndpointEventId;
}

export interface SecretRotation {
  readonly secret: EndpointSecret;
  /** The secrets in force so far stay until then (if they do not end earlier). */
  readonly oldExpireAt: number;
  readonly event: EndpointEvent;
}

/** What a publisher needs to match: every endpoint of an application under one version. */
export interface Subscriptions {
  readonly version: number;
  readonly endpoints: readonly { readonly id: EndpointId; readonly config: EndpointConfig }[];
}

/** Counts of the deliveries that were made in a span of time. */
export interface EndpointStats {
  readonly success: number;
  readonly fail: number;
  readonly canceled: number;
  /** Not ended; those under way included. */
  readonly waiting: number;
}

export interface EndpointStore {
  createEndpoint(
    endpoint: NewEndpoint,
    remember?: Remember,
  ): Promise<
    | { readonly kind: "created"; readonly version: number }
    | { readonly kind: "uid-taken" }
    | { readonly kind: "application-not-found" }
    | Repeated
  >;
  findEndpoint(application: ApplicationId, ref: EndpointRef): Promise<Endpoint | undefined>;
  /** Also a deleted one, as it last was. */
  findEndpointEver(application: ApplicationId, id: EndpointId): Promise<Endpoint | undefined>;
  listEndpoints(application: ApplicationId, page: Page<EndpointId>): Promise<Listed<Endpoint>>;
  /** Writes a revision under the application's next version. */
  updateEndpoint(
    id: EndpointId,
    change: EndpointChange,
    remember?: Remember,
  ): Promise<
    | { readonly kind: "updated"; readonly endpoint: Endpoint }
    | { readonly kind: "uid-taken" }
    | { readonly kind: "not-found" }
    | Repeated
  >;
  /** Its waiting deliveries are discarded by their owner (`endpoint-deleted`). */
  deleteEndpoint(id: EndpointId, by: Actor, at: number): Promise<"deleted" | "not-found">;
  /** Those in force at `at`, the newest first. */
  endpointSecrets(id: EndpointId, at: number): Promise<readonly EndpointSecret[]>;
  rotateSecret(
    id: EndpointId,
    rotation: SecretRotation,
    remember?: Remember,
  ): Promise<{ readonly kind: "rotated" } | { readonly kind: "not-found" } | Repeated>;
  /** Oldest first, the deletion included. */
  endpointRevisions(id: EndpointId): Promise<readonly EndpointRevision[]>;
  listEndpointEvents(id: EndpointId, page: Page<EndpointEventId>): Promise<Listed<EndpointEvent>>;
  /** `undefined`: at rest. */
  laneOf(id: EndpointId): Promise<LaneRecord | undefined>;
  /** Bounded in cost by hours of history, not by deliveries. Both bounds are ms; `until` is out. */
  endpointStats(id: EndpointId, since: number, until: number): Promise<EndpointStats>;
  /** The endpoints as they are now, deleted ones left out. */
  subscriptions(application: ApplicationId): Promise<Subscriptions | undefined>;
  /** Every endpoint that existed under `version`, as it was then. */
  subscriptionsAt(application: ApplicationId, version: number): Promise<Subscriptions>;
}
