import type { Config } from "./config.ts";

const loopback = ["127.0.0.0/8", "::1/128"];

/** Development mode: endpoints on this machine may be called, too. */
export function withLoopbackTargets(config: Config): Config {
  return { ...config, allowedTargets: [...config.allowedTargets, ...loopback] };
}
