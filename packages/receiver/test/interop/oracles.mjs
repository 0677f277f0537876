/**
 * What the providers' own libraries say and sign: reads a list of `{ library, ask, request, secret, config }` as JSON,
 * and writes a list of `{ accepted }` or of signed requests. A process of its own, because some of them change what the
 * process has globally. Plain JavaScript: they are installed when the tests run, and their types are not there before.
 */
import { createSecretKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , folder, input, output] = process.argv;
const requireFrom = createRequire(pathToFileURL(`${folder}/package.json`));

/** By scheme: whether the library takes a request. Throwing is refusing. */
const accepts = {
  adyen: ({ text, secret }) => {
    const { hmacValidator } = requireFrom("@adyen/api-library");
    const [{ NotificationRequestItem: item }] = JSON.parse(text).notificationItems;
    return new hmacValidator().validateHMAC(item, secret);
  },
  braintree: async ({ text, secret, config }) => {
    const form = new URLSearchParams(text);
    const gateway = braintreeGateway(config, secret);
    await gateway.webhookNotification.parse(form.get("bt_signature"), form.get("bt_payload"));
    return true;
  },
  cloudinary: ({ text, headers, secret }) => {
    const { v2 } = requireFrom("cloudinary");
    v2.config({ api_secret: secret });
    const [time, signature] = [headers["x-cld-timestamp"], headers["x-cld-signature"]];
    return v2.utils.verifyNotificationSignature(text, Number(time), signature);
  },
  "coinbase-commerce": ({ text, headers, secret }) => {
    const { Webhook } = requireFrom("coinbase-commerce-node");
    return Webhook.verifySigHeader(text, headers["x-cc-webhook-signature"], secret);
  },
  discord: ({ bytes, headers, secret }) => {
    const { verifyKey } = requireFrom("discord-interactions");
    return verifyKey(
      bytes,
      headers["x-signature-ed25519"],
      headers["x-signature-timestamp"],
      secret,
    );
  },
  gocardless: ({ text, headers, secret }) => {
    requireFrom("gocardless-nodejs/webhooks").verifySignature(
      text,
      secret,
      headers["webhook-signature"],
    );
    return true;
  },
  hook0: ({ bytes, headers, secret }) => {
    const { verifyWebhookSignature } = requireFrom("hook0-client");
    const given = new Headers(headers);
    const verdict = verifyWebhookSignature(headers["x-hook0-signature"], bytes, given, secret, 300);
    return verdict === true;
  },
  hubspot: ({ text, headers, secret, method, url }) => {
    const { Signature } = requireFrom("@hubspot/api-client");
    return Signature.isValid({
      signatureVersion: "v3",
      method,
      url,
      clientSecret: secret,
      requestBody: text,
      timestamp: Number(headers["x-hubspot-request-timestamp"]),
      signature: headers["x-hubspot-signature-v3"],
    });
  },
  line: ({ bytes, headers, secret }) =>
    requireFrom("@line/bot-sdk").validateSignature(bytes, secret, headers["x-line-signature"]),
  linear: ({ bytes, headers, secret }) => {
    const { LinearWebhookClient } = requireFrom("@linear/sdk/webhooks");
    return new LinearWebhookClient(secret).verify(bytes, headers["linear-signature"]);
  },
  lithic: ({ text, headers, secret }) => {
    const { Lithic } = requireFrom("lithic");
    new Lithic({ apiKey: "x" }).webhooks.verifySignature(text, headers, secret);
    return true;
  },
  livekit: async ({ text, headers, secret, config }) => {
    const { WebhookReceiver } = requireFrom("livekit-server-sdk");
    await new WebhookReceiver(config.apiKey, secret).receive(text, headers.authorization);
    return true;
  },
  messagebird: async ({ bytes, headers, secret, url }) => {
    const { verify } = requireFrom("messagebird/lib/webhook-signature-jwt.js");
    const key = createSecretKey(Buffer.from(secret));
    await verify(url, bytes, headers["messagebird-signature-jwt"], key);
    return true;
  },
  "modern-treasury": ({ text, headers, secret }) => {
    const { ModernTreasury } = requireFrom("modern-treasury");
    const client = new ModernTreasury({ apiKey: "x", organizationID: "x" });
    return client.webhooks.validateSignature(text, headers, { key: secret });
  },
  mux: async ({ text, headers, secret }) => {
    const { Mux } = requireFrom("@mux/mux-node");
    const client = new Mux({ tokenId: "x", tokenSecret: "x" });
    await client.webhooks.verifySignature(text, headers, secret);
    return true;
  },
  notion: ({ text, headers, secret }) =>
    requireFrom("@notionhq/client").verifyWebhookSignature({
      body: text,
      signature: headers["x-notion-signature"],
      verificationToken: secret,
    }),
  openai: async ({ text, headers, secret }) => {
    const { OpenAI } = requireFrom("openai");
    await new OpenAI({ apiKey: "x" }).webhooks.verifySignature(text, headers, secret);
    return true;
  },
  paddle: ({ text, headers, secret }) => {
    const { Paddle } = requireFrom("@paddle/paddle-node-sdk");
    return new Paddle("x").webhooks.isSignatureValid(text, secret, headers["paddle-signature"]);
  },
  plivo: ({ text, headers, secret, method, url }) =>
    requireFrom("plivo").validateV3Signature(
      method,
      url,
      headers["x-plivo-signature-v3-nonce"],
      secret,
      headers["x-plivo-signature-v3"],
      Object.fromEntries(new URLSearchParams(text)),
    ),
  pusher: ({ text, headers, secret, config }) => {
    const Pusher = requireFrom("pusher");
    const client = new Pusher({ appId: "1", key: config.appKey, secret, cluster: "eu" });
    const given = { ...headers, "content-type": "application/json" };
    return client.webhook({ headers: given, rawBody: text }).isValid();
  },
  razorpay: ({ text, headers, secret }) =>
    requireFrom("razorpay").validateWebhookSignature(text, headers["x-razorpay-signature"], secret),
  replicate: ({ text, headers, secret }) =>
    requireFrom("replicate").validateWebhook({
      id: headers["webhook-id"],
      timestamp: headers["webhook-timestamp"],
      signature: headers["webhook-signature"],
      body: text,
      secret,
    }),
  resend: ({ text, headers, secret }) => {
    const { Resend } = requireFrom("resend");
    const named = {
      id: headers["svix-id"],
      timestamp: headers["svix-timestamp"],
      signature: headers["svix-signature"],
    };
    new Resend("re_x").webhooks.verify({ payload: text, headers: named, webhookSecret: secret });
    return true;
  },
  sanity: ({ text, headers, secret }) =>
    requireFrom("@sanity/webhook").isValidSignature(
      text,
      headers["sanity-webhook-signature"],
      secret,
    ),
  sendgrid: ({ bytes, headers, secret }) => {
    const { EventWebhook } = requireFrom("@sendgrid/eventwebhook");
    const webhook = new EventWebhook();
    return webhook.verifySignature(
      webhook.convertPublicKeyToECDSA(secret),
      bytes,
      headers["x-twilio-email-event-webhook-signature"],
      headers["x-twilio-email-event-webhook-timestamp"],
    );
  },
  shopify: async ({ text, headers, secret }) => {
    requireFrom("@shopify/shopify-api/adapters/node");
    const { shopifyApi } = requireFrom("@shopify/shopify-api");
    const api = shopifyApi({
      apiKey: "x",
      apiSecretKey: secret,
      apiVersion: "2026-07",
      hostName: "shop.example",
      isEmbeddedApp: false,
      logger: { log: () => undefined },
    });
    const all = {
      ...headers,
      "x-shopify-topic": "orders/create",
      "x-shopify-api-version": "2026-07",
      "x-shopify-shop-domain": "shop.myshopify.com",
      "x-shopify-webhook-id": "1",
    };
    const verdict = await api.webhooks.validate({
      rawBody: text,
      rawRequest: { headers: all, method: "POST", url: "/" },
      rawResponse: {},
    });
    return verdict.valid;
  },
  slack: ({ text, headers, secret }) => {
    requireFrom("@slack/bolt").verifySlackRequest({
      signingSecret: secret,
      body: text,
      headers: {
        "x-slack-signature": headers["x-slack-signature"],
        "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
      },
    });
    return true;
  },
  square: ({ text, headers, secret, url }) =>
    requireFrom("square").WebhooksHelper.verifySignature({
      requestBody: text,
      signatureHeader: headers["x-square-hmacsha256-signature"],
      signatureKey: secret,
      notificationUrl: url,
    }),
  twilio: ({ text, headers, secret, url }) => {
    const { validateRequest, validateRequestWithBody } = requireFrom("twilio");
    const signature = headers["x-twilio-signature"];
    return new URL(url).searchParams.has("bodySHA256")
      ? validateRequestWithBody(secret, signature, url, text)
      : validateRequest(secret, signature, url, Object.fromEntries(new URLSearchParams(text)));
  },
  vonage: ({ headers, secret }) =>
    requireFrom("@vonage/jwt").verifySignature(headers.authorization.slice(7), secret),
  workos: async ({ text, headers, secret }) => {
    const { WorkOS } = requireFrom("@workos-inc/node");
    const payload = JSON.parse(text);
    const sigHeader = headers["workos-signature"];
    await new WorkOS("x").webhooks.verifyHeader({ payload, sigHeader, secret });
    return true;
  },
};

