/**
 * Matches a regular expression in time proportional to the text, whatever the expression is
 * (Thompson's simulation: all the ways to match go forward together, none is tried again). The
 * engine of the language backtracks: `^(a+)+$` holds it for minutes over forty characters, and
 * the text comes from whoever caused the event.
 */
import { parsePattern, PatternError } from "./parse-pattern.ts";
import type { Assertion, PatternNode } from "./parse-pattern.ts";

type OneMatcher = (codePoint: number) => boolean;

type Instruction =
  | { readonly kind: "one"; readonly matches: OneMatcher }
  | { readonly kind: "assert"; readonly that: Assertion }
  /** Goes on at each of these. */
  | { readonly kind: "fork"; readonly to: number[] }
  | { readonly kind: "match" };

/** What a check may still cost, shared by all its patterns; one step is some nanoseconds. */
export interface StepBudget {
  left: number;
}

/** The budget is used up. */
export class StepsExceededError extends Error {}

export function spend(budget: StepBudget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) {
    throw new StepsExceededError("the payload costs too much to hold to the schema");
  }
}

export interface LinearPattern {
  /** Whether the pattern matches anywhere in `text`, as `RegExp.prototype.test` has it. */
  test(text: string): boolean;
}

/** Throws a `PatternError` when the pattern is wrong, not supported or too large. */
export function compilePattern(pattern: string, budget: StepBudget): LinearPattern {
  const program = compile(parsePattern(pattern));
  // When each instruction was last reached: a position counted over all texts, so never reset.
  const reachedAt = new Float64Array(program.length);
  let position = 0;

  return {
    test(text) {
      let waiting: number[] = [0];
      let before: number | undefined;
      let at = 0;
      for (;;) {
        const next = text.codePointAt(at);
        position += 1;
        const here = { program, reachedAt, position, budget, before, next };
        const reached = follow(here, waiting);
        if (reached === "match") return true;
        if (next === undefined) return false;
        waiting = reached.filter((pc) => matchesAt(program, pc, next)).map((pc) => pc + 1);
        // A match may start at each position.
        waiting.push(0);
        before = next;
        at += next > 0xffff ? 2 : 1;
      }
    },
  };
}

interface Here {
  readonly program: readonly Instruction[];
  readonly reachedAt: Float64Array;
  readonly position: number;
  readonly budget: StepBudget;
  readonly before: number | undefined;
  readonly next: number | undefined;
}

/** Goes as far as is possible without another character. */
function follow(here: Here, waiting: number[]): number[] | "match" {
  const { program, reachedAt, position, budget } = here;
  const reached: number[] = [];
  for (let pc = waiting.pop(); pc !== undefined; pc = waiting.pop()) {
    if (reachedAt[pc] === position) continue;
    reachedAt[pc] = position;
    budget.left -= 1;
    const instruction = program[pc];
    if (instruction === undefined || instruction.kind === "match") return "match";
    if (instruction.kind === "one") reached.push(pc);
    else if (instruction.kind === "fork") waiting.push(...instruction.to);
    else if (holds(instruction.that, here)) waiting.push(pc + 1);
  }
  spend(budget, 0);
  return reached;
}

function matchesAt(program: readonly Instruction[], pc: number, codePoint: number): boolean {
  const instruction = program[pc];
  return instruction?.kind === "one" && instruction.matches(codePoint);
}

function holds(that: Assertion, { before, next }: Here): boolean {
  switch (that) {
    case "start":
      return before === undefined;
    case "end":
      return next === undefined;
    case "word-edge":
      return isWord(before) !== isWord(next);
    case "no-word-edge":
      return isWord(before) === isWord(next);
  }
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint < 0x80 && /\w/.test(String.fromCodePoint(codePoint));
}

// Counted repeats are written out, so `{1,5000}` is 10,000 instructions.
const maxInstructions = 4_000;

interface Compiler {
  readonly program: Instruction[];
  readonly matchers: Map<string, OneMatcher>;
  /** Nodes written out; more than instructions when empty groups are repeated. */
  written: number;
}

function compile(pattern: PatternNode): readonly Instruction[] {
  const compiler: Compiler = { program: [], matchers: new Map(), written: 0 };
  write(compiler, pattern);
  compiler.program.push({ kind: "match" });
  return compiler.program;
}

function write(compiler: Compiler, node: PatternNode): void {
  const { program } = compiler;
  compiler.written += 1;
  if (program.length > maxInstructions || compiler.written > 4 * maxInstructions) {
    throw new PatternError("the pattern repeats too much: use minLength and maxLength");
  }
  switch (node.kind) {
    case "one":
      program.push({ kind: "one", matches: matcherOf(compiler, node.source) });
      return;
    case "assert":
      program.push(node);
      return;
    case "sequence":
      for (const item of node.items) write(compiler, item);
      return;
    case "choice":
      writeChoice(compiler, node.options);
      return;
    case "repeat":
      writeRepeat(compiler, node.item, node.min, node.max);
      return;
  }
}

function fork(program: Instruction[]): number[] {
  const to: number[] = [];
  program.push({ kind: "fork", to });
  return to;
}

function writeChoice(compiler: Compiler, options: readonly PatternNode[]): void {
  const { program } = compiler;
  const starts = fork(program);
  const ends: number[][] = [];
  for (const option of options) {
    starts.push(program.length);
    write(compiler, option);
    ends.push(fork(program));
  }
  for (const end of ends) end.push(program.length);
}

function writeRepeat(compiler: Compiler, item: PatternNode, min: number, max: number): void {
  const { program } = compiler;
  for (let i = 0; i < min; i += 1) write(compiler, item);
  const exits: number[][] = [];
  const optional = max === Infinity ? 1 : max - min;
  for (let i = 0; i < optional; i += 1) {
    const start = program.length;
    const enter = fork(program);
    exits.push(enter);
    enter.push(program.length);
    write(compiler, item);
    if (max === Infinity) fork(program).push(start);
  }
  for (const exit of exits) exit.push(program.length);
}

/** The language's own engine judges a single character: classes, escapes and Unicode properties. */
function matcherOf(compiler: Compiler, source: string): OneMatcher {
  const made = compiler.matchers.get(source);
  if (made !== undefined) return made;
  const regExp = RegExp(`^${source}$`, "u");
  const ascii: (boolean | undefined)[] = Array.from({ length: 128 });
  const judge = (codePoint: number): boolean => regExp.test(String.fromCodePoint(codePoint));
  const matcher: OneMatcher = (codePoint) =>
    codePoint < 128 ? (ascii[codePoint] ??= judge(codePoint)) : judge(codePoint);
  compiler.matchers.set(source, matcher);
  return matcher;
}
