import { createClient, type Client } from "@posthorn/client";

export const whereHelp = `
The server is asked over its API: POSTHORN_URL says where it is (default http://127.0.0.1:7070), and
POSTHORN_API_KEY holds an admin key.`;

/** Of the server that the environment names. */
export function client(): Client {
  const token = process.env["POSTHORN_API_KEY"];
  if (token === undefined || token === "") {
    throw new Error(
      "Set POSTHORN_API_KEY to an admin API key; the server shows one at its first start",
    );
  }
  // As a header it would be refused with a message that has the key in it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Error("POSTHORN_API_KEY has a character that no API key has, such as a line break");
  }
  const url = process.env["POSTHORN_URL"] ?? "http://127.0.0.1:7070";
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new Error("POSTHORN_URL must be an http or https URL, such as http://127.0.0.1:7070");
  }
  return createClient({ url, token });
}
