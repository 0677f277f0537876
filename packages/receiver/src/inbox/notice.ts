import type { DeadReason } from "./entry.ts";

/** What a receiver has to tell its owner. No secret, signature, header value or body is in it. */
export type Notice =
  /** The inbox forgets everything at a restart. */
  | { readonly kind: "not-durable" }
  /** A request was refused: `detail` says what to do about it. */
  | { readonly kind: "rejected"; readonly reason: string; readonly detail: string }
  /** An event arrived again and was answered with 2xx; nothing more happens. */
  | { readonly kind: "duplicate"; readonly id: string }
  /** No handler has its type: it is remembered, and handled when it is replayed. */
  | { readonly kind: "ignored"; readonly id: string; readonly type: string | undefined }
  | { readonly kind: "handled"; readonly id: string; readonly attempt: number }
  /** A handler failed, and runs again in `afterMs`. */
  | {
      readonly kind: "failed";
      readonly id: string;
      readonly attempt: number;
      readonly afterMs: number;
      readonly error: string;
    }
  /** No more tries: see `receiver.list("dead")`, `receiver.replay`, `receiver.discard`. */
  | {
      readonly kind: "dead";
      readonly id: string;
      readonly reason: DeadReason;
      readonly error: string;
    }
  /** A run outlived its lease, so another process may have handled the event too. */
  | { readonly kind: "lease-lost"; readonly id: string }
  /** The inbox could not be reached; providers are answered with 503 until it can. */
  | { readonly kind: "inbox-unavailable"; readonly error: string };

function noticeText(source: string, notice: Notice): string {
  const prefix = `posthorn receiver "${source}":`;
  switch (notice.kind) {
    case "not-durable":
      return `${prefix} its inbox is in memory, so a restart loses what was not handled yet. Use sqliteInbox, postgresInbox or redisInbox, or \`background: false\` in tests.`;
    case "rejected":
      return `${prefix} refused a request (${notice.reason}): ${notice.detail}`;
    case "duplicate":
      return `${prefix} ${notice.id} arrived again`;
    case "ignored":
      return `${prefix} no handler for ${notice.type ?? "an event without a type"}: ${notice.id} is kept as ignored`;
    case "handled":
      return `${prefix} handled ${notice.id} in run ${notice.attempt}`;
    case "failed":
      return `${prefix} run ${notice.attempt} of ${notice.id} failed, the next is in ${notice.afterMs} ms: ${notice.error}`;
    case "dead":
      return `${prefix} ${notice.id} is a dead letter (${notice.reason}): ${notice.error}`;
    case "lease-lost":
      return `${prefix} a run of ${notice.id} outlived its lease, and another may have handled it too`;
    case "inbox-unavailable":
      return `${prefix} the inbox cannot be reached: ${notice.error}`;
  }
}

/** Warnings and errors to the console, what goes well to nowhere. */
export function logToConsole(source: string, notice: Notice): void {
  switch (notice.kind) {
    case "duplicate":
    case "ignored":
    case "handled":
      return;
    case "not-durable":
    case "rejected":
    case "failed":
    case "lease-lost":
      console.warn(noticeText(source, notice));
      return;
    case "dead":
    case "inbox-unavailable":
      console.error(noticeText(source, notice));
  }
}
