/** Whether a header's value is a secret by its name, and never shown again. */
export function isSensitiveHeader(name: string): boolean {
  return /^(?:proxy-)?authorization$|^(?:set-)?cookie$|(?:^|[-_])(?:auth|credentials?|key|apikey|password|secret|signature|token)$/i.test(
    name,
  );
}
