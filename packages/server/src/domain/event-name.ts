const plain = /^(?!\.{1,2}$)[a-zA-Z0-9\-_.]{1,256}$/;
const longest = 256;

/**
 * The name, as the contract has names, of a provider's event type: `orders/create` is `orders.create`,
 * `Push Hook` is `push-hook`. What is such a name already stays as it is. Two types may share a name; the
 * provider's own is kept beside it.
 */
export function eventNameOf(providerType: string | null, scheme: string): string {
  if (providerType === null) return `${scheme}.event`;
  if (plain.test(providerType)) return providerType;
  const name = providerType
    .toLowerCase()
    .replaceAll(/[/:]+/g, ".")
    .replaceAll(/[^a-z0-9\-_.]+/g, "-")
    .replaceAll(/-*\.[-.]*/g, ".")
    .slice(0, longest)
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return name === "" ? `${scheme}.event` : name;
}
