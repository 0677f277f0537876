import type { ConfigField, SchemeConfig } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** The configuration of every scheme that signs its URL. */
export const signedUrlField: ConfigField = {
  name: "notificationUrl",
  required: false,
  what: "The URL as the provider calls it, where the server behind a proxy sees another",
};

const missingUrl: Rejected = rejected(
  "bad-config",
  "This scheme signs the URL: give it as the sender calls it (the request's url, or notificationUrl in config).",
);

interface Called {
  readonly url: string | undefined;
  readonly config: SchemeConfig;
}

/** The URL as the provider calls it: the configured one, else the request's. */
export function calledUrl({ config, url }: Called): string | Rejected {
  return config["notificationUrl"] ?? url ?? missingUrl;
}

/** The same for signing. Throws a TypeError when there is none. */
export function urlToSign(input: Called): string {
  const url = calledUrl(input);
  if (typeof url === "object") throw new TypeError(url.detail);
  return url;
}
