import { createHmac } from "node:crypto";

export const githubSecret = "a-secret-of-the-bench";

/** The headers that GitHub adds to a body, for the n-th delivery. */
export function githubHeaders(n: number, body: string): string {
  const signature = createHmac("sha256", githubSecret).update(body).digest("hex");
  const delivery = `72d3162e-cc78-11e3-81ab-${n.toString(16).padStart(12, "0")}`;
  return (
    "accept: */*\r\nuser-agent: GitHub-Hookshot/044aadd\r\nx-github-event: push\r\n" +
    "x-github-hook-id: 292430182\r\nx-github-hook-installation-target-id: 79929171\r\n" +
    `x-github-hook-installation-target-type: repository\r\nx-github-delivery: ${delivery}\r\n` +
    `x-hub-signature-256: sha256=${signature}\r\n`
  );
}
