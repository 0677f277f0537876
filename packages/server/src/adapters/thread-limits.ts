import type { ResourceLimits } from "node:worker_threads";

/**
 * What V8 is told of the memory of the store's and the dispatcher's thread, so that both together
 * with the API's stay under 400 MB under full load.
 *
 * - Young: three times the main thread's half space. A sixth of it costs a tenth more CPU time under
 *   full load, for collecting; without a bound it takes 100 MB more.
 * - Old: far more than is ever held. But up to 2 GB V8 lets a heap grow to at most twice what lives
 *   in it before it collects all of it, and beyond to four times: 90 MB more with ten endpoints,
 *   most of it in the dispatcher, whose waiting rows outlive the young generation.
 */
export const threadLimits: ResourceLimits = {
  maxYoungGenerationSizeMb: 48,
  maxOldGenerationSizeMb: 2_000,
};
