import type { FastifyBaseLogger } from "fastify";
import type { IdCodec, IdSource } from "../domain/ids.ts";
import type { AllowedTargets } from "../domain/target.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import type { Outbound } from "../ports/outbound.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { WebhookSchemes } from "../ports/webhook-schemes.ts";

export type PartHealth =
  | { readonly kind: "working" }
  | { readonly kind: "failing"; readonly detail: string }
  /** Other processes have it. */
  | { readonly kind: "elsewhere" };

export interface ApiSettings {
  /** The largest request body, in bytes. */
  readonly maxPayloadBytes: number;
  /** The largest body of a request at a source, in bytes. */
  readonly maxInboundBytes: number;
  /** How long a request that a source rejected is kept whole, to be verified again. */
  readonly keepRejectedHours: number;
  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** `*` is all; none: browsers of other origins may not call. */
  readonly corsOrigins: readonly string[];
  /** Where others reach this server; shown in the API reference. */
  readonly publicUrl?: string;
  /** How long a message and its history are kept, unless it says otherwise. */
  readonly retentionDays: number;
  readonly allowedTargets: AllowedTargets;
  /** What requests to endpoints are sent with, for showing what was sent. */
  readonly userAgent: string;
  readonly svixHeaders: boolean;
  /** What is not given has a default that suits the open internet. */
  readonly connections?: Partial<ConnectionLimits>;
}

/** What the API is built from. */
export interface ApiParts {
  readonly store: Store;
  /** Of the installation: applications are spread over them. */
  readonly partitions: number;
  readonly ids: IdSource;
  readonly codec: IdCodec;
  readonly vault: Vault;
  readonly schemes: WebhookSchemes;
  /** What requests at sources name is fetched with it. */
  readonly outbound: Outbound;
  /** The steady clock, ms since 1970. */
  readonly now: () => number;
  /** The time by which what others signed is judged. */
  readonly wallMs: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly settings: ApiSettings;
  readonly log: FastifyBaseLogger;
  /**
   * A process that only delivers answers no more than how it is.
   * @default "everything"
   */
  readonly serves?: "everything" | "health";
  readonly dispatcherHealth?: () => PartHealth;
}
