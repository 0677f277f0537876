export { checkReceiver, checks } from "./check-receiver.ts";
export { CannotCheckError } from "./options.ts";
export type { CheckReceiverOptions, Progress } from "./options.ts";
export type { CheckResult, Report, Trial, TrialAnswer } from "./report.ts";
