import { z } from "zod";
import type { ApiKey } from "../../domain/api-key.ts";
import type { IdCodec } from "../../domain/ids.ts";
import { showTime, showTimeOrNull, text, timeOut } from "./common.ts";

export const apiKeyIn = z
  .strictObject({
    name: text(256).min(1, "must not be empty"),
    application: z
      .string()
      .nullable()
      .optional()
      .meta({ description: "Id or uid of the one application that the key may use; none: admin." }),
  })
  .meta({ id: "ApiKeyIn" });

const fields = {
  id: z.string(),
  name: z.string(),
  scope: z.enum(["admin", "application"]),
  applicationId: z.string().nullable(),
  createdAt: timeOut,
  revokedAt: timeOut.nullable(),
};

export const apiKeyOut = z.object(fields).meta({ id: "ApiKeyOut" });

export const apiKeyCreated = z
  .object({ ...fields, token: z.string().meta({ description: "Shown this once." }) })
  .meta({ id: "ApiKeyCreatedOut" });

export function showApiKey(codec: IdCodec, key: ApiKey): z.output<typeof apiKeyOut> {
  const { scope } = key;
  return {
    id: codec.format("apiKey", key.id),
    name: key.name,
    scope: scope.kind,
    applicationId: scope.kind === "admin" ? null : codec.format("application", scope.application),
    createdAt: showTime(key.createdAt),
    revokedAt: showTimeOrNull(key.revokedAt),
  };
}
