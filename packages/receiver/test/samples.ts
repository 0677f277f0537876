/** The key pair that Svix prints in its documentation: a test key by intent. */
export const publishedPrivateKey =
  "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
export const publishedPublicKey = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

/** A shared secret whose key is `bytes` times `fill`. */
export function sharedSecret(fill: number, bytes = 24): string {
  return `whsec_${btoa(String.fromCharCode(fill).repeat(bytes))}`;
}

export function privateKey(fill: number): string {
  return `whsk_${btoa(String.fromCharCode(fill).repeat(32))}`;
}

/** A key without its prefix. */
export function keyOf(secret: string): Uint8Array {
  return Uint8Array.from(atob(secret.slice(secret.indexOf("_") + 1)), (char) => char.charCodeAt(0));
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
