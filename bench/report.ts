import { storeNames, type StoreKind } from "./load/place.ts";
import type { Usage } from "./load/usage.ts";

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured beside it in the same run, and the median of the ratios of the pairs. */
  readonly beside?: { readonly what: string; readonly value: number; readonly ratio: number };
  readonly goal?: { readonly text: string; readonly met: boolean };
}

export interface Counts {
  readonly arrived: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly confusedIds: number;
}

export const noCounts: Counts = { arrived: 0, refused: 0, lost: 0, duplicates: 0, confusedIds: 0 };

export interface ProcessUse {
  readonly name: string;
  readonly usage: Usage | undefined;
}

/** What a scenario measured. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly processes: readonly ProcessUse[];
  readonly notes?: readonly string[];
}

export interface Section extends Measured {
  readonly name: string;
  readonly title: string;
  readonly counts: Counts;
  readonly at: Date;
}

export interface Report {
  readonly store: StoreKind;
  /** A line each. */
  readonly machine: readonly string[];
  readonly sections: readonly Section[];
}

export function isSound({ counts, figures }: Section): boolean {
  const { confusedIds, duplicates, lost, refused } = counts;
  const complete = figures.every(
    ({ beside, value }) =>
      Number.isFinite(value) && (beside === undefined || Number.isFinite(beside.ratio)),
  );
  return lost + duplicates + confusedIds + refused === 0 && complete;
}

export function formatReport({ machine, sections, store }: Report): string {
  const command = store === "sqlite" ? "npm run bench" : `npm run bench -- --store ${store}`;
  return [
    `# Benchmark results: ${storeNames[store]}`,
    "",
    `Written by \`${command}\`.`,
    "Each figure stands beside what was measured in the same run, in turns with it; a ratio is the",
    "median of those of the pairs. Everything is durable (one sync a commit), and producer, receiver,",
    "server and database share the machine.",
    "",
    ...machine.map((line) => `- ${line}`),
    "",
    ...sections.flatMap(formatSection),
  ].join("\n");
}

/** `report` with the sections of `newer` in place of those of the same titles; new ones at the end. */
export function replaceSections(report: string, newer: string): string {
  const [head, ...older] = report.split(/^(?=## )/m);
  const [, ...fresh] = newer.split(/^(?=## )/m);
  const titleOf = (section: string) => section.slice(0, section.indexOf("\n"));
  const byTitle = new Map(
    [...older, ...fresh].map((section) => [titleOf(section), section.trimEnd()]),
  );
  return [(head ?? "").trimEnd(), ...byTitle.values()].join("\n\n");
}

function formatSection(section: Section): string[] {
  const { arrived, confusedIds, duplicates, lost, refused } = section.counts;
  return [
    `## ${section.title}`,
    "",
    `Measured ${section.at.toISOString().slice(0, 16).replace("T", " ")} UTC.`,
    "",
    "| | measured | beside it | ratio | goal | |",
    "|---|---:|---|---:|---|---|",
    ...section.figures.map(formatFigure),
    "",
    `Arrived ${show(arrived)}; lost ${lost}, duplicates ${duplicates}, confused ids ${confusedIds}, ` +
      `refused ${refused}.`,
    "",
    ...section.processes.flatMap(({ name, usage }) =>
      usage === undefined ? [] : [formatUse(name, usage)],
    ),
    "",
    ...(section.notes ?? []).flatMap((note) => [note, ""]),
  ];
}

function formatFigure({ beside, goal, unit, value, what }: Figure): string {
  const besideText = beside === undefined ? "" : `${beside.what}: ${show(beside.value)} ${unit}`;
  const ratio = beside === undefined ? "" : beside.ratio.toFixed(2);
  const met = goal === undefined ? "" : goal.met ? "met" : "**not met**";
  return `| ${what} | ${show(value)} ${unit} | ${besideText} | ${ratio} | ${goal?.text ?? ""} | ${met} |`;
}

function formatUse(name: string, { cpuSeconds, peakRssMb, rssMb, threads }: Usage): string {
  const parts = Object.entries(threads)
    .filter(([, seconds]) => seconds >= 0.05)
    .map(([thread, seconds]) => `${thread} ${seconds.toFixed(1)}`);
  const threadsText = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  const memory = Number.isFinite(rssMb)
    ? `, ${show(rssMb)} MB resident, at most ${show(peakRssMb)} MB`
    : "";
  return `- ${name}: ${cpuSeconds.toFixed(1)} s of CPU${threadsText}${memory}`;
}

function show(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) < 10) return value.toFixed(2);
  if (Math.abs(value) < 100) return value.toFixed(1);
  return Math.round(value).toLocaleString("en-US");
}
