"""A consumer of CompletionTopic: its own queue, subscribed with raw delivery, as a service of the same account has."""

import json
import time
from typing import Any
from uuid import uuid4

from paydraft.stores.clients import client


class Subscriber:
    """Receives the events of jobs that end after it was made."""

    def __init__(self, topic_arn: str) -> None:
        self._sqs = client("sqs")
        self._queue = self._sqs.create_queue(QueueName=f"demo-consumer-{uuid4().hex[:8]}")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]
        client("sns").subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=attributes["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )

    def receive(self, job_ids: list[str], *, seconds: float = 10) -> dict[str, dict[str, Any]]:
        """The events of these jobs by job id, as far as they arrive in time; a repeated event counts once."""
        events: dict[str, dict[str, Any]] = {}
        deadline = time.monotonic() + seconds
        while set(job_ids) - events.keys() and time.monotonic() < deadline:
            answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                event = json.loads(message["Body"])
                events[event["subject"]] = event
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return events
