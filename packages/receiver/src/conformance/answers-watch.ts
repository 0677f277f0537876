import type { Exchange } from "./exchange.ts";

const traces: readonly RegExp[] = [
  /\bat .{0,160}:\d+:\d+/,
  /[/\\]node_modules[/\\]/,
  /Traceback \(most recent call last\)/,
  /\bat [\w.$]+\([\w]+\.java:\d+\)/,
  /\bgoroutine \d+ \[/,
  /\bin \/\S+\.php(?::| on line )\d+/,
  /\.rb:\d+:in [`']/,
];

/** What an answer tells that it should not, in a word each. */
export function leaksOf(
  exchange: Exchange,
  secrets: readonly string[],
  unsaid: readonly string[],
): readonly string[] {
  if (exchange.kind === "failed") return [];
  const text = [...exchange.headers.map(([, value]) => value), exchange.body].join("\n");
  return [
    ...(secrets.some((secret) => text.includes(secret)) ? ["the secret"] : []),
    ...(unsaid.some((word) => text.includes(word)) ? ["the signature that would be right"] : []),
    ...(traces.some((trace) => trace.test(text)) ? ["a stack trace"] : []),
  ];
}

export function isRedirect(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status >= 300 && exchange.status < 400;
}

const excerptChars = 200;

/** The beginning of an answer, in one line, without what nobody should read. */
export function excerptOf(exchange: Exchange, hidden: readonly string[]): string | undefined {
  if (exchange.kind === "failed" || exchange.body === "") return undefined;
  let text = exchange.body;
  for (const word of hidden) text = text.replaceAll(word, "[hidden]");
  // Control characters would move a terminal's cursor.
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > excerptChars ? `${line.slice(0, excerptChars)}…` : line;
}
