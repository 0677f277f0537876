import {
  deliveryStates,
  options,
  reasons,
  requestOutcomes,
} from "../packages/server/src/domain/reasons.ts";

/** docs/reasons.md. */
export function reasonsPage(): string {
  const sectionOf = (state: string) => {
    const rows = Object.entries(reasons)
      .filter(([, entry]) => entry.state === state)
      .map(
        ([code, entry]) =>
          `| \`${code}\` | ${entry.sentence} | ${entry.options.map((each) => `\`${each}\``).join(" ")} |`,
      );
    return `## ${state}\n\n| reason | what it means | options |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  };
  const optionRows = Object.entries(options).map(([code, what]) => `| \`${code}\` | ${what} |`);
  return `# Reasons

Each delivery is in one of ${deliveryStates.length} states and has one reason for it. Both are on
\`GET /api/v1/app/{app_id}/msg/{msg_id}/endpoint\` (\`state\`, \`reason\`, \`options\`). To the wire contract
\`scheduled\` and \`held\` are pending (1; under way: sending, 3), \`succeeded\` is success (0), \`failed\`
is fail (2) and \`discarded\` is canceled (4).

${deliveryStates.map(sectionOf).join("\n")}
## Requests at sources

Each request at a source has one of ${requestOutcomes.length} outcomes and one reason for it, on
\`GET /api/v1/source/{source_id}/request\` (\`outcome\`, \`reason\`, \`options\`).

${requestOutcomes.map(sectionOf).join("\n")}
## Options

| option | what to do |
| --- | --- |
${optionRows.join("\n")}

This page is generated from the sources by \`npm run generate\`.
`;
}
