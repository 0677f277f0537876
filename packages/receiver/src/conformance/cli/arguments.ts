import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Scheme, SchemeConfig } from "../../scheme.ts";
import * as schemes from "../../schemes/index.ts";
import type { CheckReceiverOptions } from "../options.ts";
import type { HeaderPairs } from "../provider.ts";

export interface CheckArguments {
  readonly options: CheckReceiverOptions;
  readonly json: boolean;
  readonly allowsRemote: boolean;
}

/** What was typed cannot be run; the message says why. */
export class ArgumentsError extends Error {
  override readonly name = "ArgumentsError";
}

export const allSchemes: readonly Scheme[] = Object.values(schemes);

const flags = {
  scheme: { type: "string" },
  secret: { type: "string" },
  "secret-env": { type: "string" },
  "secret-file": { type: "string" },
  "private-key": { type: "string" },
  config: { type: "string", multiple: true },
  "public-url": { type: "string" },
  event: { type: "string" },
  "event-type": { type: "string" },
  header: { type: "string", multiple: true },
  only: { type: "string", multiple: true },
  skip: { type: "string", multiple: true },
  timeout: { type: "string" },
  deadline: { type: "string" },
  concurrency: { type: "string" },
  "count-url": { type: "string" },
  remote: { type: "boolean" },
  json: { type: "boolean" },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads what stands after `check`. Throws an `ArgumentsError`. */
export function parseCheck(args: readonly string[], environment: Environment): CheckArguments {
  const { values, positionals } = parse(args);
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) {
    throw new ArgumentsError("Give one URL, where the receiver listens.");
  }
  const { event } = values;
  return {
    json: values.json === true,
    allowsRemote: values.remote === true,
    options: {
      url: httpUrl(url),
      scheme: schemeNamed(values.scheme),
      secret: readSecret(values, environment),
      config: readConfig(values.config ?? []),
      publicUrl: values["public-url"] === undefined ? undefined : httpUrl(values["public-url"]),
      event: event === undefined ? undefined : Uint8Array.from(readFile(event)),
      eventType: values["event-type"],
      headers: readHeaders(values.header ?? []),
      only: names(values.only),
      skip: names(values.skip),
      timeoutMs: whole("timeout", values.timeout),
      deadlineMs: whole("deadline", values.deadline),
      concurrency: whole("concurrency", values.concurrency, 100),
      countUrl: values["count-url"] === undefined ? undefined : httpUrl(values["count-url"]),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    // Node's sentence names the option, and goes on with advice on another line for some.
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new ArgumentsError(`${first}.`, { cause: error });
  }
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ArgumentsError("A URL begins with http:// or https://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ArgumentsError('Give a user and password as --header "authorization: Basic …".');
  }
  return url.href;
}

function schemeNamed(name: string | undefined): Scheme {
  if (name === undefined) {
    throw new ArgumentsError("Give --scheme; `posthorn-receiver schemes` lists them.");
  }
  const found = allSchemes.find((scheme) => scheme.name === name);
  if (found === undefined) {
    throw new ArgumentsError(
      `There is no scheme ${name}; \`posthorn-receiver schemes\` lists them.`,
    );
  }
  return found;
}

type SecretFlags = Pick<
  ReturnType<typeof parse>["values"],
  "secret" | "secret-env" | "secret-file" | "private-key"
>;

function readSecret(values: SecretFlags, environment: Environment): string | undefined {
  const given = [values.secret, values["secret-env"], values["secret-file"], values["private-key"]];
  if (given.filter((each) => each !== undefined).length > 1) {
    throw new ArgumentsError(
      "Give one of --secret, --secret-env, --secret-file and --private-key.",
    );
  }
  const variable = values["secret-env"];
  const file = values["secret-file"] ?? values["private-key"];
  let secret = values.secret;
  if (variable !== undefined) {
    secret = environment[variable];
    if (secret === undefined) throw new ArgumentsError(`The variable ${variable} is not set.`);
  }
  // Editors end a file with a line end, which is no part of the secret.
  if (file !== undefined)
    secret = readFile(file)
      .toString("utf8")
      .replace(/\r?\n$/, "");
  if (secret !== undefined && secret.trim() === "")
    throw new ArgumentsError("The secret is empty.");
  return secret;
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ArgumentsError(`The file ${path} cannot be read.`, { cause: error });
  }
}

function readConfig(pairs: readonly string[]): SchemeConfig {
  return Object.fromEntries(pairs.map((pair) => splitPair(pair, "=", "--config name=value")));
}

function readHeaders(pairs: readonly string[]): HeaderPairs {
  return pairs.map((pair) => {
    const [name, value] = splitPair(pair, ":", "--header name:value");
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw new ArgumentsError("A header has a name and a value of printable ASCII.");
    }
    return [name.toLowerCase(), value];
  });
}

function splitPair(pair: string, separator: string, form: string): readonly [string, string] {
  const at = pair.indexOf(separator);
  if (at < 1) throw new ArgumentsError(`Write it as ${form}.`);
  return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

function names(given: readonly string[] | undefined): readonly string[] | undefined {
  return given?.flatMap((each) => each.split(",")).map((each) => each.trim());
}

function whole(
  name: string,
  text: string | undefined,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new ArgumentsError(
      `--${name} wants a whole number from 1${most < 1e9 ? ` to ${most}` : ""}.`,
    );
  }
  return value;
}
