import { createHmac, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Api } from "./connect.ts";

export const secret = "It's a Secret to Everybody";

const source = z.object({ id: z.string(), url: z.string(), paused: z.boolean() });
export type ShownSource = z.output<typeof source>;

const request = z.object({
  id: z.string(),
  outcome: z.string(),
  reason: z.string(),
  detail: z.string().nullable(),
  diagnosis: z.string().nullable(),
  msgId: z.string().nullable(),
  duplicateOf: z.string().nullable(),
  eventId: z.string().nullable(),
  eventType: z.string().nullable(),
  headers: z.record(z.string(), z.string()).nullable(),
  repeats: z.int(),
  keptUntil: z.string().nullable(),
  responseStatusCode: z.int(),
  bodyBytes: z.int(),
});
export type ShownRequest = z.output<typeof request>;

/** Makes a source; GitHub's, with `secret`, unless told. */
export async function makeSource(api: Api, app: string, fields: object = {}): Promise<ShownSource> {
  const body = { applicationId: app, name: "a source", scheme: "github", secret, ...fields };
  return source.parse(await api.done("POST", "/source", { body }));
}

/** The newest first. */
export async function requestsOf(
  api: Api,
  id: string,
  query = "",
): Promise<readonly ShownRequest[]> {
  const page = z.object({ data: z.array(request) });
  return page.parse(await api.done("GET", `/source/${id}/request${query}`)).data;
}

export async function retryVerification(api: Api, id: string, of: string): Promise<ShownRequest> {
  return request.parse(await api.done("POST", `/source/${id}/request/${of}/retry-verification`));
}

export interface GithubFields {
  readonly event?: string;
  readonly delivery?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as GitHub sends it, signed over exactly these bytes. */
export function githubRequest(body: string | Uint8Array, fields: GithubFields = {}) {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
  const signature = createHmac("sha256", fields.secret ?? secret)
    .update(bytes)
    .digest("hex");
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/044aadd",
      "x-github-event": fields.event ?? "push",
      "x-github-delivery": fields.delivery ?? randomUUID(),
      "x-hub-signature-256": `sha256=${signature}`,
      ...fields.headers,
    },
    body: bytes,
  };
}
