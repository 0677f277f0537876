import { describe, expect, test } from "vitest";
import { judgeAttempt } from "./judge-attempt.ts";
import { errorClasses } from "./outcome.ts";
import type { ErrorClass } from "./outcome.ts";

const rejected = (status: number): string => {
  const judged = judgeAttempt({ outcome: "rejected", errorClass: null, status });
  return judged.kind === "trouble" && judged.overloaded ? "overloaded" : judged.kind;
};

describe("an answer", () => {
  test("of 2xx is a success", () => {
    const judged = judgeAttempt({ outcome: "delivered", errorClass: null, status: 200 });
    expect(judged).toEqual({ kind: "success" });
  });

  test.each([301, 302, 308, 401, 403, 404, 405, 500, 501, 599])("of %i is trouble", (status) => {
    expect(rejected(status)).toBe("trouble");
  });

  test.each([429, 502, 503, 504])("of %i asks for fewer requests", (status) => {
    expect(rejected(status)).toBe("overloaded");
  });

  test.each([400, 406, 409, 413, 415, 422, 451])("of %i is about the message", (status) => {
    expect(rejected(status)).toBe("answered");
  });

  test("of 410 asks to be left alone", () => {
    expect(rejected(410)).toBe("gone");
  });
});

describe("no answer", () => {
  const judged = (errorClass: ErrorClass): string => {
    const result = judgeAttempt({ outcome: "unknown", errorClass, status: null });
    return result.kind === "trouble" && result.overloaded ? "overloaded" : result.kind;
  };

  test("is the endpoint's trouble, unless this process ended it", () => {
    const others = errorClasses.filter((cls) => judged(cls) !== "trouble");
    expect(others).toEqual(["connect-timeout", "response-timeout", "process-ended"]);
    expect(judged("response-timeout")).toBe("overloaded");
    expect(judged("process-ended")).toBe("no-word");
  });

  test("because the request could not be made says nothing about the endpoint", () => {
    const result = judgeAttempt({ outcome: "not-sent", errorClass: null, status: null });
    expect(result).toEqual({ kind: "no-word" });
  });
});
