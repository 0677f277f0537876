const dayMs = 86_400_000;

/** The partition of what is kept as long as its message: the day on which its retention ends. */
export function dayOf(retainUntil: number): number {
  return Math.floor(retainUntil / dayMs);
}
