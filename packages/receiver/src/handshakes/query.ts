import type { RequestView } from "../request.ts";

/** The parameters of the URL; of one that is there twice none, because which one counts differs by framework. */
export function queryOf({ url }: RequestView): (name: string) => string | undefined {
  const at = url?.indexOf("?") ?? -1;
  const text = url === undefined || at < 0 ? "" : (url.slice(at + 1).split("#")[0] ?? "");
  const parameters = new URLSearchParams(text);
  return (name) => {
    const [value, ...more] = parameters.getAll(name);
    return more.length > 0 ? undefined : value;
  };
}
