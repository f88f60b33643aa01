"""Tells, from a request alone, whether it may define something (a table, a subscription, a rule) or only handles data.

When in doubt it may: the price is a look at all definitions, a few milliseconds.
"""

import re

from infra.local.front import Message, Receive, Scope

_READS = ("BatchGet", "Describe", "Filter", "Get", "Head", "List", "Lookup", "Query", "Scan", "TransactGet")
_DATA = frozenset(
    """
    PutItem UpdateItem DeleteItem BatchWriteItem TransactWriteItems ExecuteStatement BatchExecuteStatement
    ExecuteTransaction
    SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch ChangeMessageVisibility
    ChangeMessageVisibilityBatch PurgeQueue
    StartExecution StopExecution StartSyncExecution SendTaskSuccess SendTaskFailure SendTaskHeartbeat
    Publish PublishBatch PutEvents PutMetricData PutLogEvents CreateLogStream
    AssumeRole
    """.split()
)
_FORM_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_S3_OBJECT = re.compile(r"/[^/]+/.")
_INVOKE = re.compile(r"/2015-03-31/functions/[^/]+/invocations$")
_NO_SERVICE = ("/_aws/execute-api/", "/_ministack/health", "/_ministack/ready")


class Beginning:
    """Passes a request's messages on, and remembers how its body begins."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.body = b""

    async def receive(self) -> Message:
        """The next message."""
        message = await self._receive()
        if not self.body:
            self.body = bytes(message.get("body", b"")[:256])
        return message


def may_define(scope: Scope, body: bytes) -> bool:
    """Whether definitions may differ after this call; `body` is its beginning."""
    headers = dict(scope["headers"])
    if scope["method"] in ("GET", "HEAD", "OPTIONS") or scope["path"].startswith(_NO_SERVICE):
        return False
    if target := headers.get(b"x-amz-target"):
        return not _is_data(target.decode("latin-1").rpartition(".")[2])
    if b"/s3/" in headers.get(b"authorization", b"") or b"%2Fs3%2F" in scope["query_string"]:
        return not _S3_OBJECT.match(scope["path"])
    if action := _FORM_ACTION.search(body):
        return not _is_data(action[1].decode())
    return not _INVOKE.match(scope["path"])


def may_touch_queues(scope: Scope) -> bool:
    """Whether a message may have come or gone by this call; DynamoDB's, the most frequent ones, have none."""
    return not dict(scope["headers"]).get(b"x-amz-target", b"").startswith(b"DynamoDB_")


def _is_data(action: str) -> bool:
    return action in _DATA or action.startswith(_READS)
