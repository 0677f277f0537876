import { constantTimeEqual, utf8 } from "../bytes.ts";
import type { CryptoProvider } from "../crypto-provider.ts";

/** Compares secrets of any length without telling it: both are hashed first. */
export async function sameText(a: string, b: string, crypto: CryptoProvider): Promise<boolean> {
  const [first, second] = await Promise.all([
    crypto.digest("SHA-256", [utf8(a)]),
    crypto.digest("SHA-256", [utf8(b)]),
  ]);
  return constantTimeEqual(first, second);
}
