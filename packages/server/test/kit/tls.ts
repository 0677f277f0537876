import { readFileSync } from "node:fs";

function read(name: string): string {
  return readFileSync(new URL(`tls/${name}`, import.meta.url), "utf8");
}

/**
 * A certificate for receiver.test, localhost, 127.0.0.1 and ::1, good for a hundred years, and the
 * authority that signed it (whose key was thrown away). For tests alone: the key is public.
 */
export const testTls = {
  ca: read("ca.pem"),
  key: read("receiver.key"),
  cert: read("receiver.pem"),
} as const;
