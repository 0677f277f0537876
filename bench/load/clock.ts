/**
 * The machine's monotonic clock in ms, the same in every process. `performance.now()` plus a
 * constant is not: measured, it drifts by a millisecond a second between processes.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
