import type { Metadata } from "./application.ts";
import type { SealedText } from "./endpoint.ts";
import type { ApplicationId, SourceId } from "./ids.ts";

/** Which requests count as one event. A window starts with the first of them. */
export type Dedupe =
  /** By the id that the scheme finds; a request without one is no duplicate of any. */
  | { readonly kind: "event-id"; readonly windowSeconds: number }
  /**
   * By the values at these places (`body.data.id`, `header.x-delivery`); a request that lacks one of
   * them is no duplicate of any.
   */
  | {
      readonly kind: "fields";
      readonly fields: readonly string[];
      readonly windowSeconds: number;
    }
  | { readonly kind: "none" };

/** What a person sets on a source. */
export interface SourceConfig {
  readonly name: string;
  /** The name of the provider's verification scheme. */
  readonly scheme: string;
  /** What else the scheme needs, such as PayPal's webhook id. No secrets. */
  readonly schemeConfig: Readonly<Record<string, string>>;
  readonly paused: boolean;
  /** Requests a second; `null` is unlimited. */
  readonly throttleRate: number | null;
  /** The largest body; `null` is the server's limit. */
  readonly maxBodyBytes: number | null;
  /** How old a request's timestamp may be, and how far ahead; `null` is the scheme's own. */
  readonly toleranceSeconds: number | null;
  readonly dedupe: Dedupe;
  /** How what was received goes on: signed by the provider, or anew in its scheme at each attempt. */
  readonly forwarding: "as-received" | "resign";
  readonly metadata: Metadata;
}

/** One of a source's secrets, or of the tokens in its URL; several are in force in a rotation. */
export interface SourceSecret {
  readonly sealed: SealedText;
  readonly createdAt: number;
  /** `null`: in force until the next rotation. */
  readonly expiresAt: number | null;
}

export interface Source {
  readonly id: SourceId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly config: SourceConfig;
  /** The newest first; those of which the end has passed perhaps included. */
  readonly secrets: readonly SourceSecret[];
  readonly tokens: readonly SourceSecret[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function isInForce({ expiresAt }: Pick<SourceSecret, "expiresAt">, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

export function secretsInForce(
  secrets: readonly SourceSecret[],
  now: number,
): readonly SourceSecret[] {
  return secrets.filter((secret) => isInForce(secret, now));
}

/** Puts `next` before the others, which end at `oldExpireAt` if they do not end earlier. */
export function rotated(
  secrets: readonly SourceSecret[],
  next: SourceSecret,
  oldExpireAt: number,
): readonly SourceSecret[] {
  const old = secretsInForce(secrets, next.createdAt)
    .map((each) => ({ ...each, expiresAt: Math.min(each.expiresAt ?? oldExpireAt, oldExpireAt) }))
    .filter(({ expiresAt }) => expiresAt > next.createdAt);
  return [next, ...old];
}
