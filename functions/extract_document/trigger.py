"""The ways in which a document's arrival is told, each turned into the same Arrivals. Pure.

S3 sends one event in three shapes: as it is (a notification straight to a function), as the body of a message in SQS,
and over EventBridge. In the first two the key is URL-encoded, a space as "+"; in the third it is not. `s3:TestEvent` is
S3's greeting when a notification is set up, and names nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from paydraft.model.document import IncomingKey
from paydraft.model.errors import PermanentError

type Event = Mapping[str, Any]

_GREETING = "s3:TestEvent"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object that was put into a bucket. `owner` is the same each time the same event is delivered."""

    bucket: str
    key: str  # decoded
    version_id: str | None  # None from a bucket that keeps no versions
    owner: str

    @property
    def place(self) -> IncomingKey | None:
        """Whose document it is; None for a key that is not ours."""
        return IncomingKey.parse(self.key)


def messages(event: Event) -> list[Event] | None:
    """The messages of a batch from SQS; None if the event is of another kind."""
    records = event.get("Records")
    if not isinstance(records, list) or not all(record.get("eventSource") == "aws:sqs" for record in records):
        return None
    return records


def arrivals_of_message(message: Event) -> list[Arrival]:
    """What one message from SQS tells; raises PermanentError for a body that is no event."""
    try:
        body = json.loads(message["body"])
    except ValueError as unreadable:
        raise PermanentError("a message that is no JSON") from unreadable
    return arrivals(body, owner=message["messageId"])


def arrivals(event: Event, *, owner: str = "") -> list[Arrival]:
    """What an event of S3 or EventBridge tells; raises PermanentError for any other event.

    Without an `owner` (the id of the message that carried the event) the event's own id is taken.
    """
    try:
        if event.get("Event") == _GREETING:
            return []
        if "Records" in event:
            return [_of_s3(record, owner) for record in event["Records"]]
        return [_of_eventbridge(event, owner)]
    except (AttributeError, KeyError, TypeError) as unreadable:
        raise PermanentError(f"not an event of S3: {type(unreadable).__name__}") from unreadable


def _of_s3(record: Event, owner: str) -> Arrival:
    bucket, stored = record["s3"]["bucket"]["name"], record["s3"]["object"]
    request = record.get("responseElements", {}).get("x-amz-request-id", "")
    own = f"s3:{request}:{stored.get('sequencer', '')}"
    return Arrival(bucket, unquote_plus(stored["key"]), stored.get("versionId"), owner or own)


def _of_eventbridge(event: Event, owner: str) -> Arrival:
    detail = event["detail"]
    stored = detail["object"]
    return Arrival(detail["bucket"]["name"], stored["key"], stored.get("version-id"), owner or f"events:{event['id']}")
