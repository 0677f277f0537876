import { settings } from "../packages/server/src/app/settings.ts";

/** docs/configuration.md. */
export function configurationPage(): string {
  const rows = Object.entries(settings).map(
    ([name, { env, fallback, what }]) => `| \`${env}\` | \`${name}\` | ${fallback} | ${what} |`,
  );
  return `# Configuration

Settings come from the environment and, when \`POSTHORN_CONFIG\` names one, from a JSON file with the
names of the second column; the environment wins. A wrong or unknown setting stops the start with a
list of all faults. \`posthorn config\` prints what is in force, with secrets masked.

\`npm start\` and \`posthorn serve --dev\` run in development mode: loopback targets (\`127.0.0.0/8\`,
\`::1/128\`) may be called. \`posthorn serve\` is strict.

| variable | in the file | default | what it is |
| --- | --- | --- | --- |
${rows.join("\n")}
| \`POSTHORN_CONFIG\` | | none | Path of the JSON file. |

\`posthorn key\` talks to a running server and takes these instead:

| variable | default | what it is |
| --- | --- | --- |
| \`POSTHORN_URL\` | http://127.0.0.1:7070 | Where the server is. |
| \`POSTHORN_API_KEY\` | | An admin API key. |

This page is generated from the sources by \`npm run generate\`.
`;
}
