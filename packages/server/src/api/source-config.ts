import type { Scheme } from "@posthorn/receiver";
import type { Dedupe, Source, SourceConfig } from "../domain/source.ts";
import { secretsInForce } from "../domain/source.ts";
import type { ApiContext } from "./context.ts";
import { invalidBody } from "./problems.ts";
import type { DedupeIn, SourceIn, SourcePatch } from "./schemas/source.ts";

const defaultWindowSeconds = 3 * 86_400;
const tokenBytes = 24;

export function newConfig(context: ApiContext, body: SourceIn): SourceConfig {
  const scheme = knownScheme(context, body.scheme);
  const schemeConfig = checkedConfig(scheme, body.schemeConfig ?? {});
  return {
    name: body.name,
    scheme: body.scheme,
    schemeConfig,
    paused: false,
    throttleRate: body.throttleRate ?? null,
    maxBodyBytes: checkedSize(context, body.maxBodyBytes ?? null),
    toleranceSeconds: body.toleranceSeconds ?? null,
    dedupe: dedupeOf(body.dedupe ?? { kind: "event-id" }),
    forwarding: body.forwarding ?? "as-received",
    metadata: body.metadata ?? {},
  };
}

/** What a body names; the rest stays as it is. */
export function changedConfig(
  context: ApiContext,
  { config }: Source,
  body: SourcePatch,
): Partial<SourceConfig> {
  const { dedupe, maxBodyBytes, scheme: name, schemeConfig, ...rest } = body;
  const scheme = knownScheme(context, name ?? config.scheme);
  const settings =
    name === undefined && schemeConfig === undefined
      ? {}
      : {
          scheme: scheme.name,
          schemeConfig: checkedConfig(scheme, schemeConfig ?? config.schemeConfig),
        };
  return {
    ...given(rest),
    ...settings,
    ...(dedupe === undefined ? {} : { dedupe: dedupeOf(dedupe) }),
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes: checkedSize(context, maxBodyBytes) }),
  };
}

type Rest = Omit<SourcePatch, "dedupe" | "maxBodyBytes" | "scheme" | "schemeConfig">;

function given({ forwarding, metadata, name, throttleRate, toleranceSeconds }: Rest) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(forwarding === undefined ? {} : { forwarding }),
    ...(throttleRate === undefined ? {} : { throttleRate }),
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
  };
}

/** A token that nobody guesses; it goes into the URL as it is. */
export function newToken(context: ApiContext): string {
  return Buffer.from(context.random(tokenBytes)).toString("base64url");
}

/** Where the provider sends to. `host` is where this request reached the server. */
export function sourceUrl(context: ApiContext, source: Source, host: string | undefined): string {
  const [token] = secretsInForce(source.tokens, context.now());
  if (token === undefined) throw new Error("a source without a token in force");
  const base = baseUrl(context.settings.publicUrl, host);
  return `${base}/in/${context.codec.format("source", source.id)}/${context.vault.open(token.sealed)}`;
}

/** The server's URL as others call it, without a slash at its end. */
export function baseUrl(publicUrl: string | undefined, host: string | undefined): string {
  return publicUrl === undefined ? `http://${host ?? "localhost"}` : publicUrl.replace(/\/+$/, "");
}

function knownScheme({ schemes }: ApiContext, name: string): Scheme {
  const scheme = schemes.byName.get(name);
  if (scheme !== undefined) return scheme;
  const why = "is no scheme that this version knows: see GET /api/v1/source-scheme";
  throw invalidBody(["scheme"], why, "value_error.scheme");
}

function checkedConfig(
  scheme: Scheme,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fields = scheme.config ?? [];
  for (const name of Object.keys(given)) {
    if (fields.some((field) => field.name === name)) continue;
    throw invalidBody(["schemeConfig", name], `the scheme ${scheme.name} has no such setting`);
  }
  for (const { name, required, what } of fields) {
    if (!required || (given[name] ?? "") !== "") continue;
    throw invalidBody(["schemeConfig", name], `the scheme ${scheme.name} needs it: ${what}`);
  }
  return given;
}

function checkedSize({ settings }: ApiContext, bytes: number | null): number | null {
  if (bytes === null || bytes <= settings.maxInboundBytes) return bytes;
  throw invalidBody(
    ["maxBodyBytes"],
    `must be at most ${settings.maxInboundBytes}, the server's POSTHORN_MAX_INBOUND_BYTES`,
  );
}

function dedupeOf(given: DedupeIn): Dedupe {
  if (given.kind === "none") return given;
  return { ...given, windowSeconds: given.windowSeconds ?? defaultWindowSeconds };
}
