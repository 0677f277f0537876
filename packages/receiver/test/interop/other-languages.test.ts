import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSecret, svixHeaders } from "../../src/index.ts";
import type { WebhookHeaders } from "../../src/index.ts";
import { publishedPrivateKey } from "../samples.ts";
import { sign, verify } from "../standard.ts";

/** The Standard Webhooks libraries of Python and Go (python/, go/), and Svix's of Python, against ours, both ways. */
const cache = fileURLToPath(new URL("../../../../node_modules/.cache/", import.meta.url));
const built = mkdtempSync(join(tmpdir(), "posthorn-interop-go-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

const body = '{"type":"contact.updated","data":{"name":"Žofie 🦊","n":1.0}}';
const [secret, other] = [generateSecret(), generateSecret()];

interface Question {
  readonly library?: string;
  readonly ask: "sign" | "verify";
  readonly secret: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Answer {
  readonly accepted: boolean;
  readonly headers?: WebhookHeaders;
}

type Ask = (questions: readonly Question[]) => readonly Answer[];

function run(program: string, args: readonly string[], options: object = {}): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: "pipe", ...options });
  } catch (cause) {
    throw new Error(`${program} ${args.join(" ")} failed: is it installed?`, { cause });
  }
}

/** A virtual environment with the pinned packages, kept beside the dependencies. */
function python(): Ask {
  const folder = fileURLToPath(new URL("python/", import.meta.url));
  const requirements = join(folder, "requirements.txt");
  const environment = join(cache, "interop-python");
  const program = join(environment, "bin/python");
  const mark = join(environment, "installed.txt");
  if (!existsSync(mark) || !readFileSync(mark).equals(readFileSync(requirements))) {
    rmSync(environment, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    run("python3", ["-m", "venv", environment]);
    const only = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check"];
    run(program, ["-m", "pip", "install", "--quiet", ...only, "-r", requirements]);
    writeFileSync(mark, readFileSync(requirements));
  }
  return (questions) =>
    JSON.parse(run(program, [join(folder, "oracle.py")], { input: JSON.stringify(questions) }));
}

function go(): Ask {
  const folder = fileURLToPath(new URL("go/", import.meta.url));
  const program = join(built, "oracle");
  const env = { ...process.env, HOME: homedir(), GOFLAGS: "-mod=readonly -buildvcs=false" };
  run("go", ["build", "-o", program, "."], { cwd: folder, env });
  return (questions) => JSON.parse(run(program, [], { input: JSON.stringify(questions) }));
}

describe.each([
  { name: "standardwebhooks of Python", open: python, library: "standardwebhooks" },
  { name: "svix of Python", open: python, library: "svix" },
  { name: "standardwebhooks of Go", open: go, library: "standardwebhooks" },
])("$name", { timeout: 60_000 }, ({ open, library }) => {
  let ask: Ask;
  beforeAll(() => {
    const answerAll = open();
    ask = (questions) => answerAll(questions.map((question) => ({ library, ...question })));
  }, 300_000);

  const asksFor = async (
    secrets: string | readonly string[],
    change: Partial<Question> = {},
  ): Promise<Question> => {
    const headers = await sign({ id: "msg_1", body }, secrets);
    return { ask: "verify", secret, headers, body, ...change };
  };

  test("verifies what we sign, also during a rotation and beside v1a", async () => {
    const genuine = [
      await asksFor(secret),
      await asksFor([other, secret]),
      await asksFor([secret, other]),
      await asksFor([publishedPrivateKey, secret]),
    ];
    expect(ask(genuine)).toEqual(genuine.map(() => ({ accepted: true })));
  });

  test("refuses another body, another secret and an old time, as we do", async () => {
    const old = await sign({ id: "msg_1", body, timestampSeconds: 1_767_250_382 }, secret);
    const wrong = [
      await asksFor(secret, { body: `${body} ` }),
      await asksFor(other),
      await asksFor(publishedPrivateKey),
      await asksFor(secret, { headers: old }),
    ];
    expect(ask(wrong)).toEqual(wrong.map(() => ({ accepted: false })));
    for (const { headers = {}, body } of wrong) {
      expect(await verify(headers, body, secret)).toMatchObject({ kind: "rejected" });
    }
  });

  test("signs what we verify, under both families of names", async () => {
    const [made] = ask([{ ask: "sign", secret, body }]);
    if (made?.headers === undefined) throw new Error("it signed nothing");
    for (const headers of [made.headers, svixHeaders(made.headers)]) {
      expect(await verify(headers, body, secret)).toMatchObject({
        kind: "verified",
        eventId: "msg_1",
      });
      expect(await verify(headers, `${body} `, secret)).toMatchObject({ reason: "signature" });
    }
  });
});
