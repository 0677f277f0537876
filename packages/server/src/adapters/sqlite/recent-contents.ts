import type { MessageId } from "../../domain/ids.ts";
import type { MessageContent } from "../../domain/message.ts";

const maxBytes = 4 * 1024 * 1024;
/** What an entry costs beside its body. */
const entryBytes = 512;

/** Contents that were just read: the lanes of a message's endpoints read it one after the other. */
export class RecentContents {
  readonly #contents = new Map<MessageId, MessageContent>();
  #bytes = 0;

  get(id: MessageId): MessageContent | undefined {
    return this.#contents.get(id);
  }

  add(id: MessageId, content: MessageContent): void {
    if (sizeOf(content) > maxBytes / 8) return;
    this.#contents.set(id, content);
    this.#bytes += sizeOf(content);
    for (const oldest of this.#contents.keys()) {
      if (this.#bytes <= maxBytes) return;
      this.forget(oldest);
    }
  }

  forget(id: MessageId): void {
    const content = this.#contents.get(id);
    if (content === undefined) return;
    this.#contents.delete(id);
    this.#bytes -= sizeOf(content);
  }
}

function sizeOf(content: MessageContent): number {
  return content.body.byteLength + entryBytes;
}
