import { deliveryStates, options, reasons } from "../packages/server/src/domain/reasons.ts";

/** docs/reasons.md. */
export function reasonsPage(): string {
  const sections = deliveryStates.map((state) => {
    const rows = Object.entries(reasons)
      .filter(([, entry]) => entry.state === state)
      .map(
        ([code, entry]) =>
          `| \`${code}\` | ${entry.sentence} | ${entry.options.map((each) => `\`${each}\``).join(" ")} |`,
      );
    return `## ${state}\n\n| reason | what it means | options |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  const optionRows = Object.entries(options).map(([code, what]) => `| \`${code}\` | ${what} |`);
  return `# Reasons

Each delivery is in one of ${deliveryStates.length} states and has one reason for it. Both are on
\`GET /api/v1/app/{app_id}/msg/{msg_id}/endpoint\` (\`state\`, \`reason\`, \`options\`). To the wire contract
\`scheduled\` and \`held\` are pending (1; under way: sending, 3), \`succeeded\` is success (0), \`failed\`
is fail (2) and \`discarded\` is canceled (4).

${sections.join("\n")}
## Options

| option | what to do |
| --- | --- |
${optionRows.join("\n")}

This page is generated from the sources by \`npm run generate\`.
`;
}
