/**
 * What is known of how fast an endpoint answers. It decides which share of the slots and of the
 * memory its lane may use, so that any number of hanging endpoints leaves room for the others.
 */
export const paces = ["fast", "unproven", "slow"] as const;
export type Pace = (typeof paces)[number];
