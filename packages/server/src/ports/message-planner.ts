import type { Application } from "../domain/application.ts";
import type { Draft } from "../domain/draft.ts";
import type { EndpointId } from "../domain/ids.ts";
import type { NewMessage, PlannedDelivery } from "./message-store.ts";

export type Planned =
  | {
      readonly kind: "planned";
      readonly message: NewMessage;
      readonly deliveries: readonly PlannedDelivery[];
    }
  | { readonly kind: "schema-violated"; readonly faults: readonly SchemaFault[] }
  | { readonly kind: "application-not-found" };

export interface SchemaFault {
  /** A JSON Pointer (RFC 6901) into the payload; empty for the payload itself. */
  readonly path: string;
  readonly message: string;
}

/**
 * Checks a message against its event type's schema, matches it, and plans its deliveries; nothing is
 * stored. `only`: for this endpoint alone, whatever it subscribed to.
 */
export type PlanMessage = (
  application: Application,
  draft: Draft,
  only?: EndpointId,
) => Promise<Planned>;
