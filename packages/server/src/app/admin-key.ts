import { createHash, randomBytes } from "node:crypto";
import type { ApiKeyId, IdSource } from "../domain/ids.ts";
import type { KeyStore } from "../ports/key-store.ts";
import { readPrivateFile, writePrivateFile } from "./data-folder.ts";

const configuredName = "POSTHORN_ADMIN_KEY";
const adminKeyFile = "admin.key";

export type AdminKey =
  /** Set by configuration, or made at an earlier start. */
  | { readonly kind: "known" }
  | { readonly kind: "made"; readonly token: string; readonly file: string | undefined };

interface Options {
  readonly dataDir: string;
  readonly configured: string | undefined;
  /** A person sees the output, so the key need not be written to a file. */
  readonly terminal: boolean;
  readonly now: number;
}

/**
 * Sees to it that an admin key exists. The store keeps only its hash, so a key that is made here is
 * shown once, or written once to a file of mode 0600 when nobody is looking.
 */
export async function ensureAdminKey(
  keys: KeyStore,
  ids: IdSource,
  options: Options,
): Promise<AdminKey> {
  if (options.configured !== undefined) {
    await adoptConfigured(keys, ids, options.configured, options.now);
    return { kind: "known" };
  }
  if ((await keys.countKeys()) > 0) return { kind: "known" };
  const token = `phk_${randomBytes(32).toString("base64url")}`;
  // The file is written before the key exists: a crash between the two leaves no lost key.
  const file = options.terminal ? undefined : keepInFile(options.dataDir, token);
  const kept = file?.token ?? token;
  await keys.createKey({
    id: ids.next("apiKey"),
    name: "first admin key",
    tokenHash: hashToken(kept),
    scope: { kind: "admin" },
    createdAt: options.now,
    revokedAt: null,
  });
  return { kind: "made", token: kept, file: file?.path };
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function keepInFile(dataDir: string, token: string): { path: string; token: string } {
  const earlier = readPrivateFile(dataDir, adminKeyFile)?.trim();
  if (earlier !== undefined && earlier !== "") {
    return { path: `${dataDir}/${adminKeyFile}`, token: earlier };
  }
  return { path: writePrivateFile(dataDir, adminKeyFile, `${token}\n`), token };
}

/** A changed POSTHORN_ADMIN_KEY replaces the one before it, which ends there and then. */
async function adoptConfigured(
  keys: KeyStore,
  ids: IdSource,
  token: string,
  now: number,
): Promise<void> {
  const tokenHash = hashToken(token);
  if ((await keys.findKeyByHash(tokenHash)) === undefined) {
    const made = await keys.createKey({
      id: ids.next("apiKey"),
      name: configuredName,
      tokenHash,
      scope: { kind: "admin" },
      createdAt: now,
      revokedAt: null,
    });
    // Before the former is revoked: else nobody could get in.
    if (made.kind === "token-taken") {
      throw new Error(`The key in ${configuredName} was revoked and stays so: choose a new one`);
    }
  }
  for (const old of await configuredKeys(keys)) {
    if (old.tokenHash !== tokenHash) await keys.revokeKey(old.id, now);
  }
}

async function configuredKeys(
  keys: KeyStore,
): Promise<readonly { readonly id: ApiKeyId; readonly tokenHash: string }[]> {
  const found: { id: ApiKeyId; tokenHash: string }[] = [];
  let after: ApiKeyId | undefined;
  for (;;) {
    const page = await keys.listKeys({
      limit: 250,
      order: "ascending",
      ...(after === undefined ? {} : { from: { key: after, side: "after" as const } }),
    });
    for (const key of page.items) {
      if (key.name === configuredName && key.revokedAt === null) found.push(key);
      after = key.id;
    }
    if (page.done) return found;
  }
}
