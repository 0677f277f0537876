import type { CryptoProvider, HashName } from "./crypto-provider.ts";
import { knownKeys } from "./known-keys.ts";
import { webCrypto } from "./web-crypto.ts";

/** What is used of `node:crypto`. */
interface NodeCrypto {
  createHmac(hash: string, key: NodeKey): Hashing;
  createHash(hash: string): Hashing;
  createSecretKey(key: Uint8Array): NodeKey;
}

/** A `KeyObject`: handing the bytes over for each HMAC would cost more than hashing 10 KB. */
interface NodeKey {
  readonly type: string;
}

interface Hashing {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
}

const nodeNames: Readonly<Record<HashName, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/**
 * The default provider: WebCrypto, but hashes by `node:crypto` where the runtime has it (Node, Bun, Deno, Workers
 * with `nodejs_compat`). WebCrypto hands each to another thread, which takes four times as long for 10 KB. It is
 * asked for at run time and never imported, so a bundle for any runtime stays as it is.
 */
export const platformCrypto: CryptoProvider = {
  ...webCrypto,

  hmac(hash, key, chunks) {
    const node = nodeCrypto();
    return node === undefined
      ? webCrypto.hmac(hash, key, chunks)
      : digestOf(node.createHmac(nodeNames[hash], keyOf(node, key)), chunks);
  },

  digest(hash, chunks) {
    const node = nodeCrypto();
    return node === undefined
      ? webCrypto.digest(hash, chunks)
      : digestOf(node.createHash(nodeNames[hash]), chunks);
  },
};

const keys = knownKeys<NodeKey>();

function keyOf(node: NodeCrypto, bytes: Uint8Array): NodeKey {
  const known = keys.get(bytes);
  if (known !== undefined) return known;
  const made = node.createSecretKey(bytes);
  keys.keep(bytes, made);
  return made;
}

function digestOf(hashing: Hashing, chunks: readonly Uint8Array[]): Uint8Array {
  for (const chunk of chunks) hashing.update(chunk);
  return hashing.digest();
}

let found: { readonly node: NodeCrypto | undefined } | undefined;

function nodeCrypto(): NodeCrypto | undefined {
  found ??= { node: find() };
  return found.node;
}

function find(): NodeCrypto | undefined {
  const process: unknown = Reflect.get(globalThis, "process");
  if (!hasBuiltins(process)) return undefined;
  const module = process.getBuiltinModule("node:crypto");
  return isNodeCrypto(module) ? module : undefined;
}

interface Builtins {
  getBuiltinModule(name: string): unknown;
}

function hasBuiltins(process: unknown): process is Builtins {
  return (
    typeof process === "object" &&
    process !== null &&
    "getBuiltinModule" in process &&
    typeof process.getBuiltinModule === "function"
  );
}

const needed = ["createHmac", "createHash", "createSecretKey"] as const;

function isNodeCrypto(module: unknown): module is NodeCrypto {
  if (typeof module !== "object" || module === null) return false;
  return needed.every((name) => typeof Reflect.get(module, name) === "function");
}
