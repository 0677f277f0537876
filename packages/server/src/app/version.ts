import { readFileSync } from "node:fs";

/** Of the package; its manifest lies two folders up, from the sources as from what is published. */
export const version: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const found =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? manifest.version
      : undefined;
  if (typeof found !== "string") throw new Error("package.json has no version");
  return found;
}
