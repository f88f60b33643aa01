"""The two queues that documents wait in, and a second announcement of one whose first was lost."""

import json
from urllib.parse import quote_plus

from paydraft.model.document import Lane, StoredObject
from paydraft.stores.clients import client


class LaneQueues:
    """ExpressQueue and StandardQueue by URL."""

    def __init__(self, express_url: str, standard_url: str) -> None:
        self._urls = {Lane.EXPRESS: express_url, Lane.STANDARD: standard_url}

    def announce(self, obj: StoredObject, lane: Lane, bucket: str) -> None:
        """Send what S3 sends when an object is created, so that readers know one shape."""
        thing = {"key": quote_plus(obj.key, safe="/"), "versionId": obj.version_id}
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket}, "object": thing},
        }
        client("sqs").send_message(QueueUrl=self._urls[lane], MessageBody=json.dumps({"Records": [record]}))
