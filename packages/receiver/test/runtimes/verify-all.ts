import { answerHandshake, sign, verify } from "@posthorn/receiver";
import type { Scheme } from "@posthorn/receiver";
import * as schemeModule from "@posthorn/receiver/schemes";
import { publishedPrivateKey, sharedSecret } from "../samples.ts";
import {
  askedOf,
  bodyOf,
  configOf,
  handshakeReading,
  reading,
  secretsOf,
} from "../vector-cases.ts";
import type { HandshakeCase, VectorFile } from "../vector-cases.ts";

/** What a runtime is given: JSON, because it is another process. */
export interface Work {
  readonly files: readonly VectorFile[];
  readonly handshakes: readonly HandshakeCase[];
  /** Keys to sign with as PEM, because a curve's signature has chance in it and must be verified. */
  readonly keys: { readonly rsa: string; readonly ec: string; readonly ecPublic: string };
}

const schemes: readonly Scheme[] = Object.values(schemeModule);

/** What this runtime makes of every vector and handshake, and what it signs: a line each. */
export async function verifyAll({ files, handshakes, keys }: Work): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { provider, cases } of files) {
    const scheme = schemeNamed(provider);
    for (const vector of cases) {
      const { options, request, secrets } = askedOf(vector);
      const verdict = await verify(scheme, request, secrets, options);
      lines.push(`${vector.id}: ${reading(verdict, vector)}`);
    }
  }
  for (const question of handshakes) {
    const { method, url, headers } = question.request;
    const request = { method, url, headers, body: bodyOf(question.request) };
    const options = { config: configOf(question), nowSeconds: question.now };
    const scheme = schemeNamed(question.provider);
    const answer = await answerHandshake(scheme, request, secretsOf(question), options);
    lines.push(`${question.id}: ${handshakeReading(answer)}`);
  }
  return [...lines, ...(await signAll(keys))];
}

/** Every way of signing that WebCrypto has a part in. */
async function signAll(keys: Work["keys"]): Promise<readonly string[]> {
  const message = {
    id: "msg_1",
    type: "invoice.paid",
    timestampSeconds: 1_767_250_382,
    body: '{"type":"invoice.paid","name":"Žofie 🦊"}',
  };
  const secrets: Readonly<Record<string, string>> = {
    "standard-webhooks": sharedSecret(7),
    "standard-webhooks-ed25519": publishedPrivateKey,
    github: "s3cret",
    stripe: "whsec_s3cret",
    heroku: "s3cret",
    wise: keys.rsa,
  };
  const lines: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    const { headers } = await sign(schemeNamed(name), message, secret);
    lines.push(`signed as ${name}: ${JSON.stringify(headers)}`);
  }
  const sendgrid = schemeNamed("sendgrid");
  const options = { nowSeconds: message.timestampSeconds };
  const signed = await sign(sendgrid, message, keys.ec);
  const own = await verify(sendgrid, signed, keys.ecPublic, options);
  return [...lines, `signed as sendgrid: ${own.kind}`];
}

function schemeNamed(name: string): Scheme {
  const found = schemes.find((scheme) => scheme.name === name);
  if (found === undefined) throw new Error(`no scheme ${name}`);
  return found;
}
