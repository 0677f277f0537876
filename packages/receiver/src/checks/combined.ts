import type { Check, SchemeConfig } from "../scheme.ts";
import { missingHeader, rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

interface Choice {
  /** The name in the configuration that says which. */
  readonly config: string;
  /** What is meant when it says nothing. */
  readonly otherwise: string;
  readonly checks: Readonly<Record<string, Check>>;
}

/** One of several checks, pinned by the configuration: never the one that a request would like. */
export function pinned({ config: name, otherwise, checks }: Choice): Check {
  const choose = (config: SchemeConfig): Check | Rejected => {
    const wanted = config[name] ?? otherwise;
    const found = Object.hasOwn(checks, wanted) ? checks[wanted] : undefined;
    const known = Object.keys(checks).join(", ");
    return found ?? rejected("bad-config", `The configured ${name} must be one of: ${known}.`);
  };
  const [first] = Object.values(checks);
  return {
    kind: checks[otherwise]?.kind ?? first?.kind ?? "pinned",
    coversBody: Object.values(checks).every((check) => check.coversBody),
    verify(input) {
      const check = choose(input.config);
      return "reason" in check ? check : check.verify(input);
    },
    sign(input) {
      const check = choose(input.config);
      if ("reason" in check) throw new TypeError(check.detail);
      return check.sign(input);
    },
  };
}

/** A check that also wants an unsigned header to name what was configured: a look-up key, and no proof. */
export function withHeader(header: string, configName: string, check: Check): Check {
  return {
    kind: check.kind,
    coversBody: check.coversBody,
    verify(input) {
      const wanted = input.config[configName];
      if (wanted === undefined) return check.verify(input);
      const [found, ...more] = input.request.headers(header);
      if (found === undefined || found === "") return missingHeader(header);
      if (found !== wanted || more.length > 0) {
        return rejected(
          "signature",
          `The header ${header} does not name the configured ${configName}.`,
        );
      }
      return check.verify(input);
    },
    async sign(input) {
      const signed = await check.sign(input);
      const value = input.config[configName];
      return value === undefined
        ? signed
        : { ...signed, headers: { ...signed.headers, [header]: value } };
    },
  };
}
