import { staticHeader } from "../checks/static-secret.ts";
import type { Scheme } from "../scheme.ts";

/** The token does not cover the body; `gitlabSigningToken` does. */
export const gitlabToken: Scheme = {
  name: "gitlab-token",
  title: "GitLab (secret token)",
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  check: staticHeader("x-gitlab-token"),
  event: { id: { header: "x-gitlab-event-uuid" }, type: { header: "x-gitlab-event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 10_000,
};
