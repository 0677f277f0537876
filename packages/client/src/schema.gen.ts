// Generated from docs/openapi.json by npm run generate.

export interface paths {
    "/api/v1/api-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys, without their tokens */
        get: operations["v1.api-key.list"];
        put?: never;
        /**
         * Create an API key; its token is shown once
         * @description Tokens are not kept, so a repeated idempotency key is answered with 409 and the key's id.
         */
        post: operations["v1.api-key.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-key/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key; it ends at once */
        delete: operations["v1.api-key.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List applications */
        get: operations["v1.application.list"];
        put?: never;
        /** Create an application */
        post: operations["v1.application.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an application */
        get: operations["v1.application.get"];
        /** Replace an application, or create it */
        put: operations["v1.application.update"];
        post?: never;
        /** Delete an application with its endpoints */
        delete: operations["v1.application.delete"];
        options?: never;
        head?: never;
        /** Change an application */
        patch: operations["v1.application.patch"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/attempt/endpoint/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the attempts to an endpoint, the newest first */
        get: operations["v1.message-attempt.list-by-endpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/attempt/msg/{msg_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the attempts of a message, the newest first */
        get: operations["v1.message-attempt.list-by-msg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List an application's endpoints */
        get: operations["v1.endpoint.list"];
        put?: never;
        /** Create an endpoint */
        post: operations["v1.endpoint.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an endpoint */
        get: operations["v1.endpoint.get"];
        /**
         * Replace an endpoint's configuration, or create it
         * @description Its secrets, its headers and whether it is paused stay as they are.
         */
        put: operations["v1.endpoint.update"];
        post?: never;
        /** Delete an endpoint; what waits for it is discarded */
        delete: operations["v1.endpoint.delete"];
        options?: never;
        head?: never;
        /** Change an endpoint */
        patch: operations["v1.endpoint.patch"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what happened to an endpoint, by whom or by which rule, newest first */
        get: operations["v1.endpoint.list-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/headers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the headers that are sent with deliveries; of secrets the names alone */
        get: operations["v1.endpoint.get-headers"];
        /** Replace the headers that are sent with deliveries */
        put: operations["v1.endpoint.update-headers"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set or delete single headers */
        patch: operations["v1.endpoint.patch-headers"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/lane": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say how sending to an endpoint goes: gate, breaker, limits, concurrency */
        get: operations["v1.endpoint.get-lane"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/msg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List an endpoint's messages with what became of them, newest first */
        get: operations["v1.message-attempt.list-attempted-messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold new and waiting deliveries of an endpoint */
        post: operations["v1.endpoint.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the held deliveries of an endpoint go on */
        post: operations["v1.endpoint.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/revision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the configurations that an endpoint had, the oldest first */
        get: operations["v1.endpoint.list-revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the secret that deliveries are signed with */
        get: operations["v1.endpoint.get-secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the secret; the one so far signs, too, until the grace period ends */
        post: operations["v1.endpoint.rotate-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/send-example": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an example of an event type to this endpoint alone
         * @description Its schema's example of that index; made out of the schema when it has none.
         */
        post: operations["v1.endpoint.send-example"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count the deliveries that were made in a span of time, 28 days unless told */
        get: operations["v1.endpoint.get-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List messages, the newest first */
        get: operations["v1.message.list"];
        put?: never;
        /**
         * Publish a message
         * @description Answered once the message and its deliveries are on disk.
         */
        post: operations["v1.message.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a message */
        get: operations["v1.message.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an attempt */
        get: operations["v1.message-attempt.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete what an endpoint answered */
        delete: operations["v1.message-attempt.expunge-content"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a message's content; what waits of it is discarded */
        delete: operations["v1.message.expunge-content"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the endpoints that a message goes to, with what became of it */
        get: operations["v1.message-attempt.list-attempted-destinations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to an endpoint now, or again
         * @description A delivery that waits becomes due at once. One that ended is repeated by a new delivery that is linked to it. An endpoint that is disabled is refused with 409.
         */
        post: operations["v1.message-attempt.resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say for each endpoint of that time whether it got a message, or why not */
        get: operations["v1.message.explain-routing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/precheck/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether any endpoint would get such a message
         * @description Filters over the payload cannot be judged here: they count as matching.
         */
        post: operations["v1.message.precheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-type": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List event types by name */
        get: operations["v1.event-type.list"];
        put?: never;
        /** Create an event type; one that is archived comes back */
        post: operations["v1.event-type.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-type/{event_type_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an event type */
        get: operations["v1.event-type.get"];
        /** Replace an event type, or create it */
        put: operations["v1.event-type.update"];
        post?: never;
        /** Archive an event type, or remove it for good */
        delete: operations["v1.event-type.delete"];
        options?: never;
        head?: never;
        /** Change an event type */
        patch: operations["v1.event-type.patch"];
        trace?: never;
    };
    "/api/v1/event-type/import/openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create or replace event types out of an OpenAPI document's webhooks */
        post: operations["v1.event-type.import-openapi"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say whether messages are taken and delivered: the store is written to */
        get: operations["v1.health.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say whether the process answers */
        get: operations["v1.health.ping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sources, of one application or of all */
        get: operations["v1.source.list"];
        put?: never;
        /** Create a source: a URL that takes a provider's webhooks */
        post: operations["v1.source.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source-scheme": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the providers' verification schemes that a source can have */
        get: operations["v1.source.list-schemes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a source */
        get: operations["v1.source.get"];
        put?: never;
        post?: never;
        /** Delete a source; its URL ends at once, its messages stay */
        delete: operations["v1.source.delete"];
        options?: never;
        head?: never;
        /** Change a source */
        patch: operations["v1.source.patch"];
        trace?: never;
    };
    "/api/v1/source/{source_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take nothing in: requests are answered 503, so that the provider sends them again */
        post: operations["v1.source.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what arrived at a source, the newest first */
        get: operations["v1.source-request.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/request/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a request, and what came of it */
        get: operations["v1.source-request.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/request/{request_id}/retry-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a rejected request again, with the source's secrets and settings of now
         * @description What fits becomes a message; what does not stays rejected, for the reason that is shown.
         */
        post: operations["v1.source-request.retry-verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take requests in again */
        post: operations["v1.source.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the newest secret that requests are verified with */
        get: operations["v1.source.get-secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the secret; the one so far fits, too, until the grace period ends */
        post: operations["v1.source.rotate-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/source/{source_id}/token/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the source a new URL; the one so far works until the grace period ends */
        post: operations["v1.source.rotate-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the processes of the store, and who has each partition, since when, how far */
        get: operations["v1.workers.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The API key, or the rule, that did it. */
        ActorOut: {
            key: string | null;
            /** @enum {string} */
            kind: "key" | "rule";
            rule: string | null;
        };
        ApiKeyCreatedOut: {
            applicationId: string | null;
            /** Format: date-time */
            createdAt: string;
            id: string;
            name: string;
            revokedAt: string | null;
            /** @enum {string} */
            scope: "admin" | "application";
            /** @description Shown this once. */
            token: string;
        };
        ApiKeyIn: {
            /** @description Id or uid of the one application that the key may use; none: admin. */
            application?: string | null;
            name: string;
        };
        ApiKeyOut: {
            applicationId: string | null;
            /** Format: date-time */
            createdAt: string;
            id: string;
            name: string;
            revokedAt: string | null;
            /** @enum {string} */
            scope: "admin" | "application";
        };
        ApplicationIn: {
            metadata?: {
                [key: string]: string;
            };
            name: string;
            /** @deprecated */
            rateLimit?: number | null;
            throttleRate?: number | null;
            uid?: string | null;
        };
        ApplicationOut: {
            /** Format: date-time */
            createdAt: string;
            id: string;
            metadata: {
                [key: string]: string;
            };
            name: string;
            /** @deprecated */
            rateLimit: number | null;
            throttleRate: number | null;
            uid: string | null;
            /** Format: date-time */
            updatedAt: string;
        };
        ApplicationPatch: {
            metadata?: {
                [key: string]: string;
            };
            name?: string;
            /** @deprecated */
            rateLimit?: number | null;
            throttleRate?: number | null;
            uid?: string | null;
        };
        EmptyResponse: Record<string, never>;
        EndpointEventOut: {
            by: components["schemas"]["ActorOut"];
            figures: {
                [key: string]: number | string;
            };
            id: string;
            /** @enum {string} */
            kind: "paused" | "resumed" | "disabled" | "enabled" | "secret-rotated" | "breaker-slowed" | "breaker-opened" | "breaker-probing" | "breaker-closed" | "warned";
            /** Format: date-time */
            timestamp: string;
        };
        EndpointHeadersIn: {
            headers: {
                [key: string]: string;
            };
        };
        EndpointHeadersOut: {
            headers: {
                [key: string]: string;
            };
            sensitive: string[];
        };
        EndpointHeadersPatchIn: {
            deleteHeaders?: string[];
            headers?: {
                [key: string]: string | null;
            };
        };
        EndpointIn: {
            channels?: string[] | null;
            description?: string;
            disabled?: boolean;
            eventTypes?: string[] | null;
            /** @description A filter over the payload, see docs/filters.md. Not part of Svix's API. */
            filter?: string | null;
            /** @deprecated */
            filterTypes?: string[] | null;
            headers?: {
                [key: string]: string;
            } | null;
            metadata?: {
                [key: string]: string;
            };
            /** @deprecated */
            rateLimit?: number | null;
            /** @description `whsec_` and 24 to 75 bytes in base64, or a `whsk_` key. */
            secret?: string | null;
            throttleRate?: number | null;
            uid?: string | null;
            /** Format: uri */
            url: string;
            /** @deprecated */
            version?: number | null;
        };
        EndpointLaneOut: {
            /** @description The receiver's `Retry-After`. */
            askedToWaitUntil: string | null;
            /** @description When it was written, at most once a second; `null`: at rest. */
            asOf: string | null;
            /** @enum {string} */
            breaker: "closed" | "slow" | "open" | "probing";
            /** @description Requests that may be under way at once; `null`: as for any endpoint. */
            concurrency: number | null;
            consecutiveFailures: number;
            /** @description The first failure since a success. */
            failingSince: string | null;
            /** @enum {string} */
            gate: "open" | "paused" | "disabled";
            /** @description What keeps due deliveries waiting beyond their turn. */
            limitedBy: ("rate" | "application-rate" | "concurrency") | null;
            /** @description When an open breaker sends its next probe. */
            probeAt: string | null;
            /** @description Attempts that had been under way for more than a second. */
            sending: number;
        };
        EndpointMessageOut: {
            /** @description When the endpoint's queue was last looked at, where that counts. */
            asOf: string | null;
            attempts: number;
            channels: string[] | null;
            deliverAt: string | null;
            deliveryId: string;
            endedAt: string | null;
            eventId: string | null;
            eventType: string;
            expiresAt: string | null;
            id: string;
            nextAttempt: string | null;
            options: {
                code: string;
                text: string;
            }[];
            payload: {
                [key: string]: unknown;
            };
            /** @description See docs/reasons.md. */
            reason: string;
            reasonText: string;
            resendOf: string | null;
            /** @description What chose the next time. */
            rule: ("publish" | "deliver-at" | "schedule" | "retry-after" | "manual") | null;
            /** @enum {string} */
            state: "scheduled" | "held" | "succeeded" | "failed" | "discarded";
            /**
             * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
             * @enum {integer}
             */
            status: 0 | 1 | 2 | 3 | 4;
            /** @enum {string} */
            statusText: "success" | "pending" | "fail" | "sending" | "canceled";
            tags: string[] | null;
            /** Format: date-time */
            timestamp: string;
        };
        EndpointOut: {
            channels: string[] | null;
            /** Format: date-time */
            createdAt: string;
            description: string;
            disabled: boolean;
            eventTypes: string[] | null;
            filter: string | null;
            /** @deprecated */
            filterTypes: string[] | null;
            id: string;
            metadata: {
                [key: string]: string;
            };
            paused: boolean;
            /** @deprecated */
            rateLimit: number | null;
            throttleRate: number | null;
            uid: string | null;
            /** Format: date-time */
            updatedAt: string;
            url: string;
            /**
             * @deprecated
             * @description Always 1.
             */
            version: number;
        };
        EndpointPatch: {
            channels?: string[] | null;
            description?: string;
            disabled?: boolean;
            eventTypes?: string[] | null;
            /** @description A filter over the payload, see docs/filters.md. Not part of Svix's API. */
            filter?: string | null;
            /** @deprecated */
            filterTypes?: string[] | null;
            metadata?: {
                [key: string]: string;
            };
            /** @deprecated */
            rateLimit?: number | null;
            throttleRate?: number | null;
            uid?: string | null;
            /** Format: uri */
            url?: string;
            /** @deprecated */
            version?: number | null;
        };
        EndpointRevisionOut: {
            by: components["schemas"]["ActorOut"];
            /** @description `null`: the endpoint was deleted. */
            config: {
                channels: string[] | null;
                description: string;
                disabled: boolean;
                eventTypes: string[] | null;
                filter: string | null;
                /** @deprecated */
                filterTypes: string[] | null;
                headerNames: string[];
                metadata: {
                    [key: string]: string;
                };
                paused: boolean;
                /** @deprecated */
                rateLimit: number | null;
                throttleRate: number | null;
                uid: string | null;
                url: string;
            } | null;
            deleted: boolean;
            /** Format: date-time */
            timestamp: string;
            version: number;
        };
        EndpointRevisions: {
            data: components["schemas"]["EndpointRevisionOut"][];
        };
        EndpointSecretOut: {
            key: string;
        };
        EndpointSecretRotateIn: {
            /** @description How long the secrets so far stay in force; 86400 unless told. */
            gracePeriodSeconds?: number | null;
            key?: string | null;
        };
        EndpointStats: {
            canceled: number;
            fail: number;
            pending: number;
            sending: number;
            success: number;
        };
        EndpointUpdate: {
            channels?: string[] | null;
            description?: string;
            disabled?: boolean;
            eventTypes?: string[] | null;
            /** @description A filter over the payload, see docs/filters.md. Not part of Svix's API. */
            filter?: string | null;
            /** @deprecated */
            filterTypes?: string[] | null;
            metadata?: {
                [key: string]: string;
            };
            /** @deprecated */
            rateLimit?: number | null;
            throttleRate?: number | null;
            uid?: string | null;
            /** Format: uri */
            url: string;
            /** @deprecated */
            version?: number | null;
        };
        EventExampleIn: {
            eventType: string;
            exampleIndex?: number;
        };
        EventTypeFromOpenApi: {
            deprecated: boolean;
            description: string;
            /** @deprecated */
            featureFlag: string | null;
            featureFlags: string[] | null;
            groupName: string | null;
            name: string;
            schemas: {
                [key: string]: unknown;
            } | null;
        };
        EventTypeImportOpenApiIn: {
            dryRun?: boolean;
            /** @description Archive the event types that the document does not have. */
            replaceAll?: boolean;
            /** @description An OpenAPI document with `webhooks` or `x-webhooks`. */
            spec?: {
                [key: string]: unknown;
            } | null;
            /** @description The same as JSON text. */
            specRaw?: string | null;
        };
        EventTypeImportOpenApiOut: {
            data: {
                modified: string[];
                to_modify: components["schemas"]["EventTypeFromOpenApi"][] | null;
            };
        };
        EventTypeIn: {
            archived?: boolean;
            deprecated?: boolean;
            description: string;
            /** @description Refuse messages that do not keep the schema. Not part of Svix's API. */
            enforceSchema?: boolean;
            /** @deprecated */
            featureFlag?: string | null;
            featureFlags?: string[] | null;
            groupName?: string | null;
            name: string;
            /** @description JSON Schemas by version; the greatest is in force. */
            schemas?: {
                [key: string]: unknown;
            } | null;
        };
        EventTypeOut: {
            archived: boolean;
            /** Format: date-time */
            createdAt: string;
            deprecated: boolean;
            description: string;
            enforceSchema: boolean;
            /** @deprecated */
            featureFlag: string | null;
            featureFlags: string[] | null;
            groupName: string | null;
            name: string;
            schemas: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            updatedAt: string;
        };
        EventTypePatch: {
            archived?: boolean;
            deprecated?: boolean;
            description?: string;
            /** @description Refuse messages that do not keep the schema. Not part of Svix's API. */
            enforceSchema?: boolean;
            /** @deprecated */
            featureFlag?: string | null;
            featureFlags?: string[] | null;
            groupName?: string | null;
            /** @description JSON Schemas by version; the greatest is in force. */
            schemas?: {
                [key: string]: unknown;
            } | null;
        };
        EventTypeUpdate: {
            archived?: boolean;
            deprecated?: boolean;
            description: string;
            /** @description Refuse messages that do not keep the schema. Not part of Svix's API. */
            enforceSchema?: boolean;
            /** @deprecated */
            featureFlag?: string | null;
            featureFlags?: string[] | null;
            groupName?: string | null;
            /** @description JSON Schemas by version; the greatest is in force. */
            schemas?: {
                [key: string]: unknown;
            } | null;
        };
        HealthOut: {
            parts: {
                /** @description `null`: this process has not the role `worker`; others deliver. */
                dispatcher: {
                    detail: string | null;
                    working: boolean;
                } | null;
                store: {
                    detail: string | null;
                    working: boolean;
                };
            };
            /** @constant */
            status: "ok";
        };
        HttpErrorOut: {
            code: string;
            detail: string;
        };
        HTTPValidationError: {
            code?: string;
            detail: {
                loc: string[];
                msg: string;
                type: string;
            }[];
        };
        ListResponse_ApiKeyOut_: {
            data: components["schemas"]["ApiKeyOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_ApplicationOut_: {
            data: components["schemas"]["ApplicationOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_EndpointEventOut_: {
            data: components["schemas"]["EndpointEventOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_EndpointMessageOut_: {
            data: components["schemas"]["EndpointMessageOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_EndpointOut_: {
            data: components["schemas"]["EndpointOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_EventTypeOut_: {
            data: components["schemas"]["EventTypeOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_MessageAttemptOut_: {
            data: components["schemas"]["MessageAttemptOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_MessageEndpointOut_: {
            data: components["schemas"]["MessageEndpointOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_MessageOut_: {
            data: components["schemas"]["MessageOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_SourceOut_: {
            data: components["schemas"]["SourceOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        ListResponse_SourceRequestOut_: {
            data: components["schemas"]["SourceRequestOut"][];
            done: boolean;
            iterator: string | null;
            prevIterator: string | null;
        };
        MessageAttemptOut: {
            address: string | null;
            deliveryId: string;
            detail: string | null;
            endpointId: string;
            endpointVersion: number;
            errorClass: ("invalid-url" | "dns-failed" | "address-blocked" | "connection-refused" | "connection-failed" | "connect-timeout" | "tls-failed" | "proxy-failed" | "connection-reset" | "response-timeout" | "malformed-response" | "response-headers-too-large" | "process-ended") | null;
            id: string;
            msg: components["schemas"]["MessageOut"] | null;
            msgId: string;
            number: number;
            /** @enum {string} */
            outcome: "delivered" | "rejected" | "not-sent" | "unknown";
            phases: {
                connectMs: number | null;
                dnsMs: number | null;
                firstByteMs: number | null;
                queueMs: number;
                reused: boolean;
                tlsMs: number | null;
                totalMs: number;
            };
            request: {
                /** @description Without what HTTP adds; values that are secret are masked. */
                headers: {
                    [key: string]: string;
                };
                url: string | null;
            };
            response: string;
            responseDurationMs: number;
            responseHeaders: string[][] | null;
            responseStatusCode: number;
            /**
             * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
             * @enum {integer}
             */
            status: 0 | 1 | 2 | 3 | 4;
            /** @enum {string} */
            statusText: "success" | "pending" | "fail" | "sending" | "canceled";
            /** Format: date-time */
            timestamp: string;
            /** @enum {string} */
            trigger: "schedule" | "manual" | "replay" | "probe";
            /**
             * @description 0 scheduled, 1 manual.
             * @enum {integer}
             */
            triggerType: 0 | 1;
            truncated: boolean;
            url: string;
            worker: string;
        };
        MessageEndpointOut: {
            /** @description When the endpoint's queue was last looked at, where that counts. */
            asOf: string | null;
            attempts: number;
            channels: string[] | null;
            /** Format: date-time */
            createdAt: string;
            deliveryId: string;
            description: string;
            disabled: boolean;
            endedAt: string | null;
            eventTypes: string[] | null;
            filter: string | null;
            /** @deprecated */
            filterTypes: string[] | null;
            id: string;
            metadata: {
                [key: string]: string;
            };
            nextAttempt: string | null;
            options: {
                code: string;
                text: string;
            }[];
            paused: boolean;
            /** @deprecated */
            rateLimit: number | null;
            /** @description See docs/reasons.md. */
            reason: string;
            reasonText: string;
            resendOf: string | null;
            /** @description What chose the next time. */
            rule: ("publish" | "deliver-at" | "schedule" | "retry-after" | "manual") | null;
            /** @enum {string} */
            state: "scheduled" | "held" | "succeeded" | "failed" | "discarded";
            /**
             * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
             * @enum {integer}
             */
            status: 0 | 1 | 2 | 3 | 4;
            /** @enum {string} */
            statusText: "success" | "pending" | "fail" | "sending" | "canceled";
            throttleRate: number | null;
            uid: string | null;
            /** Format: date-time */
            updatedAt: string;
            url: string;
            /**
             * @deprecated
             * @description Always 1.
             */
            version: number;
        };
        MessageIn: {
            /** @description Created when the application in the path does not exist. */
            application?: components["schemas"]["ApplicationIn"] | null;
            channels?: string[] | null;
            deliverAt?: string | null;
            eventId?: string | null;
            eventType: string;
            /**
             * Format: date-time
             * @description What is not delivered by then is discarded. Not part of Svix's API.
             */
            expiresAt?: string | null;
            payload: {
                [key: string]: unknown;
            };
            /** @description Days that the message and its history are kept. */
            payloadRetentionPeriod?: number | null;
            tags?: string[] | null;
            transformationsParams?: {
                /** @description Sent with the deliveries, `content-type` among them. */
                headers?: {
                    [key: string]: string;
                };
                /** @description The body of the deliveries, in place of the payload. */
                rawPayload?: string;
            } | null;
        };
        MessageOut: {
            channels: string[] | null;
            deliverAt: string | null;
            eventId: string | null;
            eventType: string;
            expiresAt: string | null;
            id: string;
            payload: {
                [key: string]: unknown;
            };
            tags: string[] | null;
            /** Format: date-time */
            timestamp: string;
        };
        MessagePrecheckIn: {
            channels?: string[] | null;
            eventType: string;
        };
        MessagePrecheckOut: {
            active: boolean;
        };
        MessageRoutingOut: {
            configVersion: number;
            data: components["schemas"]["RoutedEndpointOut"][];
        };
        PartitionOut: {
            /** @description For how long the earliest has been due that is neither paused nor held by a breaker; of the first 250 endpoints. 0: none is due. */
            behindMs: number;
            /** @description How many times it was taken. */
            epoch: number;
            /** @description There are more than `waiting` says. */
            moreWaiting: boolean;
            /** @description `null`: nobody has it, or one of a version that does not say. */
            ownedSince: string | null;
            /** @description The name of the process that has it; `null`: nobody. */
            owner: string | null;
            partition: number;
            /** @description Deliveries that wait, due or not, counted to 1000. */
            waiting: number;
        };
        ProcessOut: {
            alive: boolean;
            /** @description Where it runs, and its pid; as in `worker` elsewhere. */
            name: string;
            /**
             * Format: date-time
             * @description When it was last heard of.
             */
            renewedAt: string;
            roles: ("api" | "worker")[];
            /** @description Its place among the processes of the store. */
            slot: number;
            /** Format: date-time */
            startedAt: string;
            /** @description `null`: of a version that does not say. */
            version: string | null;
        };
        RoutedEndpointOut: {
            channels: string[] | null;
            endpointId: string;
            eventTypes: string[] | null;
            filter: string | null;
            matched: boolean;
            text: string;
            uid: string | null;
            url: string;
            verdict: string;
        };
        SourceDedupeIn: {
            /** @constant */
            kind: "event-id";
            /** @description How long an event is known again. 259200 (3 days) unless told. */
            windowSeconds?: number;
        } | {
            fields: string[];
            /** @constant */
            kind: "fields";
            /** @description How long an event is known again. 259200 (3 days) unless told. */
            windowSeconds?: number;
        } | {
            /** @constant */
            kind: "none";
        };
        SourceIn: {
            /** @description The id or the uid. */
            applicationId: string;
            dedupe?: components["schemas"]["SourceDedupeIn"];
            /**
             * @description `resign`: signed anew in the provider's scheme at each attempt, so that late ones are not too old.
             * @enum {string}
             */
            forwarding?: "as-received" | "resign";
            /** @description The largest body; the server's limit unless told. */
            maxBodyBytes?: number | null;
            metadata?: {
                [key: string]: string;
            };
            name: string;
            /** @description The provider, see GET /api/v1/source-scheme. */
            scheme: string;
            schemeConfig?: {
                [key: string]: string;
            };
            /** @description What the provider signs with; it can be given later, too. */
            secret?: string | null;
            throttleRate?: number | null;
            /** @description How old or new a signed time may be; the scheme's own unless told. */
            toleranceSeconds?: number | null;
        };
        SourceOut: {
            applicationId: string;
            /** Format: date-time */
            createdAt: string;
            dedupe: {
                fields?: string[];
                /** @enum {string} */
                kind: "event-id" | "fields" | "none";
                windowSeconds?: number;
            };
            /**
             * @description `resign`: signed anew in the provider's scheme at each attempt, so that late ones are not too old.
             * @enum {string}
             */
            forwarding: "as-received" | "resign";
            id: string;
            maxBodyBytes: number | null;
            metadata: {
                [key: string]: string;
            };
            name: string;
            paused: boolean;
            scheme: string;
            schemeConfig: {
                [key: string]: string;
            };
            /** @description Those in force, the newest first, without their texts. */
            secrets: {
                /** Format: date-time */
                createdAt: string;
                expiresAt: string | null;
            }[];
            throttleRate: number | null;
            toleranceSeconds: number | null;
            /** Format: date-time */
            updatedAt: string;
            /** @description Where the provider sends to: a secret, its token is in it. */
            url: string;
        };
        SourcePatch: {
            dedupe?: components["schemas"]["SourceDedupeIn"];
            /**
             * @description `resign`: signed anew in the provider's scheme at each attempt, so that late ones are not too old.
             * @enum {string}
             */
            forwarding?: "as-received" | "resign";
            /** @description The largest body; the server's limit unless told. */
            maxBodyBytes?: number | null;
            metadata?: {
                [key: string]: string;
            };
            name?: string;
            /** @description The provider, see GET /api/v1/source-scheme. */
            scheme?: string;
            schemeConfig?: {
                [key: string]: string;
            };
            throttleRate?: number | null;
            /** @description How old or new a signed time may be; the scheme's own unless told. */
            toleranceSeconds?: number | null;
        };
        SourceRequestOut: {
            bodyBytes: number;
            contentType: string | null;
            detail: string | null;
            /** @description The known mistake that fits. */
            diagnosis: string | null;
            duplicateOf: string | null;
            eventId: string | null;
            /** @description The provider's own, as it came. */
            eventType: string | null;
            /** @description Secrets masked. Null for what became a message, see its attempts. */
            headers: {
                [key: string]: string;
            } | null;
            id: string;
            /** @description Until then it can be verified again. */
            keptUntil: string | null;
            method: string;
            /** @description What it became, or what the request became that it repeats. */
            msgId: string | null;
            options: {
                code: string;
                text: string;
            }[];
            /** @enum {string} */
            outcome: "accepted" | "duplicate" | "handshake" | "rejected";
            /** @description See docs/reasons.md. */
            reason: string;
            reasonText: string;
            /** @description Further requests like this one that have no row of their own. */
            repeats: number;
            responseStatusCode: number;
            sourceId: string;
            /** Format: date-time */
            timestamp: string;
        };
        SourceSchemeListOut: {
            data: components["schemas"]["SourceSchemeOut"][];
        };
        SourceSchemeOut: {
            answerWithinMs: number | null;
            config: {
                name: string;
                required: boolean;
                what: string;
            }[];
            docs: string;
            /** @description Each request names its certificate, which is fetched: no secret is needed. */
            fetchesKey: boolean;
            name: string;
            retries: string | null;
            signsBody: boolean;
            title: string;
            toleranceSeconds: number | null;
            /** @description Facts that were not confirmed with the service or its library. */
            unconfirmed: string[];
        };
        SourceSecretOut: {
            key: string | null;
        };
        SourceSecretRotateIn: {
            /** @description How long what was in force stays so; 86400 unless told. */
            gracePeriodSeconds?: number | null;
            key: string;
        };
        SourceTokenRotateIn: {
            /** @description How long what was in force stays so; 86400 unless told. */
            gracePeriodSeconds?: number | null;
        };
        UnhealthyOut: {
            code: string;
            detail: string;
            parts: {
                /** @description `null`: this process has not the role `worker`; others deliver. */
                dispatcher: {
                    detail: string | null;
                    working: boolean;
                } | null;
                store: {
                    detail: string | null;
                    working: boolean;
                };
            };
        };
        WorkersOut: {
            partitions: components["schemas"]["PartitionOut"][];
            processes: components["schemas"]["ProcessOut"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "v1.api-key.list": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_ApiKeyOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.api-key.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyIn"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreatedOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.api-key.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.list": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_ApplicationOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.create": {
        parameters: {
            query?: {
                get_if_exists?: boolean;
            };
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.application.patch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationPatch"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.list-by-endpoint": {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                channel?: string;
                /** @description Only these event types, comma-separated. */
                event_types?: string[];
                expanded_statuses?: boolean;
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                status?: 0 | 1 | 2 | 3 | 4;
                status_code_class?: 0 | 100 | 200 | 300 | 400 | 500;
                tag?: string;
                with_content?: boolean;
                with_msg?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_MessageAttemptOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.list-by-msg": {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                channel?: string;
                endpoint_id?: string;
                /** @description Only these event types, comma-separated. */
                event_types?: string[];
                expanded_statuses?: boolean;
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                status?: 0 | 1 | 2 | 3 | 4;
                status_code_class?: 0 | 100 | 200 | 300 | 400 | 500;
                tag?: string;
                with_content?: boolean;
                with_msg?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_MessageAttemptOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.list": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_EndpointOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointIn"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointUpdate"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.patch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointPatch"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.list-events": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_EndpointEventOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.get-headers": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointHeadersOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.update-headers": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointHeadersIn"];
            };
        };
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.patch-headers": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointHeadersPatchIn"];
            };
        };
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.get-lane": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointLaneOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.list-attempted-messages": {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                channel?: string;
                /** @description Only these event types, comma-separated. */
                event_types?: string[];
                expanded_statuses?: boolean;
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                status?: 0 | 1 | 2 | 3 | 4;
                tag?: string;
                with_content?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_EndpointMessageOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.pause": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.list-revisions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointRevisions"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.get-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointSecretOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.rotate-secret": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointSecretRotateIn"];
            };
        };
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.send-example": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventExampleIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.endpoint.get-stats": {
        parameters: {
            query?: {
                since?: string;
                until?: string;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the uid. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointStats"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.list": {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                channel?: string;
                /** @description Only these event types, comma-separated. */
                event_types?: string[];
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                tag?: string;
                with_content?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_MessageOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.create": {
        parameters: {
            query?: {
                with_content?: boolean;
            };
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageIn"];
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.get": {
        parameters: {
            query?: {
                with_content?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.get": {
        parameters: {
            query?: {
                expanded_statuses?: boolean;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                attempt_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAttemptOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.expunge-content": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                attempt_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.expunge-content": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.list-attempted-destinations": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_MessageEndpointOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message-attempt.resend": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
                endpoint_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmptyResponse"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.explain-routing": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the uid. */
                app_id: string;
                /** @description The id or the eventId. */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageRoutingOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.message.precheck": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id or the uid. */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessagePrecheckIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePrecheckOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.list": {
        parameters: {
            query?: {
                include_archived?: boolean;
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
                with_content?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_EventTypeOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeIn"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeUpdate"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.delete": {
        parameters: {
            query?: {
                expunge?: boolean;
            };
            header?: never;
            path: {
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.patch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypePatch"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.event-type.import-openapi": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeImportOpenApiIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeImportOpenApiOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.health.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            /** @description Default Response */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnhealthyOut"];
                };
            };
        };
    };
    "v1.health.ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "v1.source.list": {
        parameters: {
            query?: {
                /** @description The id or the uid. */
                application_id?: string;
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_SourceOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceIn"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.list-schemes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceSchemeListOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.patch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourcePatch"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.pause": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source-request.list": {
        parameters: {
            query?: {
                /** @description `iterator` or `prevIterator` of an earlier page. */
                iterator?: string;
                /** @description How many to return at most. */
                limit?: number;
                /** @description The order of creation, or of names. */
                order?: "ascending" | "descending";
                outcome?: "accepted" | "duplicate" | "handshake" | "rejected";
            };
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResponse_SourceRequestOut_"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source-request.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRequestOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source-request.retry-verification": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                request_id: string;
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRequestOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.get-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceSecretOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.rotate-secret": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceSecretRotateIn"];
            };
        };
        responses: {
            /** @description Done; no content. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.source.rotate-token": {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key is carried out once, for 24 h. */
                "idempotency-key"?: string;
            };
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceTokenRotateIn"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It conflicts with what is there. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The payload, or the body, is larger than the limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
    "v1.workers.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkersOut"];
                };
            };
            /** @description The request, or its path, cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The API key may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description What the path names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description The request's content is at fault. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description An unexpected fault of the server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
            /** @description It cannot be done now; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HttpErrorOut"];
                };
            };
        };
    };
}
