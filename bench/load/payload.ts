/**
 * A payload of the bench: its number, when it was published, and padding. The names are in the
 * order of the alphabet, for servers that do not keep what they were given.
 */
export function payloadOf(n: number, nowMs: number, bytes: number): string {
  const start = `{"n":${n},"now":${nowMs.toFixed(3)},"pad":"`;
  return `${start}${pad(bytes - start.length - 2)}"}`;
}

/** What an empty request says in a header instead. */
export function benchHeader(n: number, nowMs: number): string {
  return `bench: "n":${n},"now":${nowMs.toFixed(3)}`;
}

/** Reads both back; `undefined` for a request that the bench did not make. */
export function readMark(text: string): { readonly n: number; readonly nowMs: number } | undefined {
  const found = /"n":\s*(\d+),\s*"now":\s*([\d.]+)/.exec(text);
  return found === null ? undefined : { n: Number(found[1]), nowMs: Number(found[2]) };
}

let padding = "";

function pad(length: number): string {
  if (padding.length !== length) padding = "x".repeat(Math.max(0, length));
  return padding;
}
