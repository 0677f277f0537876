import type { Bench } from "../check-case.ts";
import type { Delivery } from "../provider.ts";
import type { SampleEvent } from "../sample-event.ts";

/** A genuine delivery of an odd event; undefined where the scheme signs no such thing, or refuses it. */
export async function signed(bench: Bench, event: SampleEvent): Promise<Delivery | undefined> {
  try {
    const delivery = await bench.provider.genuine(event);
    const verdict = await bench.provider.judge(delivery);
    return verdict.kind === "verified" ? delivery : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
