import { readdirSync, readFileSync } from "node:fs";
import type { Scheme } from "../src/scheme.ts";
import * as schemeModule from "../src/schemes/index.ts";
import type { HandshakeCase, VectorFile } from "./vector-cases.ts";

const folder = new URL("vectors/", import.meta.url);

export function readVectorFiles(): readonly VectorFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name): VectorFile => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
}

export function readHandshakes(): readonly HandshakeCase[] {
  const file = new URL("handshakes/handshakes.json", folder);
  const { cases }: { cases: readonly HandshakeCase[] } = JSON.parse(readFileSync(file, "utf8"));
  return cases;
}

const schemes: readonly Scheme[] = Object.values(schemeModule);

export function schemeNamed(name: string): Scheme | undefined {
  return schemes.find((scheme) => scheme.name === name);
}
