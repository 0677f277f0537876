import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

const engine = new URL("../../src/adapters/sqlite/engine.ts", import.meta.url).href;

/** Loads what the store's thread loads, and says whether Node needed its type stripper for it. */
async function stripsTypes(): Promise<unknown> {
  const probe = `import(${JSON.stringify(engine)}).then(() =>
    require("node:worker_threads").parentPort.postMessage(
      process.moduleLoadList.some((name) => name.includes("/amaro/"))))`;
  const worker = new Worker(probe, { eval: true });
  const [[stripped]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  return stripped;
}

// One thread after another in the stripper can end the process: see `env` in vitest.config.ts.
test("only the first thread on changed sources strips types", async () => {
  await stripsTypes();
  expect(await stripsTypes()).toBe(false);
});
