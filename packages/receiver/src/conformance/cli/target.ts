import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Addresses of one's own machine and network. */
const own = new BlockList();
own.addSubnet("127.0.0.0", 8);
own.addSubnet("10.0.0.0", 8);
own.addSubnet("172.16.0.0", 12);
own.addSubnet("192.168.0.0", 16);
own.addSubnet("169.254.0.0", 16);
own.addAddress("::1", "ipv6");
own.addSubnet("fc00::", 7, "ipv6");
own.addSubnet("fe80::", 10, "ipv6");

export type Target =
  | { readonly kind: "own" }
  | { readonly kind: "remote" }
  | { readonly kind: "unknown"; readonly detail: string };

/** Whether a URL leads to one's own machine or network: every one of its addresses has to. */
export async function placeTarget(url: URL): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  if (family !== 0) return isOwn(host, family) ? { kind: "own" } : { kind: "remote" };
  try {
    const found = await lookup(host, { all: true });
    return found.every((each) => isOwn(each.address, each.family))
      ? { kind: "own" }
      : { kind: "remote" };
  } catch {
    return { kind: "unknown", detail: `The host ${host} is not known.` };
  }
}

function isOwn(address: string, family: number): boolean {
  return own.check(address, family === 6 ? "ipv6" : "ipv4");
}
