import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { storeKinds, type StoreKind } from "./load/place.ts";

export interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  readonly store: StoreKind;
  /** Names of scenarios; empty: all. */
  readonly only: readonly string[];
  readonly against: { readonly url: string; readonly token: string } | undefined;
  /** Where stores are made: the file system that is measured. */
  readonly folder: string;
  readonly out: string | undefined;
  readonly profileTo: string | undefined;
}

export function helpOf(
  scenarios: readonly { readonly name: string; readonly title: string }[],
): string {
  const names = scenarios.map(({ name, title }) => `    ${name.padEnd(14)} ${title}`);
  return `Measures Posthorn beside its raw ceilings, all on loopback, and writes bench/RESULTS.md
(with --store postgres: bench/RESULTS-postgres.md).

  npm run bench -- [options]

  --quick              small counts, one round; checks counts, not times (exit code 1 when one is
                       wrong), and writes no file
  --store STORE        sqlite (default), or postgres: the server of DATABASE_URL, or one that is
                       started for the run, with fsync on
  --only NAME[,NAME]   these scenarios alone; prints, and replaces their sections in --out FILE
  --against URL        another server that speaks the sending contract; its endpoints must be able
  --token TOKEN        to reach 127.0.0.1 of this machine. Prints, and writes no file
  --rounds N           interleaved rounds of each comparison (default 7)
  --folder FOLDER      where stores are made, and the Postgres that is started (default: the
                       system's folder for temporary files)
  --out FILE           write the report there
  --profile FOLDER     write a CPU profile of each thread of Posthorn there
  --help

Scenarios:
${names.join("\n")}
`;
}

/** Throws with a sentence for people when an option is wrong. */
export function readOptions(names: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      store: { type: "string", default: "sqlite" },
      only: { type: "string", default: "" },
      against: { type: "string" },
      token: { type: "string" },
      rounds: { type: "string", default: "7" },
      folder: { type: "string", default: tmpdir() },
      out: { type: "string" },
      profile: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const only = values.only.split(",").filter((name) => name !== "");
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no scenario ${unknown}: ${names.join(", ")}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a whole number");
  const store = storeKinds.find((kind) => kind === values.store);
  if (store === undefined) throw new Error(`--store takes ${storeKinds.join(" or ")}`);
  if ((values.against === undefined) !== (values.token === undefined)) {
    throw new Error("--against and --token go together");
  }
  return {
    quick: values.quick,
    rounds,
    store,
    only,
    against:
      values.against === undefined || values.token === undefined
        ? undefined
        : { url: values.against, token: values.token },
    folder: values.folder,
    out: values.out,
    profileTo: values.profile,
  };
}