/** By scheme: the request that the library makes, for those that can. */
const signs = {
  adyen: ({ text, secret }) => {
    const { hmacValidator } = requireFrom("@adyen/api-library");
    const notice = JSON.parse(text);
    const [{ NotificationRequestItem: item }] = notice.notificationItems;
    item.additionalData = { hmacSignature: new hmacValidator().calculateHmac(item, secret) };
    return { body: JSON.stringify(notice) };
  },
  braintree: ({ secret, config }) => {
    const gateway = braintreeGateway(config, secret);
    const sample = gateway.webhookTesting.sampleNotification("subscription_canceled", "id");
    return { body: new URLSearchParams(sample).toString() };
  },
  cloudinary: ({ text, secret, seconds }) => {
    const { v2 } = requireFrom("cloudinary");
    v2.config({ api_secret: secret });
    const signature = v2.utils.webhook_signature(text, seconds);
    return { headers: { "x-cld-timestamp": `${seconds}`, "x-cld-signature": signature } };
  },
  "coinbase-commerce": ({ text, secret }) => {
    const { Webhook } = requireFrom("coinbase-commerce-node");
    return { headers: { "x-cc-webhook-signature": Webhook.computeSignature(text, secret) } };
  },
  hubspot: ({ text, secret, method, url, seconds }) => {
    const { Signature } = requireFrom("@hubspot/api-client");
    const timestamp = seconds * 1000;
    const options = { clientSecret: secret, requestBody: text, url, timestamp };
    return {
      headers: {
        "x-hubspot-request-timestamp": `${timestamp}`,
        "x-hubspot-signature-v3": Signature.getSignature(method, "v3", options),
      },
    };
  },
  livekit: async ({ text, secret, config }) => {
    const { AccessToken } = requireFrom("livekit-server-sdk");
    const token = new AccessToken(config.apiKey, secret);
    const hash = await crypto.subtle.digest("SHA-256", Buffer.from(text));
    token.sha256 = Buffer.from(hash).toString("base64");
    return { headers: { authorization: await token.toJwt() } };
  },
  notion: async ({ text, secret }) => {
    const { signWebhookPayload } = requireFrom("@notionhq/client");
    const signature = await signWebhookPayload({ body: text, verificationToken: secret });
    return { headers: { "x-notion-signature": signature } };
  },
  sanity: async ({ text, secret, seconds }) => {
    const { encodeSignatureHeader } = requireFrom("@sanity/webhook");
    const header = await encodeSignatureHeader(text, seconds * 1000, secret);
    return { headers: { "sanity-webhook-signature": header } };
  },
  twilio: ({ text, secret, url }) => {
    const { getExpectedTwilioSignature } = requireFrom("twilio");
    const fields = Object.fromEntries(new URLSearchParams(text));
    const signature = getExpectedTwilioSignature(secret, url, fields);
    return { headers: { "x-twilio-signature": signature } };
  },
  workos: async ({ text, secret, seconds }) => {
    const { WorkOS } = requireFrom("@workos-inc/node");
    const { webhooks } = new WorkOS("x");
    const time = seconds * 1000;
    const signature = await webhooks.computeSignature(time, JSON.parse(text), secret);
    return { headers: { "workos-signature": `t=${time}, v1=${signature}` } };
  },
};

function braintreeGateway({ publicKeyId }, privateKey) {
  const braintree = requireFrom("braintree");
  return new braintree.BraintreeGateway({
    environment: braintree.Environment.Sandbox,
    merchantId: "m",
    publicKey: publicKeyId,
    privateKey,
  });
}

async function answer({ ask, scheme, request, secret, config }) {
  const bytes = Buffer.from(request.bodyBase64, "base64");
  const seconds = Math.floor(Date.now() / 1000);
  const given = { ...request, bytes, text: bytes.toString(), secret, config, seconds };
  if (ask === "sign") return signs[scheme](given);
  try {
    return { accepted: (await accepts[scheme](given)) === true };
  } catch (error) {
    return { accepted: false, said: String(error) };
  }
}

const questions = JSON.parse(readFileSync(input, "utf8"));
const answers = [];
for (const question of questions) answers.push(await answer(question));
const [canVerify, canSign] = [Object.keys(accepts), Object.keys(signs)];
writeFileSync(output, JSON.stringify({ canVerify, canSign, answers }));
// Some keep a connection or a timer.
process.exit(0);
