import { joinBytes } from "./bytes.ts";

/** RFC 1952: what every gzip file begins with. JSON and XML never do. */
export function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

// A gzip of a few kilobytes can hold gigabytes. Senders' bodies are far smaller than this.
const maxInflatedBytes = 32 * 1024 * 1024;

/** The content of a gzip body; undefined when it is broken or larger than 32 MiB. */
export async function inflate(body: Uint8Array): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const source = new Blob([new Uint8Array(body)]).stream();
  const reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > maxInflatedBytes) {
        await reader.cancel();
        return undefined;
      }
      chunks.push(value);
    }
  } catch {
    // Broken or cut off: the one thing that the stream fails for.
    return undefined;
  }
  return joinBytes(chunks);
}
