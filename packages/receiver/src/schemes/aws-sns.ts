import { decodeCanonicalBase64, encodeBase64, utf8, utf8Text } from "../bytes.ts";
import { signCertified, verifyCertified } from "../checks/certificate.ts";
import { formatTime, parseTime } from "../checks/timestamp.ts";
import { answered, emptyAnswer, refused } from "../handshakes/answers.ts";
import { jsonBody } from "../json-body.ts";
import type {
  Check,
  Checked,
  CheckInput,
  Handshake,
  HandshakeInput,
  Scheme,
  SignInput,
  SignOutput,
} from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const certificateUrlShape = /^https:\/\/sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?\/[\w-]+\.pem$/;

/**
 * Code of its own: the signature and its certificate's URL stand in the body, and cover fields of it. Those that
 * are not signed (UnsubscribeURL, MessageAttributes) are no basis for anything.
 */
const overFields: Check = { kind: "rsa", coversBody: true, verify: verifySns, sign: signSns };

/** Anybody can have SNS sign messages of a topic of their own, so the topic has to be configured. */
export const awsSns: Scheme = {
  name: "aws-sns",
  title: "Amazon SNS",
  docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
  check: overFields,
  event: { id: { json: "MessageId" }, type: { json: "Type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [{ name: "topicArn", required: true, what: "The topic's ARN" }],
  certificateUrl: certificateUrlShape,
  handshake: confirmSubscription,
  answerWithinMs: 15_000,
  retries: "As the topic's delivery policy says, 50 times by default.",
  unconfirmed: ["The answer may take 15 seconds, and there are 50 tries by default."],
};

const shared = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"] as const;
const ofConfirmation = [
  "Message",
  "MessageId",
  "SubscribeURL",
  "Timestamp",
  "Token",
  "TopicArn",
  "Type",
] as const;
const ofNotification = [
  "Message",
  "MessageId",
  "Subject",
  "Timestamp",
  "TopicArn",
  "Type",
] as const;

// As text, like the certificate's.
const subscribeUrlShape = /^https:\/\/sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?\/\?[!-~]+$/;

type Fields = Readonly<Record<string, unknown>>;

async function verifySns(input: CheckInput): Promise<Checked | Rejected> {
  const topicArn = input.config["topicArn"];
  if (topicArn === undefined || topicArn === "") return noTopic;
  const fields = jsonBody(input.request);
  const envelope = readEnvelope(fields);
  if (envelope.kind === "rejected") return envelope;
  const data = signedText(fields);
  if (!(data instanceof Uint8Array)) return data;
  // First: nothing is fetched for what would be refused in any case.
  if (fields["TopicArn"] !== topicArn) return otherTopic;
  return verifyCertified({ ...envelope, data }, input);
}

interface Envelope {
  readonly kind: "envelope";
  readonly hash: "SHA-1" | "SHA-256";
  readonly signature: Uint8Array;
  readonly certificateUrl: string;
  readonly timestampMs: number;
}

function readEnvelope(fields: Fields): Envelope | Rejected {
  const { Signature, SignatureVersion, SigningCertURL, Timestamp } = fields;
  for (const name of ["Signature", "SignatureVersion", "SigningCertURL", ...shared]) {
    const value = fields[name];
    if (value === undefined || value === "") {
      return rejected("missing-header", `The body has no ${name}: is raw message delivery on?`);
    }
  }
  const hash = hashOf(SignatureVersion);
  if (hash === undefined) return rejected("malformed", "SignatureVersion is neither 1 nor 2.");
  if (typeof SigningCertURL !== "string" || !certificateUrlShape.test(SigningCertURL)) {
    return rejected("malformed", "SigningCertURL is no address of Amazon's certificates.");
  }
  const signature = typeof Signature === "string" ? decodeCanonicalBase64(Signature) : undefined;
  if (signature === undefined) {
    return rejected("malformed", "The Signature is no base64: was it cut off?");
  }
  const timestampMs = typeof Timestamp === "string" ? parseTime("rfc3339", Timestamp) : undefined;
  if (timestampMs === undefined) {
    return rejected("malformed", "The Timestamp is no time in RFC 3339.");
  }
  return { kind: "envelope", hash, signature, certificateUrl: SigningCertURL, timestampMs };
}

/** The version is not signed; each has one hash, so another one merely fails. */
function hashOf(version: unknown): "SHA-1" | "SHA-256" | undefined {
  if (version === "1") return "SHA-1";
  return version === "2" ? "SHA-256" : undefined;
}

/** `name`, line end, `value`, line end, for each signed field in the order of their names. */
function signedText(fields: Fields): Uint8Array | Rejected {
  const names = namesOf(fields["Type"]);
  if (names === undefined) return rejected("malformed", "The Type is none of Amazon SNS.");
  let text = "";
  for (const name of names) {
    const value = fields[name];
    if (name === "Subject" && (value === undefined || value === null)) continue;
    if (value === undefined) return rejected("missing-header", `The body has no ${name}.`);
    // Only a message has lines: elsewhere a line end would let bytes move between the fields.
    if (typeof value !== "string" || (name !== "Message" && value.includes("\n"))) {
      return rejected("malformed", `The field ${name} is no text of one line.`);
    }
    // Encoded as U+FFFD, so different texts would share one signature.
    if (!value.isWellFormed()) return rejected("malformed", `The field ${name} is no Unicode.`);
    text += `${name}\n${value}\n`;
  }
  return utf8(text);
}

function namesOf(type: unknown): readonly string[] | undefined {
  switch (type) {
    case "Notification":
      return ofNotification;
    case "SubscriptionConfirmation":
    case "UnsubscribeConfirmation":
      return ofConfirmation;
    default:
      return undefined;
  }
}

const noTopic = rejected(
  "bad-config",
  "Anybody's topic has genuine signatures: give topicArn in config, the ARN of yours.",
);
const otherTopic = rejected(
  "signature",
  "The message says that it is of another topic than topicArn in config.",
);

/** The answer alone confirms nothing: the receiver has to request the URL. */
async function confirmSubscription(input: HandshakeInput): Promise<Handshake | undefined> {
  const { Type, SubscribeURL } = jsonBody(input.request);
  if (input.request.method !== "POST" || Type !== "SubscriptionConfirmation") return undefined;
  const rejection = await input.verify();
  if (rejection !== undefined) {
    return refused(rejection.reason === "key-unavailable" ? 503 : 401, rejection);
  }
  if (typeof SubscribeURL !== "string" || !subscribeUrlShape.test(SubscribeURL)) {
    return refused(400, rejected("malformed", "SubscribeURL is no address of Amazon SNS."));
  }
  return answered(emptyAnswer(200), { kind: "confirm", url: SubscribeURL });
}

/** Fills in what a message of SNS has and the body lacks; a body that is none becomes the Message. */
async function signSns(input: SignInput): Promise<SignOutput> {
  const topicArn = input.config["topicArn"];
  if (topicArn === undefined || topicArn === "") throw new TypeError(noTopic.detail);
  const given = jsonBody(input);
  const text = utf8Text(input.body);
  if (text === undefined) throw new TypeError("A message of SNS is text in UTF-8.");
  const host = `https://sns.${topicArn.split(":")[3] ?? ""}.amazonaws.com`;
  const fields: Fields = {
    Type: "Notification",
    MessageId: input.id,
    TopicArn: topicArn,
    Timestamp: formatTime("rfc3339", input.timestampMs),
    SignatureVersion: "2",
    SigningCertURL: `${host}/SimpleNotificationService-example.pem`,
    ...(namesOf(given["Type"]) === undefined ? { Message: text } : given),
  };
  const data = signedText(fields);
  if (!(data instanceof Uint8Array)) throw new TypeError(data.detail);
  const hash = hashOf(fields["SignatureVersion"]);
  if (hash === undefined) throw new TypeError("The SignatureVersion must be 1 or 2.");
  const signature = encodeBase64(await signCertified(hash, data, input));
  return {
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-message-type": String(fields["Type"]),
      "x-amz-sns-message-id": String(fields["MessageId"]),
      "x-amz-sns-topic-arn": topicArn,
    },
    body: utf8(JSON.stringify({ ...fields, Signature: signature })),
  };
}
