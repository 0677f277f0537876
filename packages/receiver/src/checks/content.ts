import { utf8 } from "../bytes.ts";

/** What a signed content may be put together from. */
const fieldNames = ["body", "timestamp", "id", "url", "method", "secret"] as const;
type Field = (typeof fieldNames)[number];

type Piece = { readonly text: Uint8Array } | { readonly field: Field };

/** A signed content as its pieces, and the fields among them. */
export interface Content {
  readonly pieces: readonly Piece[];
  readonly needs: ReadonlySet<Field>;
}

export interface ContentFields {
  readonly body: Uint8Array;
  readonly timestamp: string | undefined;
  readonly id: string | undefined;
  readonly url: string | undefined;
  readonly method: string;
  readonly secret?: Uint8Array;
}

/**
 * Reads a template such as `v0:{timestamp}:{body}`; its fields are body, timestamp, id, url, method and secret. Throws
 * a TypeError for another one.
 */
export function parseContent(template: string): Content {
  const pieces = template
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== "")
    .map(parsePiece);
  return {
    pieces,
    needs: new Set(pieces.flatMap((piece) => ("field" in piece ? [piece.field] : []))),
  };
}

function parsePiece(part: string): Piece {
  if (!part.startsWith("{")) return { text: utf8(part) };
  const field = fieldNames.find((name) => part === `{${name}}`);
  if (field === undefined) throw new TypeError(`A signed content has no field ${part}.`);
  return { field };
}

/** The chunks to hash, the body uncopied. */
export function contentChunks(content: Content, fields: ContentFields): readonly Uint8Array[] {
  return content.pieces.map((piece) => {
    if ("text" in piece) return piece.text;
    const value = fields[piece.field] ?? "";
    return typeof value === "string" ? utf8(value) : value;
  });
}
