"""What Python's libraries say and sign: reads a list of questions as JSON, writes a list of answers."""

import json
import sys
from datetime import datetime, timezone

from standardwebhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook

libraries = {"standardwebhooks": StandardWebhook, "svix": SvixWebhook}


def reply(question):
    webhook = libraries[question["library"]](question["secret"])
    body = question["body"]
    if question["ask"] == "sign":
        now = datetime.now(tz=timezone.utc)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign("msg_1", now, body),
        }
        return {"accepted": True, "headers": headers}
    try:
        webhook.verify(body, question["headers"])
        return {"accepted": True}
    except Exception:
        return {"accepted": False}


print(json.dumps([reply(question) for question in json.load(sys.stdin)]))
