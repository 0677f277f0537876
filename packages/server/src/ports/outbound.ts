import type { SendResult } from "./sender.ts";

/** Fetches what a request at a source names: a certificate, the address that confirms a subscription. */
export interface Outbound {
  /**
   * One GET, no redirect followed. Never rejects: every failure is a result. Addresses are judged as those of
   * deliveries are; a deadline of its own and a bounded answer, because a provider waits meanwhile.
   */
  get(url: string): Promise<SendResult>;
  /** Closes idle connections at once; resolves when none is left. */
  close(): Promise<void>;
}
