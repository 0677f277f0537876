/**
 * Refuses schemas that lead back to themselves without going into the payload: such a schema has no
 * end for any payload that comes to it (JSON Schema 2020-12 core, section 9.4.1).
 */
import type { Ajv, AnySchema, KeywordCxt } from "ajv";
import { resolveRef, SchemaEnv } from "ajv/dist/compile/index.js";

/** Of schemas and those they apply to the very value that they are applied to. */
type References = Map<AnySchema, Set<AnySchema>>;

/** Records, while `ajv` compiles, what refers to what; the function returned judges it. */
export function watchReferences(ajv: Ajv): () => boolean {
  const references: References = new Map();
  watch(ajv, "$ref", (context) => {
    const target = targetOf(context);
    // At another level it is a part of the value that the reference is applied to.
    if (target !== undefined && context.it.dataLevel === 0) {
      const from = context.it.schemaEnv.schema;
      references.set(from, (references.get(from) ?? new Set()).add(target));
    }
  });
  watch(ajv, "$dynamicRef", ({ schema, it }) => {
    const anchor = String(schema).slice(1);
    // The compiler would take the schema around it instead.
    if (anchor === "" || it.schemaEnv.root.dynamicAnchors[anchor] !== true) {
      throw new Error(`"$dynamicRef" names no "$dynamicAnchor" before it: #${anchor}`);
    }
  });
  return () => hasCycle(references);
}

function watch(ajv: Ajv, keyword: string, see: (context: KeywordCxt) => void): void {
  const rule = ajv.RULES.all[keyword];
  if (typeof rule !== "object" || !("code" in rule.definition)) return;
  const { definition } = rule;
  const { code } = definition;
  definition.code = (context, type) => {
    see(context);
    code(context, type);
  };
}

function targetOf({ schema, it }: KeywordCxt): AnySchema | undefined {
  const { root } = it.schemaEnv;
  if ((schema === "#" || schema === "#/") && it.baseId === root.baseId) return root.schema;
  const target = resolveRef.call(it.self, root, it.baseId, String(schema));
  return target instanceof SchemaEnv ? target.schema : target;
}

function hasCycle(references: References): boolean {
  const done = new Set<AnySchema>();
  const under = new Set<AnySchema>();
  const leadsBack = (schema: AnySchema): boolean => {
    if (under.has(schema)) return true;
    if (done.has(schema)) return false;
    under.add(schema);
    const isCycle = [...(references.get(schema) ?? [])].some(leadsBack);
    under.delete(schema);
    done.add(schema);
    return isCycle;
  };
  return [...references.keys()].some(leadsBack);
}
