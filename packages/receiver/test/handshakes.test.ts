import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { answerHandshake } from "../src/handshake.ts";
import { bodyOf, schemeNamed, secretsOf } from "./vector-files.ts";
import type { VectorRequest } from "./vector-files.ts";

/** See vectors/SHAPE.md. */
interface HandshakeCase {
  readonly id: string;
  readonly provider: string;
  readonly note: string;
  readonly now: number;
  readonly secretBase64?: string;
  readonly publicKey?: string;
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

const file = new URL("vectors/handshakes/handshakes.json", import.meta.url);
const { cases }: { readonly cases: readonly HandshakeCase[] } = JSON.parse(
  readFileSync(file, "utf8"),
);

describe("a provider's question", () => {
  test("is there 25 times", () => expect(cases).toHaveLength(25));

  test.each(cases)("$id of $provider: $note", async ({ provider, request, respond, ...rest }) => {
    const scheme = schemeNamed(provider);
    if (scheme === undefined) throw new Error(`no scheme ${provider}`);
    const { method, url, headers } = request;
    const config = Object.fromEntries(
      Object.entries(rest.config ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const given = { method, url, headers, body: bodyOf(request) };
    const options = { config, nowSeconds: rest.now };
    const handshake = await answerHandshake(scheme, given, secretsOf(rest), options);
    if (handshake === undefined) throw new Error("it was not taken for a question");

    const { response } = handshake;
    expect(handshake.kind).toBe(respond.refuse === true ? "refused" : "handshake");
    if (respond.status !== undefined) expect([respond.status].flat()).toContain(response.status);
    if (respond.body !== undefined) expect(response.body).toBe(respond.body);
    if (respond.json !== undefined) expect(JSON.parse(response.body)).toEqual(respond.json);
    const answered = new Headers({ ...response.headers });
    for (const [name, value] of Object.entries(respond.headers ?? {})) {
      expect(value.split("|")).toContain(answered.get(name));
    }
    const contentType = answered.get("content-type") ?? "";
    expect(contentType.startsWith(respond.contentType ?? "")).toBe(true);
    for (const name of respond.absentHeaders ?? []) expect(answered.has(name)).toBe(false);
  });
});
