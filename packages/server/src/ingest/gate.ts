import type { HandshakeEffect, HandshakeResponse } from "@posthorn/receiver";
import type { InboundRequest } from "../domain/inbound-request.ts";
import { maskedHeaders } from "../domain/provider-headers.ts";
import type { RejectedReason } from "../domain/reasons.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { WebhookSchemes } from "../ports/webhook-schemes.ts";
import { headerOf, type Arrival, type GateAnswer } from "./arrival.ts";
import { confirmation, judgeRequest, refused, type Refused } from "./judge-request.ts";
import { sealKept } from "./kept-request.ts";
import type { KnownSource } from "./known-sources.ts";
import type { ProviderKeys } from "./provider-keys.ts";
import { acceptedStatus, receive, type ReceiveParts } from "./receive.ts";
import type { RequestLog } from "./request-log.ts";

/** Where inbound requests are judged; each leaves a row, and is answered after it is on disk. */
export interface Gate {
  /** Rejects when the store cannot be reached: nothing was written. */
  take(known: KnownSource, arrival: Arrival): Promise<GateAnswer>;
  /** For a request of which the body broke the limit; `bodyBytes` came of it. */
  refuseSize(
    known: KnownSource,
    arrival: Omit<Arrival, "body">,
    bodyBytes: number,
  ): Promise<GateAnswer>;
}

export interface GateParts extends ReceiveParts {
  readonly store: Pick<Store, "publish" | "rotateSource">;
  readonly requests: RequestLog;
  readonly schemes: WebhookSchemes;
  readonly keys: ProviderKeys;
  readonly vault: Vault;
  readonly formatId: (id: InboundRequest["id"]) => string;
  /** The system's clock. */
  readonly wallMs: () => number;
  /** How long a rejected request is kept whole. */
  readonly keepRejectedMs: number;
}

const dayMs = 86_400_000;
/** Larger bodies are not kept of what is rejected. */
const mostKeptBytes = 1024 * 1024;
const pausedSeconds = 60;
const againSeconds = 5;

export function createGate(parts: GateParts): Gate {
  return new RequestGate(parts);
}

