import { staticHeader } from "../checks/static-secret.ts";
import type { Scheme } from "../scheme.ts";

/** The token is the identifier of the API key that asked. */
export const deepgram: Scheme = {
  name: "deepgram",
  title: "Deepgram",
  docs: "https://developers.deepgram.com/docs/using-callbacks-to-return-transcripts-to-your-server",
  check: staticHeader("dg-token"),
  event: { id: { json: "metadata.request_id" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  retries: "10 times, 30 s apart.",
};
