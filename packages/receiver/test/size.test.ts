import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

const entry = `
  import { standardWebhooks, verify } from "@posthorn/receiver";
  import { github } from "@posthorn/receiver/schemes/github";
  export const run = (request, secret) =>
    Promise.all([verify(standardWebhooks, request, secret), verify(github, request, secret)]);
`;

async function bundle(): Promise<string> {
  const name = "entry.js";
  const built = await rolldown({
    input: name,
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    resolve: { conditionNames: ["@posthorn/source", "import", "default"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) =>
          id === name ? fileURLToPath(new URL("entry.js", import.meta.url)) : undefined,
        load: (id) => (id.endsWith("/entry.js") ? entry : undefined),
      },
    ],
  });
  const { output } = await built.generate({ format: "esm", minify: true });
  await built.close();
  return output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
}

test("Standard Webhooks and one provider take at most 12 kB, gzipped", async () => {
  const code = await bundle();
  const bytes = gzipSync(code, { level: 9 }).length;
  console.log(`${bytes} bytes gzipped, ${code.length} before`);
  expect(code).toContain("x-hub-signature-256");
  expect(code).toContain("standard-webhooks");
  expect(code).not.toContain("x-slack-signature");
  expect(bytes).toBeLessThanOrEqual(12_000);
});
