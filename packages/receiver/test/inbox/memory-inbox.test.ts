import { memoryInbox } from "../../src/inbox/memory-inbox.ts";
import { describeInbox } from "./inbox-suite.ts";

describeInbox("the memory inbox", async () => {
  const inbox = memoryInbox();
  return { inboxes: [inbox, inbox], close: async () => undefined };
});
