import { z } from "zod";
import type { IdCodec, IdKind } from "../domain/ids.ts";
import type { Listed, Page } from "../ports/paging.ts";
import { invalidQuery, type InvalidRequest } from "./problems.ts";

/** What every list takes. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, "must be a whole number from 1 to 250")
    .transform(Number)
    .pipe(z.number().min(1, "must be 1 or more").max(250, "must be 250 or less"))
    .optional()
    .meta({
      description: "How many to return at most.",
      openapi: { type: "integer", minimum: 1, maximum: 250, default: 50 },
    }),
  iterator: z
    .string()
    .max(300)
    .optional()
    .meta({ description: "`iterator` or `prevIterator` of an earlier page." }),
};

export const orderQuery = {
  order: z
    .enum(["ascending", "descending"])
    .optional()
    .meta({ description: "The order of creation, or of names." }),
};

/** How a list's key is written in its cursors. */
export interface CursorForm<Key> {
  write(key: Key): string;
  read(text: string): Key | undefined;
}

/** Cursors are the id of a row, with `-` before it for the page before that row. */
export function idCursors<K extends IdKind>(codec: IdCodec, kind: K) {
  return {
    write: (key: Parameters<typeof codec.format<K>>[1]) => codec.format(kind, key),
    read: (text: string) => codec.parse(kind, text),
  };
}

const eventTypeName = /^[a-zA-Z0-9\-_.]{1,256}$/;

/** Names may begin with `-`, so they are marked. */
export const nameCursors: CursorForm<string> = {
  write: (name) => `:${name}`,
  read: (text) =>
    text.startsWith(":") && eventTypeName.test(text.slice(1)) ? text.slice(1) : undefined,
};

const defaultLimit = 50;

export function pageOf<Key>(
  query: {
    readonly limit?: number | undefined;
    readonly iterator?: string | undefined;
    readonly order?: "ascending" | "descending" | undefined;
  },
  form: CursorForm<Key>,
  fallbackOrder: Page<Key>["order"],
): Page<Key> {
  const page = { limit: query.limit ?? defaultLimit, order: query.order ?? fallbackOrder };
  if (query.iterator === undefined || query.iterator === "") return page;
  return { ...page, from: readCursor(query.iterator, form) };
}

function readCursor<Key>(text: string, form: CursorForm<Key>): NonNullable<Page<Key>["from"]> {
  const before = text.startsWith("-");
  const key = form.read(before ? text.slice(1) : text);
  if (key === undefined) throw malformedCursor();
  return { key, side: before ? "before" : "after" };
}

function malformedCursor(): InvalidRequest {
  return invalidQuery("iterator", "Not an iterator of this list: send back what a page gave.");
}

export interface ListOut<Item> {
  readonly data: Item[];
  readonly done: boolean;
  readonly iterator: string | null;
  readonly prevIterator: string | null;
}

/** `keyOf` says where an item lies in the list. An empty page leads back to where it was asked from. */
export function showPage<Item, Key, Shown>(
  page: Page<Key>,
  listed: Listed<Item>,
  form: CursorForm<Key>,
  how: { readonly keyOf: (item: Item) => Key; readonly show: (item: Item) => Shown },
): ListOut<Shown> {
  const first = listed.items[0];
  const last = listed.items.at(-1);
  const from = page.from;
  const asked = from === undefined ? undefined : form.write(from.key);
  return {
    data: listed.items.map((item) => how.show(item)),
    done: listed.done,
    iterator:
      last === undefined
        ? from?.side === "after" && asked !== undefined
          ? asked
          : null
        : form.write(how.keyOf(last)),
    prevIterator:
      first === undefined
        ? from?.side === "before" && asked !== undefined
          ? `-${asked}`
          : null
        : `-${form.write(how.keyOf(first))}`,
  };
}
