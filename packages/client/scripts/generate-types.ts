import openapiTs, { astToString } from "openapi-typescript";

/** packages/client/src/schema.gen.ts: the types of every path and schema in the document. */
export async function clientTypes(openApi: string): Promise<string> {
  const nodes = await openapiTs(openApi, { alphabetize: true });
  return `// Generated from docs/openapi.json by npm run generate.\n\n${astToString(nodes)}`;
}
