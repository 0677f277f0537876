import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CallName } from "../../src/adapters/sqlite/protocol.ts";
import { Maker, t0 } from "../conformance/fixtures.ts";
import { openEngine } from "./engine-kit.ts";

describe("what is written in one transaction", () => {
  let opened: ReturnType<typeof openEngine>;
  let maker: Maker;
  beforeEach(() => {
    maker = new Maker();
    opened = openEngine();
  });
  afterEach(() => opened.close());

  function flush(...works: { readonly name: CallName; readonly args: readonly unknown[] }[]) {
    const { results } = opened.engine.flush(works);
    return results.map((result) => (result.kind === "value" ? result.value : result.error));
  }
  function home() {
    const application = maker.application();
    opened.ask("createApplication", application);
    return application.id;
  }
  const publish = (application: ReturnType<typeof home>) => ({
    name: "publish" as const,
    args: [maker.publication(application, [])],
  });

  test("an application is looked up once, however many publish into it", () => {
    const [first, second] = [home(), home()];
    let lookups = 0;
    opened.watch.before = (sql) => {
      if (sql.startsWith("SELECT 1 AS one FROM applications")) lookups += 1;
    };
    const published = { kind: "published" };
    const works = [first, second, first, second, first].map(publish);
    expect(flush(...works)).toEqual(works.map(() => published));
    expect(lookups).toBe(2);
    expect(flush(publish(first))).toEqual([published]);
    expect(lookups).toBe(3);
  });

  test("what comes behind the deletion of its application is refused", () => {
    const application = home();
    const remove = {
      name: "deleteApplication" as const,
      args: [application, { kind: "admin" }, t0],
    };
    expect(flush(publish(application), remove, publish(application))).toEqual([
      { kind: "published" },
      "deleted",
      { kind: "application-not-found" },
    ]);
    expect(flush(publish(application))).toEqual([{ kind: "application-not-found" }]);
  });
});
