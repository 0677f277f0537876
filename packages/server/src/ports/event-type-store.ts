import type { EventType } from "../domain/event-type.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export type EventTypePatch = Partial<Omit<EventType, "name" | "createdAt" | "updatedAt">>;

export interface EventTypeStore {
  /** An archived one of the same name is replaced and un-archived (`created`). */
  createEventType(
    eventType: EventType,
    remember?: Remember,
  ): Promise<{ readonly kind: "created" } | { readonly kind: "name-taken" } | Repeated>;
  findEventType(name: string): Promise<EventType | undefined>;
  listEventTypes(
    page: Page<string>,
    filter: { readonly includeArchived: boolean },
  ): Promise<Listed<EventType>>;
  updateEventType(name: string, patch: EventTypePatch, at: number): Promise<EventType | undefined>;
  /** Archives it, or with `expunge` removes it for good. */
  deleteEventType(
    name: string,
    how: { readonly expunge: boolean; readonly at: number },
  ): Promise<"deleted" | "not-found">;
}