class RequestGate implements Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  async take(known: KnownSource, arrival: Arrival): Promise<GateAnswer> {
    const early = this.#refuseEarly(known, arrival);
    if (early !== undefined) return this.#reject(known, arrival, early);
    const { keys, schemes } = this.#parts;
    const { crypto } = schemes;
    const nowMs = this.#parts.wallMs();
    const judged = await judgeRequest(known, arrival, { crypto, keys, nowMs });
    switch (judged.kind) {
      case "refused":
        return this.#reject(known, arrival, judged, judged.response);
      case "handshake":
        return this.#shake(known, arrival, judged);
      case "genuine":
        return this.#accept({ known, arrival, ...judged });
    }
  }

  async refuseSize(
    known: KnownSource,
    arrival: Omit<Arrival, "body">,
    bodyBytes: number,
  ): Promise<GateAnswer> {
    const refusal = refused("body-too-large", "", 413);
    const whole = { ...arrival, body: new Uint8Array(0) };
    const row = this.#rowOf(known, whole, "rejected", refusal);
    await this.#parts.requests.add({ request: { ...row, bodyBytes }, kept: null });
    return this.#answerRefused(refusal, row);
  }

  #refuseEarly({ rate, source }: KnownSource, { receivedAt }: Arrival): Refused | undefined {
    if (source.config.paused) return refused("source-paused", "", 503);
    if (rate === undefined) return undefined;
    if (rate.waitMs(receivedAt) > 0) return refused("source-rate-limited", "", 429);
    rate.take(receivedAt);
    return undefined;
  }

  async #accept(genuine: Parameters<typeof receive>[1]): Promise<GateAnswer> {
    const { ids, store } = this.#parts;
    const row = { id: ids.next("request"), reason: "event-received" } as const;
    const received = await receive(this.#parts, genuine, row, (each) => store.publish(each));
    switch (received.kind) {
      case "published":
      case "duplicate":
        return this.#answer(row.id, acceptedStatus, genuine.scheme.acceptBody ?? "");
      case "refused":
        return this.#reject(genuine.known, genuine.arrival, received);
      case "application-not-found":
        return goneAnswer;
      case "not-rejected":
        throw new Error("a new request was taken for one that is there");
    }
  }

  async #shake(
    known: KnownSource,
    arrival: Arrival,
    handshake: { readonly response: HandshakeResponse; readonly effect: HandshakeEffect },
  ): Promise<GateAnswer> {
    const { effect, response } = handshake;
    const done = await this.#apply(known, arrival, effect);
    if (done !== undefined && typeof done !== "string") return this.#reject(known, arrival, done);
    const row = this.#rowOf(known, arrival, "handshake", {
      reason: "handshake-answered",
      detail: done ?? "",
      diagnosis: null,
      status: response.status,
    });
    await this.#parts.requests.add({ request: row, kept: null });
    return { ...response, headers: { ...response.headers, ...this.#idHeader(row.id) } };
  }

  /** What a handshake asks for beside its answer; says what a person has to know of it, or refuses. */
  async #apply(
    known: KnownSource,
    { receivedAt }: Arrival,
    effect: HandshakeEffect,
  ): Promise<string | Refused | undefined> {
    switch (effect.kind) {
      case "none":
        return undefined;
      case "confirm":
        return confirmation(effect.url);
      case "secret-offered": {
        const inForce = known.secrets(receivedAt);
        if (inForce.includes(effect.secret)) return undefined;
        // Whoever knows the URL could take the source over with a secret of theirs.
        if (inForce.length > 0) return refused("secret-offered-again", "", 403);
        const { store, vault } = this.#parts;
        const sealed = vault.seal(effect.secret);
        const next = { sealed, createdAt: receivedAt, expiresAt: null };
        const rotation = {
          what: "secrets",
          next,
          oldExpireAt: receivedAt,
          onlyFirst: true,
        } as const;
        const kept = await store.rotateSource(known.source.id, rotation);
        const isOurs = kept.kind === "rotated" && kept.source.secrets[0]?.sealed === sealed;
        return isOurs
          ? "The secret that the provider offered is the source's now."
          : refused("secret-offered-again", "", 403);
      }
    }
  }

  async #reject(
    known: KnownSource,
    arrival: Arrival,
    refusal: Refused,
    response?: HandshakeResponse,
  ): Promise<GateAnswer> {
    const row = this.#rowOf(known, arrival, "rejected", refusal);
    const isKept = isWorthKeeping(refusal.reason) && arrival.body.byteLength <= mostKeptBytes;
    const keptUntil = isKept ? arrival.receivedAt + this.#parts.keepRejectedMs : null;
    await this.#parts.requests.add({
      request: { ...row, keptUntil },
      kept: isKept ? { sealed: sealKept(this.#parts.vault, arrival), body: arrival.body } : null,
    });
    if (response === undefined) return this.#answerRefused(refusal, row);
    return { ...response, headers: { ...response.headers, ...this.#idHeader(row.id) } };
  }

  #rowOf(
    known: KnownSource,
    arrival: Arrival,
    outcome: "rejected" | "handshake",
    what: Pick<InboundRequest, "reason" | "status" | "diagnosis"> & { readonly detail: string },
  ): InboundRequest {
    const { application, id, partition } = known.source;
    const { body, headers, method, receivedAt } = arrival;
    return {
      id: this.#parts.ids.next("request"),
      source: id,
      application,
      partition,
      receivedAt,
      method,
      bodyBytes: body.byteLength,
      contentType: headerOf(headers, "content-type"),
      outcome,
      reason: what.reason,
      detail: what.detail === "" ? null : what.detail,
      diagnosis: what.diagnosis,
      status: what.status,
      message: null,
      duplicateOf: null,
      eventId: null,
      eventType: null,
      headers: maskedHeaders(headers, known.secrets(receivedAt)),
      repeats: 0,
      keptUntil: null,
      retainUntil: receivedAt + this.#parts.retentionDays * dayMs,
    };
  }

  /** Outwardly every refusal is the same: which check it failed is in its row. */
  #answerRefused({ reason, status }: Refused, { id }: InboundRequest): GateAnswer {
    const retryAfter = retryAfterOf(reason, status);
    const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    const answer = problemAnswer(status, headers);
    return { ...answer, headers: { ...answer.headers, ...this.#idHeader(id) } };
  }

  #answer(id: InboundRequest["id"], status: number, body: string): GateAnswer {
    return { status, headers: { ...textHeaders, ...this.#idHeader(id) }, body };
  }

  #idHeader(id: InboundRequest["id"]) {
    return { "posthorn-request": this.#parts.formatId(id) };
  }
}

const textHeaders = { "content-type": "text/plain; charset=utf-8" };

function isWorthKeeping(reason: RejectedReason): boolean {
  return reason !== "source-rate-limited" && reason !== "body-too-large";
}

function retryAfterOf(reason: RejectedReason, status: number): number | undefined {
  if (reason === "source-paused") return pausedSeconds;
  if (reason === "source-rate-limited") return 1;
  return status === 503 ? againSeconds : undefined;
}

const problemsOf: Readonly<Record<number, string>> = {
  404: '{"code":"not_found","detail":"There is nothing at this URL."}',
  413: '{"code":"payload_too_large","detail":"The body is larger than the limit."}',
  422: '{"code":"schema_violation","detail":"The body does not keep the schema of its event type."}',
  429: '{"code":"rate_limited","detail":"More requests came than may: send it again later."}',
  500: '{"code":"server_error","detail":"An unexpected fault of the server."}',
  503: '{"code":"unavailable","detail":"It cannot be taken now: send it again later."}',
};
const refusedProblem = '{"code":"rejected","detail":"The request could not be verified."}';

export function problemAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  const body = problemsOf[status] ?? refusedProblem;
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body,
  };
}

/** The source, its application or its token is not there: nobody learns which. */
export const goneAnswer: GateAnswer = problemAnswer(404);

/** The store is away: nothing was written, and the provider sends it again. */
export const awayAnswer: GateAnswer = problemAnswer(503, { "retry-after": String(againSeconds) });
