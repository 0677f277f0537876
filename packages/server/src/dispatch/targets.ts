import type { EndpointId } from "../domain/ids.ts";
import type { DispatchStore, Target } from "../ports/dispatch-store.ts";

const perRead = 500;

/** Looks targets up, many in one read. */
export interface TargetLoader {
  load(endpoint: EndpointId): void;
}

export function createTargetLoader(
  store: Pick<DispatchStore, "targets">,
  loaded: (endpoint: EndpointId, target: Target | undefined) => void,
  guard: (what: string, read: () => Promise<void>) => Promise<boolean>,
): TargetLoader {
  const wanted = new Set<EndpointId>();
  let loading = false;

  async function run(): Promise<void> {
    loading = true;
    while (wanted.size > 0) {
      const some = [...wanted].slice(0, perRead);
      const done = await guard("targets", async () => {
        const targets = await store.targets(some);
        const byEndpoint = new Map(targets.map((target) => [target.endpoint, target]));
        for (const endpoint of some) {
          wanted.delete(endpoint);
          loaded(endpoint, byEndpoint.get(endpoint));
        }
      });
      if (!done) break;
    }
    loading = false;
  }

  return {
    load(endpoint) {
      wanted.add(endpoint);
      if (!loading) {
        loading = true;
        // The lanes that ask in this turn of the event loop share one read.
        queueMicrotask(() => void run());
      }
    },
  };
}
