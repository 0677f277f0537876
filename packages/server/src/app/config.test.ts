import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ConfigError, describeConfig, readConfig } from "./config.ts";
import { settings } from "./settings.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function configFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-config-"));
  folders.push(folder);
  const path = join(folder, "posthorn.json");
  writeFileSync(path, text);
  return path;
}

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error("expected a ConfigError");
}

describe("the configuration", () => {
  test("has a default for everything", () => {
    const config = readConfig({});
    expect(config.port).toBe(7070);
    expect(config.dataDir).toBe("./data");
    expect(config.retrySchedule).toEqual([
      0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ]);
    expect(config.adminKey).toBeUndefined();
    expect(new Set(Object.values(config.sources))).toEqual(new Set(["default"]));
  });

  test("shows defaults as they are", () => {
    const lines = describeConfig(readConfig({})).split("\n");
    for (const setting of Object.values(settings)) {
      const line = lines.find((each) => each.startsWith(`${setting.env} `));
      expect(line).toContain(setting.fallback);
    }
  });

  test("takes roles and a number of processes, on Postgres", () => {
    const env = { POSTHORN_STORE: "postgres://user@host/database" };
    expect(readConfig(env)).toMatchObject({ roles: ["api", "worker"], processes: 1 });
    const given = { ...env, POSTHORN_ROLES: "worker", POSTHORN_PROCESSES: "31" };
    expect(readConfig(given)).toMatchObject({ roles: ["worker"], processes: 31 });
    const most = Math.min(31, availableParallelism());
    expect(readConfig({ ...env, POSTHORN_PROCESSES: "max" }).processes).toBe(most);
    expect(faultsOf({ ...env, POSTHORN_ROLES: "api,cook" })).toEqual([
      'POSTHORN_ROLES: "cook" is not api or worker',
    ]);
    expect(faultsOf({ ...env, POSTHORN_ROLES: "" })).toEqual([
      "POSTHORN_ROLES: needs api, worker, or both",
    ]);
    expect(faultsOf({ ...env, POSTHORN_PROCESSES: "32" })).toEqual([
      "POSTHORN_PROCESSES: must be max, or a whole number from 1 to 31",
    ]);
  });

  test("refuses to share the embedded store out, and says what to do", () => {
    const whatToDo = "leave it out, or set POSTHORN_STORE to the postgres:// URL of a database";
    expect(faultsOf({ POSTHORN_ROLES: "api", POSTHORN_PROCESSES: "2" })).toEqual([
      `POSTHORN_ROLES: the embedded store has one process with both roles: ${whatToDo}`,
      `POSTHORN_PROCESSES: the embedded store allows one process: ${whatToDo}`,
    ]);
    const alone = { POSTHORN_ROLES: "worker,api", POSTHORN_PROCESSES: "1" };
    expect(readConfig(alone).processes).toBe(1);
  });

  test("takes lists as text, and lists and numbers as JSON", () => {
    const path = configFile(
      JSON.stringify({ port: 8080, retrySchedule: [0, 1.5, 2], allowedTargets: ["10.0.0.0/8"] }),
    );
    const config = readConfig({
      POSTHORN_CONFIG: path,
      POSTHORN_ALLOWED_TARGETS: "127.0.0.0/8, ::1/128",
    });
    expect(config.port).toBe(8080);
    expect(config.retrySchedule).toEqual([0, 1.5, 2]);
    expect(config.allowedTargets).toEqual(["127.0.0.0/8", "::1/128"]);
    expect(config.sources.port).toBe("file");
    expect(config.sources.allowedTargets).toBe("environment");
  });

  test("lists every fault at once, unknown names with the nearest one", () => {
    const path = configFile(JSON.stringify({ prot: 1, logLevel: "loud" }));
    const faults = faultsOf({
      POSTHORN_CONFIG: path,
      POSTHORN_PORT: "70000",
      POSTHORN_RETRY_SCHEDUL: "1",
      POSTHORN_ALLOWED_TARGETS: "10.0.0.0",
      POSTHORN_RETRY_SCHEDULE: "0,soon",
      POSTHORN_CORS_ORIGINS: "https://a.example/path",
    });
    expect(faults).toEqual([
      "POSTHORN_RETRY_SCHEDUL: is not a setting; did you mean POSTHORN_RETRY_SCHEDULE?",
      "prot (file): is not a setting; did you mean port?",
      "POSTHORN_PORT: must be a whole number from 0 to 65535",
      'POSTHORN_ALLOWED_TARGETS: "10.0.0.0" is not a CIDR range such as 10.0.0.0/8',
      "POSTHORN_RETRY_SCHEDULE: must be a number of seconds from 0 to 2592000",
      'POSTHORN_CORS_ORIGINS: "https://a.example/path" is not an origin such as https://app.example.com',
      expect.stringMatching(/^logLevel \(file\): /),
    ]);
  });

  test("a file that is missing, not JSON or not an object is a fault", () => {
    expect(faultsOf({ POSTHORN_CONFIG: "/nowhere/posthorn.json" })).toHaveLength(1);
    expect(faultsOf({ POSTHORN_CONFIG: configFile("{") })).toHaveLength(1);
    expect(faultsOf({ POSTHORN_CONFIG: configFile("[]") })).toHaveLength(1);
  });

  test("secrets are masked when shown and absent from faults", () => {
    const adminKey = "an-admin-key-of-some-length";
    const shown = describeConfig(
      readConfig({
        POSTHORN_ADMIN_KEY: adminKey,
        POSTHORN_MASTER_KEY: "ab".repeat(32),
        POSTHORN_EGRESS_PROXY: "http://user:pass@proxy.example",
      }),
    );
    expect(shown).not.toContain(adminKey);
    expect(shown).not.toContain("abab");
    expect(shown).not.toContain("pass@");
    const faults = faultsOf({
      POSTHORN_ADMIN_KEY: "short secret",
      POSTHORN_MASTER_KEY: "c2hvcnQ=",
      POSTHORN_EGRESS_PROXY: "socks5://user:pass@proxy",
    }).join("\n");
    expect(faults).not.toMatch(/short secret|c2hvcnQ=|user:pass/);
    expect(faults.split("\n")).toHaveLength(4);
  });

  test("docs/configuration.md lists every setting with its default, and no other", () => {
    const page = readFileSync(
      new URL("../../../../docs/configuration.md", import.meta.url),
      "utf8",
    );
    const documented = [...page.matchAll(/^\| `(POSTHORN_[A-Z_]+)`/gm)].map((match) => match[1]);
    const known = Object.values(settings).map((setting) => setting.env);
    expect(documented).toEqual([...known, "POSTHORN_CONFIG", "POSTHORN_URL", "POSTHORN_API_KEY"]);
  });
});
