import type { SealedText } from "../domain/endpoint.ts";
import type { ApplicationId, RequestId, SourceId } from "../domain/ids.ts";
import type { InboundRequest } from "../domain/inbound-request.ts";
import type { RequestOutcome } from "../domain/reasons.ts";
import type { Source, SourceConfig, SourceSecret } from "../domain/source.ts";
import type { Publication, PublishResult } from "./message-store.ts";
import type { Listed, Page } from "./paging.ts";
import type { Remember, Repeated } from "./remember.ts";

export interface SourceRotation {
  readonly what: "secrets" | "tokens";
  readonly next: SourceSecret;
  /** Those in force so far stay until then (if they do not end earlier). */
  readonly oldExpireAt: number;
  /** Nothing is changed where there is one in force already. */
  readonly onlyFirst?: boolean;
}

/** A request that became no message. */
export interface NewRequest {
  readonly request: InboundRequest;
  /** What a later verification needs; goes when `request.keptUntil` has passed. */
  readonly kept: { readonly sealed: SealedText; readonly body: Uint8Array } | null;
}

export interface RequestFilter {
  readonly outcome?: RequestOutcome;
}

export interface SourceStore {
  createSource(
    source: Source,
    remember?: Remember,
  ): Promise<{ readonly kind: "created" } | { readonly kind: "application-not-found" } | Repeated>;
  /** Not one whose application was deleted. */
  findSource(id: SourceId): Promise<Source | undefined>;
  /** `application`: of one alone. */
  listSources(
    page: Page<SourceId>,
    filter: { readonly application?: ApplicationId },
  ): Promise<Listed<Source>>;
  updateSource(
    id: SourceId,
    change: { readonly config: Partial<SourceConfig>; readonly at: number },
    remember?: Remember,
  ): Promise<
    | { readonly kind: "updated"; readonly source: Source }
    | { readonly kind: "not-found" }
    | Repeated
  >;
  rotateSource(
    id: SourceId,
    rotation: SourceRotation,
    remember?: Remember,
  ): Promise<
    | { readonly kind: "rotated"; readonly source: Source }
    | { readonly kind: "not-found" }
    | Repeated
  >;
  deleteSource(id: SourceId, at: number): Promise<"deleted" | "not-found">;

  /** Writes requests that became no message; on disk when it resolves. */
  addRequest(request: NewRequest): Promise<void>;
  /** Counts requests that have no row of their own with the one that they are like. */
  addRepeats(counts: readonly RepeatCount[]): Promise<void>;
  /**
   * Makes of a rejected request the publication's own `reception`, in the commit of its message.
   * `not-rejected`: it was accepted meanwhile, or its row is gone; nothing was written.
   */
  acceptRejected(
    publication: Publication,
  ): Promise<PublishResult | { readonly kind: "not-rejected" }>;
  /** Writes the verdict of a later verification, as long as the request is rejected. */
  updateRejected(
    request: Pick<InboundRequest, "id" | "source" | "reason" | "detail" | "diagnosis">,
  ): Promise<void>;
  findRequest(source: SourceId, id: RequestId): Promise<InboundRequest | undefined>;
  /** `undefined` once it is no longer kept. */
  keptRequest(source: SourceId, id: RequestId): Promise<NewRequest["kept"] | undefined>;
  listRequests(
    source: SourceId,
    filter: RequestFilter,
    page: Page<RequestId>,
  ): Promise<Listed<InboundRequest>>;
}

export interface RepeatCount {
  readonly request: RequestId;
  readonly source: SourceId;
  readonly partition: number;
  readonly count: number;
}
