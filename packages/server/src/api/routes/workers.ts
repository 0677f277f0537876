import type { Api } from "../api.ts";
import type { ApiContext } from "../context.ts";
import { commonErrors } from "../schemas/common.ts";
import { showWorkers, workersOut } from "../schemas/worker.ts";

/** Who delivers, and how far each partition has come. */
export function workerRoutes(api: Api, context: ApiContext): void {
  api.get(
    "/workers",
    {
      config: { access: "admin" },
      schema: {
        tags: ["Workers"],
        operationId: "v1.workers.get",
        summary: "List the processes of the store, and who has each partition, since when, how far",
        response: { 200: workersOut, ...commonErrors },
      },
    },
    async () => showWorkers(await context.store.listWorkers(), context.now()),
  );
}
