export { buildServer, type RunningServer, type ServerOptions } from "./app/build.ts";
export { type Config, ConfigError, readConfig } from "./app/config.ts";
export { createLogger, type Logger } from "./app/log.ts";
