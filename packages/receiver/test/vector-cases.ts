import type { Handshake } from "../src/scheme.ts";
import type { Jwk, SecretInput } from "../src/secret-input.ts";
import type { Verdict } from "../src/verdict.ts";

/** A case of a vector file; see vectors/SHAPE.md. */
export interface VectorCase extends Credentials {
  readonly id: string;
  readonly kind: "genuine" | "tampered" | "edge";
  readonly note: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly toleranceSeconds: number | null;
  readonly now: number;
  readonly advisory?: boolean;
  readonly policy?: string;
  readonly request: VectorRequest;
  readonly expect: {
    readonly valid: boolean;
    readonly reason?: string;
    readonly reasonAny?: readonly string[];
    readonly eventId?: string;
    readonly eventType?: string;
  };
}

interface Credentials {
  readonly secretBase64?: string;
  readonly additionalSecretsBase64?: readonly string[];
  readonly publicKey?: string;
  readonly jwk?: Jwk;
  readonly certificate?: string;
}

export interface VectorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyBase64: string;
}

export interface VectorFile {
  readonly provider: string;
  readonly cases: readonly VectorCase[];
}

/** A case of vectors/handshakes; see vectors/SHAPE.md. */
export interface HandshakeCase extends Credentials {
  readonly id: string;
  readonly provider: string;
  readonly note: string;
  readonly now: number;
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
  readonly request: VectorRequest;
  readonly respond: {
    readonly status?: number | readonly number[];
    readonly body?: string;
    readonly json?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly contentType?: string;
    readonly absentHeaders?: readonly string[];
    readonly refuse?: true;
    readonly effect?: string;
  };
}

export function configOf({ config = {} }: HandshakeCase): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
}

export function secretsOf(credentials: Credentials): readonly SecretInput[] {
  const { secretBase64, additionalSecretsBase64, publicKey, jwk, certificate } = credentials;
  const encoded = [secretBase64 ?? [], additionalSecretsBase64 ?? []].flat();
  const shared = encoded.map((base64) => new TextDecoder().decode(bytesOf(base64)));
  return [shared, publicKey ?? [], jwk ?? [], certificate ?? []].flat();
}

/** What `verify` is asked about a case. */
export function askedOf(vector: VectorCase) {
  const { method, url, headers } = vector.request;
  return {
    request: { method, url, headers, body: bodyOf(vector.request) },
    secrets: secretsOf(vector),
    options: {
      config: vector.config,
      toleranceSeconds: vector.toleranceSeconds ?? Number.POSITIVE_INFINITY,
      nowSeconds: vector.now,
    },
  };
}

export function bodyOf(request: VectorRequest): Uint8Array {
  return bytesOf(request.bodyBase64);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** What a verdict says in the vectors' words; of id and type, what the case names. */
export function reading(verdict: Verdict, { expect: expected }: VectorCase): string {
  if (verdict.kind === "rejected") return `rejected for ${verdict.reason}`;
  return verified(
    expected.eventId === undefined ? undefined : verdict.eventId,
    expected.eventType === undefined ? undefined : verdict.eventType,
  );
}

export function fairReadings({ expect: expected }: VectorCase): readonly string[] {
  if (expected.valid) return [verified(expected.eventId, expected.eventType)];
  return (expected.reasonAny ?? [expected.reason]).map((reason) => `rejected for ${reason}`);
}

function verified(id: string | undefined, type: string | undefined): string {
  return `verified id=${id} type=${type}`;
}

/** A handshake's answer as one line. */
export function handshakeReading(handshake: Handshake | undefined): string {
  if (handshake === undefined) return "no handshake";
  const { status, headers, body } = handshake.response;
  return `${handshake.kind} ${status} ${JSON.stringify(headers)} ${body}`;
}
