import { describe, expect, test } from "vitest";
import { createBudget } from "./budget.ts";

describe("the budget of bodies", () => {
  test("leaves room for unproven lanes beside slow ones, and for fast ones beside both", () => {
    const budget = createBudget(1000);
    expect(budget.room("slow")).toBe(600);
    budget.change("slow", 600);
    expect(budget.room("slow")).toBe(0);
    expect(budget.room("unproven")).toBe(300);
    budget.change("unproven", 300);
    expect(budget.room("unproven")).toBe(0);
    expect(budget.room("fast")).toBe(100);
  });

  test("lets fast lanes have all, and then nobody more", () => {
    const budget = createBudget(1000);
    budget.change("fast", 1000);
    expect([budget.room("slow"), budget.room("unproven"), budget.room("fast")]).toEqual([0, 0, 0]);
    budget.change("fast", -400);
    expect(budget.room("unproven")).toBe(400);
    expect(budget.held()).toBe(600);
  });
});
