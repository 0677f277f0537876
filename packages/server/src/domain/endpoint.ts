import type { Metadata } from "./application.ts";
import type { ApplicationId, EndpointEventId, EndpointId } from "./ids.ts";
import type { ApiKeyId } from "./ids.ts";

/** Text encrypted at rest; only a `Vault` reads it. */
export type SealedText = string & { readonly sealed: true };

/** Custom headers: the values are sealed together, the names are not. */
export interface EndpointHeaders {
  readonly sealed: SealedText;
  readonly names: readonly string[];
}

/** What a person sets on an endpoint, and what each revision keeps. */
export interface EndpointConfig {
  readonly url: string;
  readonly description: string;
  readonly uid: string | null;
  /** `null`: all event types. */
  readonly eventTypes: readonly string[] | null;
  /** `null`: messages of all channels and of none. */
  readonly channels: readonly string[] | null;
  /** A filter expression over the payload, see docs/filters.md. */
  readonly filter: string | null;
  readonly disabled: boolean;
  readonly paused: boolean;
  /** Attempts a second; `null` is unlimited. */
  readonly throttleRate: number | null;
  readonly metadata: Metadata;
  readonly headers: EndpointHeaders | null;
}

export interface Endpoint {
  readonly id: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly config: EndpointConfig;
  /** The application's configuration version that made `config` current. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An endpoint as it was from `version` on, until its next revision. `null`: deleted. */
export interface EndpointRevision {
  readonly endpoint: EndpointId;
  readonly version: number;
  readonly at: number;
  readonly by: Actor;
  readonly config: EndpointConfig | null;
}

/** A signing secret; several are in force during a rotation. */
export interface EndpointSecret {
  readonly sealed: SealedText;
  readonly createdAt: number;
  /** `null`: in force until the next rotation. */
  readonly expiresAt: number | null;
}

/** Rules that act on an endpoint by themselves. */
export const endpointRules = ["gone", "failing-too-long", "breaker"] as const;
export type EndpointRule = (typeof endpointRules)[number];

export type Actor =
  | { readonly kind: "key"; readonly key: ApiKeyId | null }
  | { readonly kind: "rule"; readonly rule: EndpointRule };

export const endpointEventKinds = [
  "paused",
  "resumed",
  "disabled",
  "enabled",
  "secret-rotated",
  "breaker-slowed",
  "breaker-opened",
  "breaker-probing",
  "breaker-closed",
  "warned",
] as const;
export type EndpointEventKind = (typeof endpointEventKinds)[number];

/** Something that happened to an endpoint, by whom, and the figures that led to it. */
export interface EndpointEvent {
  readonly id: EndpointEventId;
  readonly endpoint: EndpointId;
  readonly at: number;
  readonly kind: EndpointEventKind;
  readonly by: Actor;
  readonly figures: Readonly<Record<string, number | string>>;
}
