import type { Outbound } from "../../ports/outbound.ts";
import { maxReadBytes } from "./exchange.ts";
import { type HttpSenderOptions, openHttpSender } from "./http-sender.ts";

export type OutboundOptions = Pick<
  HttpSenderOptions,
  "allowedTargets" | "ca" | "deadlineMs" | "lookup" | "proxyUrl"
> & { readonly userAgent: string };

const noBody = new Uint8Array(0);

/** Opens what sources fetch with. `https:` alone: what is fetched decides what is believed. */
export function openHttpOutbound({ userAgent, ...options }: OutboundOptions): Outbound {
  const sender = openHttpSender({
    // The provider's own deadline for its webhook runs meanwhile, and those are 3 s and more.
    deadlineMs: 3_000,
    maxKeptBytes: maxReadBytes,
    maxOrigins: 32,
    maxConnectionsPerOrigin: 4,
    ...options,
  });
  const headers = { "user-agent": userAgent };
  return {
    async get(url) {
      if (url.startsWith("https://")) {
        return sender.send({ method: "GET", url, headers, body: noBody });
      }
      const detail = "Only https:// is fetched.";
      return { outcome: "not-sent", errorClass: "invalid-url", detail, totalMs: 0, reused: false };
    },
    close: () => sender.close(),
  };
}
