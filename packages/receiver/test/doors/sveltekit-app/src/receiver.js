import { createReceiver, github, memoryInbox } from "@posthorn/receiver";

export const seen = [];

export const receiver = createReceiver({
  scheme: github,
  secrets: "s3cret",
  inbox: memoryInbox(),
  maxBodyBytes: 100_000,
  onNotice: () => undefined,
  on: { "*": ({ body }) => void seen.push(btoa(String.fromCharCode(...body))) },
});
