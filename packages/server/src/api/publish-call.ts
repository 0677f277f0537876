import type { Application } from "../domain/application.ts";
import type { MessageId } from "../domain/ids.ts";
import type { Draft } from "../domain/draft.ts";
import type { SchemaFault } from "../ports/message-planner.ts";
import type { Published } from "../publish/publish-message.ts";
import { callerOf, type Call } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import { draftOf } from "./draft.ts";
import { repeatedAnswer, type JsonAnswer } from "./idempotency.ts";
import { applicationRef } from "./lookup.ts";
import { ApiProblem, InvalidRequest, invalidBody } from "./problems.ts";
import { newApplication, uidFromPath } from "./routes/applications.ts";
import { showMessage, type MessageIn } from "./schemas/message.ts";

/** A call that publishes, its body validated. */
export interface PublishCall {
  readonly call: Call;
  /** The application, as the path names it. */
  readonly name: string;
  readonly body: MessageIn;
  readonly withContent: boolean;
}

/** Publishes, and answers with the message, or with the one that the same key published before. */
export function publishCall(context: ApiContext, asked: PublishCall): Promise<JsonAnswer> {
  const { body, call, withContent } = asked;
  return context.idempotency.run(call, async (remember) => {
    if (call.rawBody === null) throw new Error("a body was validated and its bytes are not there");
    const draft = draftOf(context, body, call.rawBody);
    const application = await applicationFor(context, asked, draft);
    const published = await context.publishMessage(application, draft, {
      remember: (message) => remember({ kind: "message", status: 202, message }),
    });
    return answerPublished(context, published, { application, withContent, status: 202 });
  });
}

export async function answerPublished(
  context: ApiContext,
  published: Published,
  how: {
    readonly application: Application;
    readonly withContent: boolean;
    readonly status: number;
  },
): Promise<JsonAnswer> {
  const { application, withContent, status } = how;
  switch (published.kind) {
    case "published":
      return { status, json: showMessage(context.codec, published.message, withContent) };
    case "schema-violated":
      throw schemaViolation(published.faults);
    case "event-id-taken":
      throw new ApiProblem("event_id_taken", eventIdTaken(context, published.by));
    case "application-not-found":
      throw new ApiProblem("application_not_found");
    case "repeated":
    case "key-reused":
      return repeatedAnswer(published, (id) => showFirst(context, application, id, withContent));
  }
}

function schemaViolation(faults: readonly SchemaFault[]): InvalidRequest {
  const issues = faults.map(({ path, message }) => ({
    loc: ["body", "payload", ...pointerSteps(path)],
    msg: message,
    type: "value_error.schema",
  }));
  return new InvalidRequest(issues, "schema_violation");
}

function eventIdTaken(context: ApiContext, by: MessageId): string {
  return `The message ${context.codec.format("message", by)} has this eventId.`;
}

async function showFirst(
  context: ApiContext,
  application: Application,
  id: MessageId,
  withContent: boolean,
): Promise<string> {
  const first = await context.store.findMessage(application.id, { kind: "id", id });
  if (first === undefined) throw new ApiProblem("message_not_found");
  return showMessage(context.codec, first, withContent);
}

/** RFC 6901. */
function pointerSteps(pointer: string): readonly string[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The application of the path; made out of the body's when there is none. */
async function applicationFor(
  context: ApiContext,
  { body, call, name }: PublishCall,
  draft: Draft,
): Promise<Application> {
  if (body.application == null || callerOf(call).scope.kind !== "admin") {
    return context.lookup.application(call, name);
  }
  const found = await context.configuration.application(applicationRef(context.codec, name));
  if (found !== undefined) return found;
  const uid = uidFromPath(context, name);
  if (body.application.uid != null && body.application.uid !== uid) {
    throw invalidBody(["application", "uid"], "must be the uid in the path");
  }
  await refuseViolation(context, draft);
  const application = newApplication(context, { ...body.application, uid });
  const result = await context.store.createApplication(application);
  switch (result.kind) {
    case "created":
      return application;
    case "uid-taken":
      return result.by;
    case "repeated":
    case "key-reused":
      throw new Error("an idempotency key was answered that was not given");
  }
}

/** Publishing asks again, but then the application of a message that is refused would be there. */
async function refuseViolation(context: ApiContext, draft: Draft): Promise<void> {
  const schemaText = await context.configuration.enforcedSchema(draft.eventType);
  const verdict = schemaText === null ? null : context.schemas.check(schemaText, draft.payload);
  if (verdict?.kind === "invalid") throw schemaViolation(verdict.faults);
}
