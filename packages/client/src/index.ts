export { createClient, type Client, type ClientOptions } from "./client.ts";
export { PosthornError } from "./error.ts";
export type { paths } from "./schema.gen.ts";
