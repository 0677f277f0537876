import { describe, expect, test } from "vitest";
import { answerHandshake } from "../src/handshake.ts";
import { bodyOf, configOf, secretsOf } from "./vector-cases.ts";
import { readHandshakes, schemeNamed } from "./vector-files.ts";

const cases = readHandshakes();

describe("a provider's question", () => {
  test("is there 25 times", () => expect(cases).toHaveLength(25));

  test.each(cases)("$id of $provider: $note", async (question) => {
    const { provider, request, respond } = question;
    const scheme = schemeNamed(provider);
    if (scheme === undefined) throw new Error(`no scheme ${provider}`);
    const { method, url, headers } = request;
    const given = { method, url, headers, body: bodyOf(request) };
    const options = { config: configOf(question), nowSeconds: question.now };
    const handshake = await answerHandshake(scheme, given, secretsOf(question), options);
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
