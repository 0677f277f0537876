import { z } from "zod";
import type { Api } from "../api.ts";
import type { PartHealth } from "../api-parts.ts";
import type { ApiContext } from "../context.ts";
import { problemOf } from "../error-handler.ts";
import { nothing } from "../schemas/common.ts";

const part = z.object({ working: z.boolean(), detail: z.string().nullable() });
const parts = z.object({
  store: part,
  dispatcher: part.nullable().meta({
    description: "`null`: this process has not the role `worker`; others deliver.",
  }),
});

const healthy = z.object({ status: z.literal("ok"), parts }).meta({ id: "HealthOut" });
const unhealthy = z
  .object({ code: z.string(), detail: z.string(), parts })
  .meta({ id: "UnhealthyOut" });

type Present = Exclude<PartHealth, { readonly kind: "elsewhere" }>;
const working: Present = { kind: "working" };

export function healthRoutes(api: Api, context: ApiContext): void {
  const checkStore = createStoreCheck(context);

  api.get(
    "/health",
    {
      exposeHeadRoute: true,
      config: { access: "public" },
      schema: {
        tags: ["Health"],
        operationId: "v1.health.get",
        summary: "Say whether messages are taken and delivered: the store is written to",
        security: [],
        response: { 200: healthy, 503: unhealthy },
      },
    },
    async (_request, reply) => {
      const store = await checkStore();
      const dispatcher: PartHealth = context.dispatcherHealth?.() ?? working;
      const parts = {
        store: showPart(store),
        dispatcher: dispatcher.kind === "elsewhere" ? null : showPart(dispatcher),
      };
      const failing = Object.entries(parts).filter(([, each]) => each?.working === false);
      if (failing.length === 0) return { status: "ok" as const, parts };
      const detail = failing
        .map(([name, each]) => `${name}: ${each?.detail ?? "failing"}`)
        .join(" ");
      reply.header("retry-after", "1");
      return reply.code(503).send({ code: "unhealthy", detail, parts });
    },
  );

  api.get(
    "/health/ping",
    {
      exposeHeadRoute: true,
      config: { access: "public" },
      schema: {
        tags: ["Health"],
        operationId: "v1.health.ping",
        summary: "Say whether the process answers",
        security: [],
        response: { 204: nothing },
      },
    },
    async (_request, reply) => reply.code(204).send(null),
  );
}

/** A check syncs the disk, and anyone may ask: those who ask meanwhile share one. */
function createStoreCheck(context: ApiContext): () => Promise<Present> {
  let running: Promise<Present> | undefined;
  async function check(): Promise<Present> {
    try {
      await context.store.check();
      return working;
    } catch (error) {
      context.log.error({ err: error }, "the store's check failed");
      return { kind: "failing", detail: problemOf(error).message };
    }
  }
  return () =>
    (running ??= check().finally(() => {
      running = undefined;
    }));
}

function showPart(health: Present): z.output<typeof part> {
  switch (health.kind) {
    case "working":
      return { working: true, detail: null };
    case "failing":
      return { working: false, detail: health.detail };
  }
}
