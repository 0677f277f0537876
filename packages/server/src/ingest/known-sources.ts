import { timingSafeEqual } from "node:crypto";
import type { Scheme } from "@posthorn/receiver";
import type { IdCodec, SourceId } from "../domain/ids.ts";
import { createLru } from "../domain/lru.ts";
import { createRateLimit, type RateLimit } from "../domain/rate-limit.ts";
import { isInForce, type Source, type SourceSecret } from "../domain/source.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { WebhookSchemes } from "../ports/webhook-schemes.ts";

/** A source as the gate works with it: secrets opened, its limits at hand. */
export interface KnownSource {
  readonly source: Source;
  /** `undefined`: this version does not know it. */
  readonly scheme: Scheme | undefined;
  /** In constant time for a token of the right length, which is no secret. */
  hasToken(token: string, now: number): boolean;
  secrets(now: number): readonly string[];
  readonly rate: RateLimit | undefined;
}

export interface KnownSources {
  /** At once where it is kept already. */
  find(publicId: string): KnownSource | undefined | Promise<KnownSource | undefined>;
  /** As the store has it now, for what follows a change. */
  open(source: Source): KnownSource;
}

interface Parts {
  readonly store: Pick<Store, "findSource" | "onChange">;
  readonly codec: IdCodec;
  readonly vault: Vault;
  readonly schemes: WebhookSchemes;
  readonly now: () => number;
}

const maxSources = 20_000;

/** The sources that requests came to, kept in memory until the store says that one changed. */
export function createKnownSources(parts: Parts): KnownSources {
  const { codec, schemes, store, vault } = parts;
  const known = createLru<SourceId, { readonly found: KnownSource | undefined }>(maxSources);
  /** They outlive the cached source: a change of its name must not let a burst through. */
  const rates = createLru<SourceId, RateLimit>(maxSources);
  let generation = 0;
  store.onChange((change) => {
    if (change.kind === "source") known.delete(change.source);
    // A deleted application takes its sources with it.
    else if (change.kind === "application" || change.kind === "everything") known.clear();
    else return;
    generation += 1;
  });

  function open(source: Source): KnownSource {
    return {
      source,
      scheme: schemes.byName.get(source.config.scheme),
      hasToken: tokenCheck(openAll(vault, source.tokens)),
      secrets: secretReader(openAll(vault, source.secrets)),
      rate: rateOf(source),
    };
  }

  function rateOf({ config, id }: Source): RateLimit | undefined {
    if (config.throttleRate === null) return undefined;
    const before = rates.get(id);
    before?.change(config.throttleRate, parts.now());
    const rate = before ?? createRateLimit(config.throttleRate);
    rates.set(id, rate);
    return rate;
  }

  async function read(id: SourceId): Promise<KnownSource | undefined> {
    const asked = generation;
    const source = await store.findSource(id);
    const found = source === undefined ? undefined : open(source);
    if (asked === generation) known.set(id, { found });
    return found;
  }

  return {
    find(publicId) {
      const id = codec.parse("source", publicId);
      if (id === undefined) return undefined;
      const kept = known.get(id);
      return kept === undefined ? read(id) : kept.found;
    },
    open,
  };
}

interface Opened {
  readonly text: string;
  readonly expiresAt: number | null;
}

function openAll(vault: Vault, secrets: readonly SourceSecret[]): readonly Opened[] {
  return secrets.map(({ expiresAt, sealed }) => ({ text: vault.open(sealed), expiresAt }));
}

function tokenCheck(tokens: readonly Opened[]): KnownSource["hasToken"] {
  const all = tokens.map((token) => ({ ...token, bytes: Buffer.from(token.text) }));
  return (given, now) => {
    const bytes = Buffer.from(given);
    let fits = false;
    for (const token of all) {
      // Every one is compared: which of them fits takes no time of its own.
      const same = token.bytes.length === bytes.length && timingSafeEqual(token.bytes, bytes);
      if (same && isInForce(token, now)) fits = true;
    }
    return fits;
  };
}

function secretReader(secrets: readonly Opened[]): KnownSource["secrets"] {
  const texts = secrets.map(({ text }) => text);
  const lasting = secrets.every(({ expiresAt }) => expiresAt === null);
  return (now) =>
    lasting ? texts : secrets.filter((secret) => isInForce(secret, now)).map(({ text }) => text);
}
