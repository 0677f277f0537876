import type { Application, Metadata } from "../domain/application.ts";
import type { Actor } from "../domain/endpoint.ts";
import type { ApplicationId } from "../domain/ids.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export type ApplicationRef =
  | { readonly kind: "id"; readonly id: ApplicationId }
  | { readonly kind: "uid"; readonly uid: string };

export interface ApplicationPatch {
  readonly name?: string;
  readonly uid?: string | null;
  readonly throttleRate?: number | null;
  readonly metadata?: Metadata;
}

export interface ApplicationStore {
  createApplication(
    application: Application,
    remember?: Remember,
  ): Promise<
    | { readonly kind: "created" }
    | { readonly kind: "uid-taken"; readonly by: Application }
    | Repeated
  >;
  findApplication(ref: ApplicationRef): Promise<Application | undefined>;
  listApplications(page: Page<ApplicationId>): Promise<Listed<Application>>;
  updateApplication(
    id: ApplicationId,
    patch: ApplicationPatch,
    at: number,
  ): Promise<
    | { readonly kind: "updated"; readonly application: Application }
    | { readonly kind: "uid-taken" }
    | { readonly kind: "not-found" }
  >;
  /**
   * Deletes it with its endpoints: from then on it is found nowhere, its uid and keys are free or
   * dead, and its waiting deliveries are discarded by their owner (`application-deleted`).
   */
  deleteApplication(id: ApplicationId, by: Actor, at: number): Promise<"deleted" | "not-found">;
}
