import type { Socket } from "node:net";
import { type Failure, codeOf, failure } from "./failure.ts";

/** The egress proxy. Its own address is trusted and never judged: the operator chose it. */
export interface Proxy {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`. Goes to the proxy alone, never into a detail or log. */
  readonly authorization: string | undefined;
}

const maxHeadBytes = 16 * 1024;

/** Throws when it is no proxy URL: a configuration mistake. The message never shows the credentials. */
export function parseProxyUrl(proxyUrl: string): Proxy {
  const url = URL.parse(proxyUrl);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new Error("The proxy URL must look like http://proxy.example:3128");
  }
  const secure = url.protocol === "https:";
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    secure,
    hostname: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authorization:
      credentials === ":" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
  };
}

/**
 * Asks the proxy for a tunnel (RFC 9110 §9.3.6) to an address, not to a name: the proxy must not
 * resolve again what was checked here. Calls `done` once; the caller owns the socket.
 */
export function requestTunnel(
  socket: Socket,
  proxy: Proxy,
  to: { readonly address: string; readonly port: number },
  done: (failed: Failure | undefined) => void,
): void {
  const host = to.address.includes(":") ? `[${to.address}]` : to.address;
  let head = Buffer.alloc(0);

  const finish = (failed: Failure | undefined): void => {
    socket.off("readable", onReadable);
    socket.off("end", onEnd);
    socket.off("error", onError);
    done(failed);
  };
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end !== -1) {
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      finish(judgeTunnelAnswer(head.toString("latin1", 0, end), `${host}:${to.port}`));
    } else if (head.length > maxHeadBytes) {
      finish(failure("proxy-failed", "The proxy's answer to CONNECT is too large."));
    }
  };
  const onEnd = (): void => {
    finish(
      failure("proxy-failed", "The proxy closed the connection instead of answering CONNECT."),
    );
  };
  const onError = (error: Error): void => {
    finish(failure("proxy-failed", `The proxy did not answer CONNECT (${codeOf(error)}).`));
  };
  socket.on("readable", onReadable).on("end", onEnd).on("error", onError);

  const authorization =
    proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(
    `CONNECT ${host}:${to.port} HTTP/1.1\r\nHost: ${host}:${to.port}\r\n${authorization}\r\n`,
  );
}

function judgeTunnelAnswer(head: string, authority: string): Failure | undefined {
  const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(head)?.[1];
  if (status === undefined)
    return failure("proxy-failed", "The proxy does not answer in HTTP/1.1.");
  if (status.startsWith("2")) return undefined;
  if (status === "407") {
    return failure("proxy-failed", "The proxy wants other credentials (407). Check the proxy URL.");
  }
  return failure("proxy-failed", `The proxy refused a tunnel to ${authority} (${status}).`);
}
