/**
 * Where a request may go. A URL is judged by its text (`judgeTargetUrl`) and, when connecting, by
 * every address that its name resolved to (`judgeAddresses`): only the second can be relied on,
 * because a name may resolve to anything at any time.
 */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The CIDRs that the operator allows although the guard would refuse them. */
export interface AllowedTargets {
  readonly ranges: readonly (readonly [Address, number])[];
}

export interface Target {
  readonly secure: boolean;
  /** Scheme, host and port in the URL parser's normal form: what connections are kept by. */
  readonly origin: string;
  /** Without the brackets of an IPv6 literal. */
  readonly hostname: string;
  readonly port: number;
  /** Path and query: the request's target. */
  readonly path: string;
  /** The URL names an address, so there is nothing to resolve. */
  readonly literal: boolean;
  /** The port belongs to another protocol: every address must be covered by an allowed CIDR. */
  readonly foreignPort: boolean;
}

export type TargetVerdict =
  | { readonly kind: "usable"; readonly target: Target }
  | {
      readonly kind: "refused";
      readonly errorClass: "invalid-url" | "address-blocked";
      /** One sentence for people. Names the host or address, never userinfo, path or query. */
      readonly detail: string;
    };

export type AddressVerdict =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly address: string; readonly why: string };

const allowed: AddressVerdict = { kind: "allowed" };

/** Longer URLs are refused by common servers, too (RFC 9110 §4.1 asks for 8,000 octets at least). */
const maxUrlLength = 8192;

/**
 * Ports of other protocols. A POST to one of them makes Posthorn speak to a mail or database server
 * in its operator's name: the Fetch standard's "bad ports" (https://fetch.spec.whatwg.org/#port-blocking),
 * and well known data stores, queues and consoles that the list (made for browsers) leaves out.
 */
const foreignPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
  // SMB, SQL Server, Oracle, ZooKeeper, MySQL, RDP, Postgres, AMQP, VNC, Redis, Cassandra, Kafka,
  // memcached, MongoDB
  445, 1433, 1521, 2181, 3306, 3389, 5432, 5672, 5900, 6379, 9042, 9092, 11211, 27017,
]);

/** Throws when an entry is neither a CIDR nor an address: a configuration mistake. */
export function parseAllowedTargets(cidrs: readonly string[]): AllowedTargets {
  return { ranges: cidrs.map(parseRange) };
}

function parseRange(cidr: string): readonly [Address, number] {
  const text = cidr.trim();
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text)) {
    return ipaddr.parseCIDR(text);
  }
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return [ipaddr.parse(text), 32];
  if (ipaddr.IPv6.isValid(text)) return [ipaddr.parse(text), 128];
  throw new Error(`Not a CIDR such as 10.0.0.0/8 or fd00::/8: ${cidr}`);
}

/** Judges what can be judged without resolving the name. `usable` is no promise that it stays so. */
export function judgeTargetUrl(url: string, allowedTargets: AllowedTargets): TargetVerdict {
  if (url.length > maxUrlLength) {
    return invalid(`The URL is longer than ${maxUrlLength} characters.`);
  }
  // The parser drops tabs and line breaks inside and blanks around; what people see must be what is used.
  if (hasBlankOrControl(url)) {
    return invalid("The URL has a blank or control character; percent-encode it.");
  }
  const parsed = URL.parse(url);
  if (parsed === null) return invalid("The URL cannot be parsed.");
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    return invalid("The URL must begin with https:// or http://.");
  }
  // `http:host` and `http:///host` mean `http://host` to the parser, and something else to people.
  if (!/^https?:\/\/[^/\\]/i.test(url)) return invalid("The URL has no host after the scheme.");
  if (parsed.username !== "" || parsed.password !== "") {
    return invalid("The URL has a user name or password; send credentials in a header instead.");
  }
  return judgeTarget(targetOf(parsed), allowedTargets);
}

function targetOf(url: URL): Target {
  const secure = url.protocol === "https:";
  const bracketed = url.hostname.startsWith("[");
  const hostname = bracketed ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return {
    secure,
    origin: url.origin,
    hostname,
    port,
    path: url.pathname + url.search,
    // The parser has turned 0177.0.0.1, 2130706433 and 0x7f.1 into four decimal parts.
    literal: bracketed || ipaddr.IPv4.isValidFourPartDecimal(hostname),
    foreignPort: foreignPorts.has(port),
  };
}

