import { describe } from "vitest";
import { describeApplications } from "./applications.ts";
import { describeDispatch } from "./dispatch.ts";
import { describeEndpoints } from "./endpoints.ts";
import type { OpenStore } from "./fixtures.ts";
import { describeMessages } from "./messages.ts";
import { describeSources } from "./sources.ts";
import { describeWorkers } from "./workers.ts";

/** The behaviour that every store has. Each adapter's test file calls this with its own `open`. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`${name} as a Store`, () => {
    describeApplications(open);
    describeEndpoints(open);
    describeMessages(open);
    describeSources(open);
    describeDispatch(open);
    describeWorkers(open);
  });
}
