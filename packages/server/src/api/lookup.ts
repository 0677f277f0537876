import type { Application } from "../domain/application.ts";
import type { Endpoint } from "../domain/endpoint.ts";
import type { IdCodec } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import type { ApplicationRef } from "../ports/application-store.ts";
import type { EndpointRef } from "../ports/endpoint-store.ts";
import type { MessageRef } from "../ports/message-store.ts";
import type { Store } from "../ports/store.ts";
import type { Configuration } from "../publish/configuration.ts";
import { callerOf, type Call } from "./auth.ts";
import { ApiProblem } from "./problems.ts";

/** Finds what a path names, by id or by the caller's own uid, within what the caller may see. */
export interface Lookup {
  application(call: Pick<Call, "caller">, name: string): Promise<Application>;
  endpoint(application: Application, name: string): Promise<Endpoint>;
  /** Also a deleted one by its id, for its history. Its uid may be another endpoint's by now. */
  endpointEver(application: Application, name: string): Promise<Endpoint>;
  message(application: Application, name: string): Promise<Message>;
}

export function createLookup(
  store: Pick<Store, "findEndpoint" | "findEndpointEver" | "findMessage">,
  configuration: Configuration,
  codec: IdCodec,
): Lookup {
  return {
    async application(call, name) {
      const found = await configuration.application(applicationRef(codec, name));
      // Another application's key learns nothing, not even that this one exists.
      if (found === undefined || !mayUse(call, found)) {
        throw new ApiProblem("application_not_found");
      }
      return found;
    },
    async endpoint(application, name) {
      const found = await store.findEndpoint(application.id, endpointRef(codec, name));
      if (found === undefined) throw new ApiProblem("endpoint_not_found");
      return found;
    },
    async endpointEver(application, name) {
      const ref = endpointRef(codec, name);
      const found =
        ref.kind === "id"
          ? await store.findEndpointEver(application.id, ref.id)
          : await store.findEndpoint(application.id, ref);
      if (found === undefined) throw new ApiProblem("endpoint_not_found");
      return found;
    },
    async message(application, name) {
      const found = await store.findMessage(application.id, messageRef(codec, name));
      if (found === undefined) throw new ApiProblem("message_not_found");
      return found;
    },
  };
}

function mayUse(call: Pick<Call, "caller">, application: Application): boolean {
  const { scope } = callerOf(call);
  return scope.kind === "admin" || scope.application === application.id;
}

export function applicationRef(codec: IdCodec, name: string): ApplicationRef {
  const id = codec.parse("application", name);
  return id === undefined ? { kind: "uid", uid: name } : { kind: "id", id };
}

export function endpointRef(codec: IdCodec, name: string): EndpointRef {
  const id = codec.parse("endpoint", name);
  return id === undefined ? { kind: "uid", uid: name } : { kind: "id", id };
}

function messageRef(codec: IdCodec, name: string): MessageRef {
  const id = codec.parse("message", name);
  return id === undefined ? { kind: "event-id", eventId: name } : { kind: "id", id };
}
