import { readdirSync, readFileSync } from "node:fs";
import type { Scheme } from "../src/scheme.ts";
import * as schemeModule from "../src/schemes/index.ts";
import type { Jwk, SecretInput } from "../src/secret-input.ts";

/** A case of a vector file; see vectors/SHAPE.md. */
export interface VectorCase {
  readonly id: string;
  readonly kind: "genuine" | "tampered" | "edge";
  readonly note: string;
  readonly secretBase64?: string;
  readonly additionalSecretsBase64?: readonly string[];
  readonly publicKey?: string;
  readonly jwk?: Jwk;
  readonly certificate?: string;
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

const folder = new URL("vectors/", import.meta.url);

export function readVectorFiles(): readonly VectorFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name): VectorFile => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
}

const schemes: readonly Scheme[] = Object.values(schemeModule);

export function schemeNamed(name: string): Scheme | undefined {
  return schemes.find((scheme) => scheme.name === name);
}

export function secretsOf(
  vector: Pick<
    VectorCase,
    "secretBase64" | "additionalSecretsBase64" | "publicKey" | "jwk" | "certificate"
  >,
): readonly SecretInput[] {
  const encoded = [vector.secretBase64 ?? [], vector.additionalSecretsBase64 ?? []].flat();
  const shared = encoded.map((base64) => Buffer.from(base64, "base64").toString("utf8"));
  return [shared, vector.publicKey ?? [], vector.jwk ?? [], vector.certificate ?? []].flat();
}

export function bodyOf(request: VectorRequest): Uint8Array {
  return Uint8Array.from(Buffer.from(request.bodyBase64, "base64"));
}
