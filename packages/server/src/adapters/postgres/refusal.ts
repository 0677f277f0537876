import { NotSent } from "./database.ts";
import { codeOf, judged } from "./faults.ts";

/** What a person reads who has just started the server. */
export function refusal(error: unknown): unknown {
  const cause = error instanceof NotSent ? error.cause : error;
  const code = codeOf(cause) ?? "";
  const refused = code.startsWith("28") || code.startsWith("3D") || code.startsWith("42501");
  if (!refused) return judged(cause);
  const text = "the database refuses this user, or is not there: check its URL (POSTHORN_STORE)";
  return new Error(`${text} (${code})`);
}