function judgeTarget(target: Target, allowedTargets: AllowedTargets): TargetVerdict {
  if (target.literal) {
    const verdict = judgeAddresses([target.hostname], target, allowedTargets);
    if (verdict.kind === "refused") return blocked(describeRefusal(verdict));
  } else if (target.foreignPort && allowedTargets.ranges.length === 0) {
    return blocked(`Port ${target.port} belongs to another protocol than HTTP.`);
  }
  return { kind: "usable", target };
}

/**
 * Judges all addresses of a name. One refused address refuses the name: with a mixed answer the
 * owner of the name would choose by chance or by failing connections which one is used.
 */
export function judgeAddresses(
  addresses: readonly string[],
  target: Pick<Target, "port" | "foreignPort">,
  allowedTargets: AllowedTargets,
): AddressVerdict {
  for (const address of addresses) {
    const verdict = judgeAddress(address, allowedTargets);
    if (verdict.kind === "refused") return verdict;
    if (target.foreignPort && !isCovered(address, allowedTargets)) {
      return refused(address, `port ${target.port} belongs to another protocol than HTTP`);
    }
  }
  return allowed;
}

/** Allows public unicast addresses, and what an allowed CIDR covers. */
export function judgeAddress(address: string, allowedTargets: AllowedTargets): AddressVerdict {
  const parsed = parseAddress(address);
  if (parsed === undefined) return refused(address, "not an IP address");
  if (isInside(parsed, allowedTargets)) return allowed;
  const why = isIPv4(parsed) ? whyIPv4(parsed) : whyIPv6(parsed);
  return why === undefined ? allowed : refused(address, why);
}

/** One sentence for people about a refused address. */
export function describeRefusal(verdict: {
  readonly address: string;
  readonly why: string;
}): string {
  return (
    `The address ${verdict.address} is refused (${verdict.why}). ` +
    "If this receiver is meant to be reached, allow its network by CIDR."
  );
}

function isCovered(address: string, allowedTargets: AllowedTargets): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && isInside(parsed, allowedTargets);
}

/** Strict: ipaddr.js alone would read `010.0.0.1` as octal and `10.1` as a short form. */
function parseAddress(address: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  if (ipaddr.IPv6.isValid(address)) return ipaddr.IPv6.parse(address);
  return undefined;
}

/** A mapped address (`::ffff:10.0.0.1`) is the IPv4 address it carries, so IPv4 CIDRs match it. */
function isInside(address: Address, allowedTargets: AllowedTargets): boolean {
  if (allowedTargets.ranges.length === 0) return false;
  const mapped =
    !isIPv4(address) && address.isIPv4MappedAddress() ? address.toIPv4Address() : undefined;
  return allowedTargets.ranges.some(
    ([range, bits]) =>
      (range.kind() === address.kind() && address.match(range, bits)) ||
      (mapped !== undefined && range.kind() === "ipv4" && mapped.match(range, bits)),
  );
}

function isIPv4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === "ipv4";
}

/** Azure's host services (metadata, DNS, health) answer on this public-looking address. */
const azureHost = "168.63.129.16";

function whyIPv4(address: ipaddr.IPv4): string | undefined {
  const range = address.range();
  if (range !== "unicast") return range;
  return address.toString() === azureHost ? "cloud host services" : undefined;
}

/**
 * Global unicast is 2000::/3 alone (IANA), so a form that ipaddr.js does not know (IPv4-compatible
 * `::7f00:1` among them) is refused by default.
 */
const globalUnicast = ipaddr.IPv6.parse("2000::");

function whyIPv6(address: ipaddr.IPv6): string | undefined {
  const range = address.range();
  if (range !== "unicast") return range;
  return address.match(globalUnicast, 3) ? undefined : "not global unicast";
}

function hasBlankOrControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return true;
  }
  return false;
}

function refused(address: string, why: string): AddressVerdict & { readonly kind: "refused" } {
  return { kind: "refused", address, why };
}

function invalid(detail: string): TargetVerdict {
  return { kind: "refused", errorClass: "invalid-url", detail };
}

function blocked(detail: string): TargetVerdict {
  return { kind: "refused", errorClass: "address-blocked", detail };
}
