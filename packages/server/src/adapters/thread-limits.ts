import type { ResourceLimits } from "node:worker_threads";

/**
 * What V8 is told of the memory of the store's and the dispatcher's thread, so that both together
 * with the API's stay under 400 MB under full load.
 *
 * - Young: three half spaces of 8 MB. Twice or two thirds of it changes nothing that can be measured;
 *   without a bound it takes 100 MB more.
 * - Old: far more than is ever held. But up to 2 GB V8 lets a heap grow to at most twice what lives
 *   in it before it collects all of it, and beyond to four times: 90 MB more with ten endpoints,
 *   most of it in the dispatcher, whose waiting rows outlive the young generation.
 */
export const threadLimits: ResourceLimits = {
  maxYoungGenerationSizeMb: 24,
  maxOldGenerationSizeMb: 2_000,
};
