export { github } from "./github.ts";
export { slack } from "./slack.ts";
export { standardWebhooks } from "./standard-webhooks.ts";
export { stripe } from "./stripe.ts";
