import { readFileSync } from "node:fs";
import { roles } from "../ports/worker-store.ts";
import { type SettingName, type Settings, settings } from "./settings.ts";

export type Source = "default" | "environment" | "file";

export interface Config extends Settings {
  /** Where each value came from. */
  readonly sources: Readonly<Record<SettingName, Source>>;
}

/** All that is wrong with the configuration, in one message. */
export class ConfigError extends Error {
  override name = "ConfigError" as const;
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    );
    this.faults = faults;
  }
}

const names = Object.keys(settings).filter((name): name is SettingName => name in settings);
const fileVariable = "POSTHORN_CONFIG";
/** Variables of the commands that talk to a running server; they are no settings of it. */
const clientVariables: ReadonlySet<string> = new Set(["POSTHORN_URL", "POSTHORN_API_KEY"]);

/**
 * Reads the environment and, when `POSTHORN_CONFIG` names one, a JSON file; the environment wins.
 * Throws a `ConfigError` that lists every fault, unknown names included.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const file = readConfigFile(environment[fileVariable], faults);
  for (const name of Object.keys(environment)) {
    if (name.startsWith("POSTHORN_") && name !== fileVariable && !isVariable(name)) {
      faults.push(
        `${name}: is not a setting${suggestion(
          name,
          names.map((each) => settings[each].env),
        )}`,
      );
    }
  }
  for (const name of Object.keys(file)) {
    if (!isSettingName(name))
      faults.push(`${name} (file): is not a setting${suggestion(name, names)}`);
  }
  const sources: Partial<Record<SettingName, Source>> = {};
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const { env, schema } = settings[name];
    const fromEnvironment = environment[env];
    const given = fromEnvironment ?? file[name];
    const source: Source =
      fromEnvironment !== undefined ? "environment" : given !== undefined ? "file" : "default";
    const parsed = schema.safeParse(given);
    sources[name] = source;
    if (parsed.success) values[name] = parsed.data;
    else {
      const where = source === "file" ? `${name} (file)` : env;
      const wrong = new Set(parsed.error.issues.map((issue) => issue.message));
      for (const message of wrong) faults.push(`${where}: ${message}`);
    }
  }
  if (values.store === "sqlite") faults.push(...faultsOfOneProcess(values));
  if (faults.length > 0) throw new ConfigError(faults);
  // Every name was parsed by its own schema above, so the record is whole.
  return { ...(values as Settings), sources: sources as Record<SettingName, Source> };
}

/** The embedded store belongs to one process, which does everything. */
function faultsOfOneProcess(values: Partial<Record<SettingName, unknown>>): readonly string[] {
  const whatToDo = "leave it out, or set POSTHORN_STORE to the postgres:// URL of a database";
  const faults: string[] = [];
  const given = Array.isArray(values.roles) ? new Set(values.roles) : new Set(roles);
  if (given.size < roles.length) {
    faults.push(
      `${settings.roles.env}: the embedded store has one process with both roles: ${whatToDo}`,
    );
  }
  if (typeof values.processes === "number" && values.processes > 1) {
    faults.push(`${settings.processes.env}: the embedded store allows one process: ${whatToDo}`);
  }
  return faults;
}

/** The effective settings as lines for people; secrets are masked. */
export function describeConfig(config: Config): string {
  const width = Math.max(...names.map((name) => settings[name].env.length));
  return names
    .map((name) => {
      const value = config[name];
      const given = value !== undefined && config.sources[name] !== "default";
      const shown = settings[name].secret && given ? "********" : showValue(name, value);
      return `${settings[name].env.padEnd(width)}  ${shown}  (${config.sources[name]})`;
    })
    .join("\n");
}

function showValue(name: SettingName, value: unknown): string {
  if (value === undefined) return settings[name].fallback;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readConfigFile(path: string | undefined, faults: string[]): Record<string, unknown> {
  if (path === undefined || path === "") return {};
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return { ...parsed };
    faults.push(`${fileVariable}: ${path} must hold one JSON object`);
  } catch (error) {
    faults.push(
      `${fileVariable}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return {};
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

function isVariable(name: string): boolean {
  return clientVariables.has(name) || names.some((each) => settings[each].env === name);
}

/** Names the setting that a misspelt one is nearest to, when it is near. */
function suggestion(wrong: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= 3 ? `; did you mean ${nearest.name}?` : "";
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
