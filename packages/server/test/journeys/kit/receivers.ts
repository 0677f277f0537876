import { type Receiver, type ReceiverOptions, startReceiver } from "../../kit/receiver.ts";

const started: Receiver[] = [];

/** Starts a receiver that `closeReceivers` closes. */
export async function receiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  started.push(receiver);
  return receiver;
}

/** For `afterEach` or `afterAll`. */
export async function closeReceivers(): Promise<void> {
  await Promise.all(started.splice(0).map((each) => each.close()));
}

/** The ids of the messages that it got, repeated ones too, in order. */
export function idsOf(receiver: Receiver): readonly string[] {
  return receiver.requests.map(({ headers }) => headers["webhook-id"] ?? "");
}

/** A URL on this machine at which nothing listens. */
export async function urlOfNobody(): Promise<string> {
  const gone = await startReceiver();
  await gone.close();
  return gone.url;
}
