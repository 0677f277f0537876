import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key made just now, and a certificate for it that it signed itself, both PEM. */
export interface Certified {
  readonly key: string;
  readonly cert: string;
}

const ecdsaWithSha256 = Buffer.from("06082a8648ce3d040302", "hex");
const rsaWithSha256 = Buffer.from("06092a864886f70d01010b0500", "hex");
const commonName = Buffer.from("0603550403", "hex");
const alternativeNames = Buffer.from("0603551d11", "hex");

/** `hosts`: what a TLS server of it may be called; the certificate is its own authority. */
export function selfSigned(kind: "rsa" | "ec", hosts: readonly string[] = []): Certified {
  const { privateKey, publicKey } =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(0x30, kind === "rsa" ? rsaWithSha256 : ecdsaWithSha256);
  const certified = der(0x30, ...fieldsOf(publicKey, algorithm, hosts));
  const signature = der(0x03, Buffer.of(0), sign("sha256", certified, privateKey));
  const base64 = der(0x30, certified, algorithm, signature).toString("base64");
  const lines = base64.replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** RFC 5280 §4.1: version, serial number, signature's algorithm, issuer, validity, subject, key, extensions. */
function fieldsOf(key: KeyObject, algorithm: Buffer, hosts: readonly string[]): readonly Buffer[] {
  const text = der(0x30, commonName, der(0x0c, Buffer.from("a test")));
  const name = der(0x30, der(0x31, text));
  const validity = der(0x30, time("20200101000000Z"), time("21200101000000Z"));
  const names = der(0x30, ...hosts.map((host) => der(0x82, Buffer.from(host))));
  const extension = der(0x30, alternativeNames, der(0x04, names));
  return [
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    validity,
    name,
    key.export({ format: "der", type: "spki" }),
    ...(hosts.length === 0 ? [] : [der(0xa3, der(0x30, extension))]),
  ];
}

function time(text: string): Buffer {
  return der(0x18, Buffer.from(text));
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
