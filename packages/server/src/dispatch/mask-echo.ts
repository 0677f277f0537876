import { isSensitiveHeader } from "../domain/sensitive-header.ts";
import type { ReceivedResponse } from "../domain/outcome.ts";
import type { SendRequest } from "../ports/sender.ts";

const mask = "********";
// Shorter values would be found in answers that have nothing to do with them.
const shortest = 6;

/**
 * What a receiver answers is kept in clear. One that echoes its request must not bring the values
 * of sensitive headers there, which lie sealed everywhere else.
 */
export function maskEchoes(
  request: SendRequest,
  customNames: readonly string[],
  response: ReceivedResponse,
): ReceivedResponse {
  const secrets = secretsIn(request, customNames);
  if (secrets.length === 0) return response;
  const headers = response.headers.map(
    ([name, value]) =>
      [name, secrets.reduce((text, secret) => text.replaceAll(secret, mask), value)] as const,
  );
  return { ...response, headers, body: maskBody(response.body, secrets) };
}

function secretsIn(request: SendRequest, names: readonly string[]): readonly string[] {
  return names.filter(isSensitiveHeader).flatMap((name) => {
    const value = request.headers[name.toLowerCase()] ?? "";
    // The whole value first: masking its part would leave the rest of it unfound.
    return [value, ...credentialsOf(value)].filter((secret) => secret.length >= shortest);
  });
}

/** `Bearer abc`: the scheme is no secret, and an echo may leave it out. */
function credentialsOf(value: string): readonly string[] {
  const credentials = value.slice(value.indexOf(" ") + 1);
  return credentials === value ? [] : [credentials];
}

function maskBody(body: Uint8Array, secrets: readonly string[]): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!secrets.some((secret) => bytes.includes(secret))) return body;
  // latin1 keeps every byte, so that what is not a secret stays as it came.
  const text = secrets.reduce(
    (masked, secret) => masked.replaceAll(Buffer.from(secret).toString("latin1"), mask),
    bytes.toString("latin1"),
  );
  return new Uint8Array(Buffer.from(text, "latin1"));
}
