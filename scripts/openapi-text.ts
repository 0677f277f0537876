import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "../packages/server/src/adapters/clock.ts";
import { createVault } from "../packages/server/src/adapters/crypto/vault.ts";
import { webhookSchemes } from "../packages/server/src/adapters/crypto/webhook-schemes.ts";
import { openHttpOutbound } from "../packages/server/src/adapters/http/http-outbound.ts";
import { openSqliteStore } from "../packages/server/src/adapters/sqlite/open-sqlite-store.ts";
import { createLogger } from "../packages/server/src/app/log.ts";
import { buildOpenApi } from "../packages/server/src/api/openapi.ts";
import { createApi } from "../packages/server/src/api/server.ts";
import { createIdCodec, createIdSource } from "../packages/server/src/domain/ids.ts";
import { parseAllowedTargets } from "../packages/server/src/domain/target.ts";

/** docs/openapi.json, as the API itself describes its routes. */
export async function openApiText(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "posthorn-openapi-"));
  const store = await openSqliteStore({ dataDir });
  const { now } = createSystemClock();
  const outbound = openHttpOutbound({ userAgent: "Posthorn" });
  const api = createApi({
    store,
    partitions: 1,
    ids: createIdSource(now),
    codec: createIdCodec((await store.installation()).name),
    vault: createVault(randomBytes(32)),
    schemes: webhookSchemes,
    outbound,
    now,
    wallMs: now,
    random: randomBytes,
    settings: {
      maxPayloadBytes: 2 ** 20,
      maxInboundBytes: 2 ** 20,
      keepRejectedHours: 24,
      trustedProxies: [],
      corsOrigins: [],
      retentionDays: 90,
      allowedTargets: parseAllowedTargets([]),
      userAgent: "Posthorn",
      svixHeaders: false,
    },
    log: createLogger("silent"),
  });
  try {
    await api.ready();
    return buildOpenApi(api);
  } finally {
    await api.close();
    await outbound.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
