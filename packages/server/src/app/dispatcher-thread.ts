/** The dispatcher's thread: signs and sends beside the API's event loop, never in it. */
import { parentPort, workerData } from "node:worker_threads";
import { createSystemClock, type ClockOrigin } from "../adapters/clock.ts";
import { createSigner } from "../adapters/crypto/signer.ts";
import { createVault } from "../adapters/crypto/vault.ts";
import { webhookSchemes } from "../adapters/crypto/webhook-schemes.ts";
import { type HttpSenderOptions, openHttpSender } from "../adapters/http/http-sender.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { createResign } from "../dispatch/resign.ts";
import type { DispatchSettings } from "../dispatch/settings.ts";
import { createIdCodec, createIdSource } from "../domain/ids.ts";
import type { Installation } from "../ports/store.ts";
import { type DispatchLink, connectToStore } from "./dispatch-link.ts";

/** What the thread is started with. */
export interface DispatcherThreadInput {
  readonly link: DispatchLink;
  readonly masterKey: Uint8Array;
  readonly installation: Installation;
  readonly clock: ClockOrigin;
  readonly sender: HttpSenderOptions;
  readonly settings: DispatchSettings;
}

export type DispatcherThreadMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "stopped" }
  | { readonly kind: "fatal"; readonly error: Error }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn" | "error";
      readonly fields: object;
      readonly text: string;
    };

const main = parentPort;
if (main === null) throw new Error("dispatcher-thread is a worker's entry");
// The parent passes nothing else.
const input = workerData as DispatcherThreadInput;

const clock = createSystemClock(input.clock);
const link = await connectToStore(input.link);
const { feed, sharing, store } = link;
const vault = createVault(input.masterKey);
const dispatcher = createDispatcher({
  store,
  feed,
  ...(sharing === undefined ? {} : { sharing }),
  sender: openHttpSender(input.sender),
  signer: createSigner(),
  vault,
  resign: createResign({ sources: store, vault, schemes: webhookSchemes, now: clock.now }),
  clock,
  // It spreads retries; nobody gains by guessing it.
  random: Math.random,
  // The API's are of the node before.
  ids: createIdSource(clock.now, input.installation.lastId, input.installation.idNode + 1),
  idCodec: createIdCodec(input.installation.name),
  log: { info: logTo("info"), warn: logTo("warn"), error: logTo("error") },
  settings: input.settings,
  onFatal: (error) => tell({ kind: "fatal", error }),
});

main.on("message", (message: "stop") => {
  if (message === "stop") void stop();
});
await dispatcher.start();
tell({ kind: "ready" });

async function stop(): Promise<void> {
  await dispatcher.stop();
  tell({ kind: "stopped" });
  await link.disconnect();
  main?.close();
}

function logTo(level: "info" | "warn" | "error") {
  return (fields: object, text: string): void => tell({ kind: "log", level, fields, text });
}

function tell(message: DispatcherThreadMessage): void {
  main?.postMessage(message);
}
