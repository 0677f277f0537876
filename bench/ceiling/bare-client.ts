/** The HTTP client alone: the same requests to the same receiver, nothing stored, nothing signed. */
import { monotonicMs } from "../load/clock.ts";
import { payloadOf } from "../load/payload.ts";
import { serveCommands } from "../load/serve-commands.ts";
import { openPoster } from "./post.ts";

export interface BareClientCommands {
  /** Posts `count` messages to each of the targets; says how long it took in ms. */
  send(load: {
    readonly targets: readonly string[];
    readonly base: number;
    readonly count: number;
    readonly payloadBytes: number;
  }): Promise<{ readonly tookMs: number }>;
}

const inFlight = 64;
const signature = `v1,${"A".repeat(43)}=`;

serveCommands<BareClientCommands>({
  async send({ base, count, payloadBytes, targets }) {
    const posters = targets.map((url) => openPoster(url, inFlight));
    const total = count * targets.length;
    const startedAt = monotonicMs();
    const done = Promise.withResolvers<void>();
    let sent = 0;
    let ended = 0;
    let failed = 0;
    const next = (): void => {
      if (sent === total) return;
      const n = base + Math.floor(sent / targets.length);
      const poster = posters[sent % targets.length];
      sent += 1;
      const headers = {
        "user-agent": "bare-client",
        "content-type": "application/json",
        "webhook-id": `msg_${n}`,
        "webhook-timestamp": "1700000000",
        "webhook-signature": signature,
      };
      poster?.post(headers, payloadOf(n, monotonicMs(), payloadBytes), (status) => {
        if (status !== 204) failed += 1;
        ended += 1;
        if (ended === total) done.resolve();
        else next();
      });
    };
    for (let i = 0; i < inFlight; i += 1) next();
    await done.promise;
    if (failed > 0) throw new Error(`${failed} requests of the bare client failed`);
    return { tookMs: monotonicMs() - startedAt };
  },
});
