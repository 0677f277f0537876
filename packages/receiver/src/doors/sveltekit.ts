import type { Receiver } from "../inbox/receiver.ts";
import { answerFetch } from "./fetch.ts";

/** What is used of SvelteKit's event. */
export interface SvelteKitEvent {
  readonly request: Request;
}

/** For `+server.ts` of SvelteKit: `export const fallback = toSvelteKit(receiver)`, or `POST`. */
export function toSvelteKit(receiver: Receiver): (event: SvelteKitEvent) => Promise<Response> {
  return (event) => answerFetch(receiver, event.request, remedy);
}

const remedy = "Do not read event.request in a hook before it.";
