"""CompletionTopic: where the end of every job and every group is told."""

from paydraft.model.events import JobEvent
from paydraft.model.group_events import GroupEvent
from paydraft.stores.clients import client


class CompletionTopic:
    """An SNS topic that carries CloudEvents 1.0 as JSON."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def publish(self, event: JobEvent | GroupEvent, stage: str) -> None:
        """Tell subscribers; repeating it repeats the event's id. Attributes are for their filter policies."""
        attributes = {
            name: {"DataType": "String", "StringValue": value} for name, value in event.attributes(stage).items()
        }
        client("sns").publish(
            TopicArn=self._arn, Message=event.model_dump_json(exclude_none=True), MessageAttributes=attributes
        )
