import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createVault } from "../adapters/crypto/vault.ts";
import type { SealedText } from "../domain/endpoint.ts";
import type { Vault } from "../ports/vault.ts";
import { readPrivateFile, writePrivateFile } from "./data-folder.ts";

const keyFile = "master.key";
export const masterKeyCheckFile = "master.key.check";
const checkText = "posthorn";

/** Keeps a sealed word beside the store, so that a wrong key is told at the start. */
export interface KeyCheck {
  readonly read: () => Promise<string | undefined>;
  /** Unless there is one already. */
  readonly write: (text: string) => Promise<void>;
}

export interface MasterKey {
  readonly bytes: Uint8Array;
  readonly vault: Vault;
}

/**
 * The key that seals secrets at rest: `given`, or the key file of the data folder, which is made
 * when the store is new. The check tells a wrong key before anything is sealed with it. Throws with
 * what to do when the key is missing or another one.
 */
export async function loadMasterKey(
  dataDir: string,
  given: Uint8Array | undefined,
  check: KeyCheck = checkInFolder(dataDir),
): Promise<MasterKey> {
  const before = await check.read();
  const bytes = given ?? readKeyFile(dataDir) ?? makeKeyFile(dataDir, before);
  const vault = createVault(bytes);
  if (before === undefined) await check.write(vault.seal(checkText));
  // Read again: another process may have been faster with another key.
  const kept = before ?? (await check.read()) ?? "";
  assertOpens(vault, kept.trim(), dataDir);
  return { bytes, vault };
}

function checkInFolder(dataDir: string): KeyCheck {
  return {
    read: async () => readPrivateFile(dataDir, masterKeyCheckFile),
    write: async (text) => void writePrivateFile(dataDir, masterKeyCheckFile, text),
  };
}

function readKeyFile(dataDir: string): Uint8Array | undefined {
  const text = readPrivateFile(dataDir, keyFile);
  if (text === undefined) return undefined;
  const bytes = new Uint8Array(Buffer.from(text.trim(), "base64"));
  if (bytes.length !== 32) {
    throw new Error(
      `${join(dataDir, keyFile)} does not hold 32 bytes in base64: restore it from where it was kept`,
    );
  }
  return bytes;
}

function makeKeyFile(dataDir: string, check: string | undefined): Uint8Array {
  if (check !== undefined) {
    throw new Error(
      `The master key of ${dataDir} is missing: set POSTHORN_MASTER_KEY or put ${keyFile} back. ` +
        "Without it the stored endpoint secrets cannot be read.",
    );
  }
  const bytes = randomBytes(32);
  writePrivateFile(dataDir, keyFile, `${bytes.toString("base64")}\n`);
  return new Uint8Array(bytes);
}

function assertOpens(vault: Vault, check: string, dataDir: string): void {
  try {
    // Only text that this vault sealed opens, so the cast cannot let another text through.
    vault.open(check as SealedText);
  } catch (cause) {
    throw new Error(
      `The master key is not the one that ${dataDir} was sealed with: check POSTHORN_MASTER_KEY, or ${keyFile}`,
      { cause },
    );
  }
}
