"""The queue of documents that are to be fetched by FetchDocument."""

from paydraft.model.fetch import FetchRequest
from paydraft.model.job import JobKey
from paydraft.stores.clients import client


class FetchQueue:
    """FetchQueue by URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, key: JobKey, attempt: int) -> None:
        """Have the document of this attempt fetched. Asking twice fetches twice, and the first answer is kept."""
        request = FetchRequest(tenant_id=key.tenant_id, job_id=key.job_id, attempt=attempt)
        client("sqs").send_message(QueueUrl=self._url, MessageBody=request.model_dump_json())
