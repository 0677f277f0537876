import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface JumpingClock {
  /** For the server: makes the wall's clock of each of its threads what `jump` says. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on the wall's clock is so far ahead of the true time. */
  jump(aheadMs: number): void;
}

export function jumpingClock(dataDir: string): JumpingClock {
  const file = join(dirname(dataDir), "ahead");
  const jump = (aheadMs: number): void => writeFileSync(file, String(aheadMs));
  jump(0);
  const preload = `
    import { readFileSync } from "node:fs";
    const real = Date.now;
    Date.now = () => real() + Number(readFileSync(${JSON.stringify(file)}, "utf8"));
    const RealDate = Date;
    globalThis.Date = class Date extends RealDate {
      constructor(...parts) {
        if (parts.length === 0) super(RealDate.now());
        else super(...parts);
      }
    };
  `;
  const url = `data:text/javascript,${encodeURIComponent(preload)}`;
  return { env: { NODE_OPTIONS: `--import=${url}` }, jump };
}
