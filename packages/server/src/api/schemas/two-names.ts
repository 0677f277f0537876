import type { z } from "zod";

/**
 * The wire contract renamed fields, and both names are taken. Given both, they must say the same:
 * which of two differing ones was meant cannot be known.
 */
export function agree<Newer extends string, Older extends string>(newer: Newer, older: Older) {
  return (
    value: { readonly [K in Newer | Older]?: unknown },
    context: z.core.$RefinementCtx,
  ): void => {
    const [a, b] = [value[newer], value[older]];
    if (a === undefined || b === undefined || JSON.stringify(a) === JSON.stringify(b)) return;
    context.addIssue({
      code: "custom",
      path: [older],
      message: `is the old name of ${newer}, and differs from it: send one of them`,
    });
  };
}

/** What was given under either name. */
export function either<T>(newer: T | undefined, older: T | undefined): T | undefined {
  return newer === undefined ? older : newer;
}
