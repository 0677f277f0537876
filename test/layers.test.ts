import { cruise, type IFlattenedRuleSet, type ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";

/**
 * The layers of ARCHITECTURE.md. dependency-cruiser passes when it sees nothing (an unknown
 * TypeScript without a parser), so the count of what it saw is part of the test.
 */
const server = "^packages/server/src/";
const below: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  publish: ["ports", "domain"],
  ingest: ["ports", "domain"],
  operate: ["ports", "domain"],
  dispatch: ["ports", "domain"],
  adapters: ["ports", "domain"],
  api: ["publish", "ingest", "operate", "ports", "domain"],
  app: ["api", "publish", "ingest", "operate", "dispatch", "adapters", "ports", "domain"],
  cli: ["app"],
};

const rules: IFlattenedRuleSet = {
  forbidden: [
    ...Object.entries(below).map(([layer, allowed]) => ({
      name: `${layer}-imports-downwards`,
      severity: "error" as const,
      from: { path: `${server}${layer}/` },
      to: { path: server, pathNot: `${server}(${[layer, ...allowed].join("|")})/` },
    })),
    {
      name: "domain-is-pure",
      severity: "error",
      from: { path: `${server}domain/`, pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "receiver-and-client-stand-alone",
      severity: "error",
      from: {
        path: "^packages/(receiver|client)/src/",
        pathNot: "(\\.test\\.ts$|^packages/receiver/src/conformance/)",
      },
      to: { pathNot: "^packages/(receiver|client)/src/(?!conformance/)" },
    },
    {
      // A program for Node that uses the library; the library stays free of Node, and of it.
      name: "conformance-needs-node-alone",
      severity: "error",
      from: { path: "^packages/receiver/src/conformance/" },
      to: { pathNot: "^packages/receiver/src/", dependencyTypesNot: ["core"] },
    },
    {
      name: "adapters-do-not-know-each-other",
      severity: "error",
      from: { path: `${server}adapters/(http|sqlite|postgres|crypto)/` },
      to: {
        path: `${server}adapters/(http|sqlite|postgres|crypto)/`,
        pathNot: `${server}adapters/$1/`,
      },
    },
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "sources-do-not-import-tests",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: "\\.test\\.ts$" },
      to: { path: "(\\.test\\.ts$|^packages/[^/]+/test/)" },
    },
  ],
};

async function look(ruleSet: IFlattenedRuleSet): Promise<ICruiseResult> {
  const { output } = await cruise(["packages"], {
    ruleSet,
    validate: true,
    tsPreCompilationDeps: true,
    parser: "swc",
    exclude: { path: "node_modules|/dist/" },
    enhancedResolveOptions: { conditionNames: ["@posthorn/source", "import", "default"] },
  });
  if (typeof output === "string") throw new Error("expected a result, not a report");
  return output;
}

test("every layer imports downwards only, and nothing in a circle", async () => {
  const result = await look(rules);
  expect(
    result.summary.violations.map((each) => `${each.rule.name}: ${each.from} -> ${each.to}`),
  ).toEqual([]);
  expect(result.summary.totalCruised).toBeGreaterThan(100);
  expect(result.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(200);
  console.log(
    `${result.summary.totalCruised} modules and ${result.summary.totalDependenciesCruised} dependencies seen`,
  );
});

test("the check sees a violation when there is one", async () => {
  const result = await look({
    forbidden: [
      {
        name: "ports-import-domain",
        severity: "error",
        from: { path: `${server}ports/` },
        to: { path: `${server}domain/` },
      },
    ],
  });
  expect(result.summary.violations.length).toBeGreaterThan(5);
});
