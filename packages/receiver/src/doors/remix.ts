import type { Receiver } from "../inbox/receiver.ts";
import { answerFetch } from "./fetch.ts";

/** What is used of the arguments of a loader or action of Remix and React Router. */
export interface RemixArguments {
  readonly request: Request;
}

/** For a resource route: `export const action = toRemix(receiver)`, and `loader` where the provider's handshake is a GET. */
export function toRemix(receiver: Receiver): (args: RemixArguments) => Promise<Response> {
  return (args) => answerFetch(receiver, args.request, remedy);
}

const remedy = "Do not call request.formData() or request.json() before it.";
