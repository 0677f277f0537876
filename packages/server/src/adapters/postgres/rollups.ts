/**
 * Hour figures of the endpoints. Each publisher and each owner has a row of its own for an endpoint's
 * hour (`writer`), so that none waits for another's commit; readers add them up. Writers share few
 * numbers, so that restarts do not make rows without end.
 */
const writers = 32;

export function newWriter(random: () => number = Math.random): number {
  return Math.floor(random() * writers);
}

/** The tail of a statement with rows of `endpoint_hours` to add. */
export const addHours = `ON CONFLICT (partition, endpoint, hour, writer) DO UPDATE SET
   made = h.made + excluded.made, success = h.success + excluded.success,
   fail = h.fail + excluded.fail, canceled = h.canceled + excluded.canceled`;
