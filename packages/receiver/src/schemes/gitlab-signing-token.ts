import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

/** GitLab's newer form, which covers the body; `gitlabToken` is the older one. */
export const gitlabSigningToken: Scheme = {
  name: "gitlab-signing-token",
  title: "GitLab (signing token)",
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "object_kind" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 10_000,
};
