/** How many events a receiver says it handled: a number, or JSON with a `count`. Undefined for anything else. */
export async function askCount(url: string, timeoutMs: number): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const value: unknown = await response.json();
    const count: unknown =
      typeof value === "object" && value !== null && "count" in value ? value.count : value;
    return response.ok && typeof count === "number" ? count : undefined;
  } catch {
    // No answer, or none that is JSON.
    return undefined;
  }
}
