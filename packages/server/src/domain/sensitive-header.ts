/** Whether a header's value is a secret by its name, and never shown again. */
export function isSensitiveHeader(name: string): boolean {
  return /^(?:proxy-)?authorization$|^(?:set-)?cookie$|(?:^|[-_])(?:auth|credentials?|key|apikey|password|secret|signature|token)$/i.test(
    name,
  );
}

/** Whether a provider's header holds what it authenticates itself with: `x-hub-signature-256`. */
export function isProofHeader(name: string): boolean {
  return isSensitiveHeader(name) || /signature|hmac|token|secret|content-mac/i.test(name);
}
