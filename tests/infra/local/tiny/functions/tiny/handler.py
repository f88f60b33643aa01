"""Functions of the tiny stack."""

import base64
import json
import os
import time

import boto3
from from_layer import WORD

calls = 0


class PermanentError(Exception):
    """Caught by the state machine."""


class TransientError(Exception):
    """Retried by the state machine."""


def echo(event, context):
    """Tells what it was called with, or does what the event says."""
    global calls
    calls += 1
    asked = json.loads(event.get("body") or "{}") if event.get("body", "").startswith("{") else event
    match asked:
        case {"raise": "permanent"}:
            raise PermanentError("not today")
        case {"raise": "transient"} if calls % 3:
            raise TransientError("again")
        case {"sleep": seconds}:
            time.sleep(seconds)
        case {"binary": size}:
            content = base64.b64encode(b"\x00\xff" * size).decode()
            return {"statusCode": 200, "body": content, "isBase64Encoded": True}
    if len(event.get("body", "")) > 100_000:
        return {"statusCode": 200, "body": str(len(event["body"]))}
    if "routeKey" in event:
        return {"statusCode": 200, "body": json.dumps(event | {"pid": os.getpid()})}
    return {"word": WORD, "pid": os.getpid(), "stage": os.environ["STAGE"]}


def work(event, context):
    """Puts each message into the table under its id; a body of `slow` takes long, one of `bad` fails."""
    (record,) = event["Records"]
    if record["body"] == "bad":
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    if record["body"] == "slow":
        time.sleep(5)
    table = boto3.client("dynamodb")
    item = {"id": {"S": "worked"}, "sk": {"S": record["messageId"]}, "body": {"S": record["body"]}}
    table.put_item(TableName=os.environ["THINGS"], Item=item)
    return {"batchItemFailures": []}
