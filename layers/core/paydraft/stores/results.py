"""What reading a document gave: `results/<tenant>/<job>/<attempt>/{pages,invoice}.json`.

An attempt's first result stands, so that two readers of one attempt can't make its invoice change under the matcher.
"""

import json

from paydraft.model.document import results_prefix
from paydraft.model.invoice import Invoice
from paydraft.model.job import JobKey
from paydraft.stores.bucket import Bucket

_JSON = "application/json"


class ResultStore:
    """Results by job and attempt; a second writer of the same attempt changes nothing."""

    def __init__(self, bucket: str) -> None:
        self._bucket = Bucket(bucket)

    def put_pages(self, key: JobKey, attempt: int, payload: bytes) -> None:
        """Keep the pages as read, as JSON text."""
        self._bucket.put_new(_path(key, attempt, "pages"), payload, _JSON)

    def put_invoice(self, key: JobKey, attempt: int, invoice: Invoice) -> None:
        """Keep the values; written last, so that an attempt with an invoice is read completely."""
        self._bucket.put_new(_path(key, attempt, "invoice"), invoice.model_dump_json(exclude_none=True).encode(), _JSON)

    def invoice(self, key: JobKey, attempt: int) -> Invoice | None:
        """The values of this attempt, None before they were read; fields that a later release wrote are passed over."""
        data = self._bucket.read(_path(key, attempt, "invoice"))
        return None if data is None else Invoice.model_validate_json(data, extra="ignore")

    def erase(self, key: JobKey) -> None:
        """Take away every version of every attempt's results."""
        self._bucket.erase(f"results/{key.tenant_id}/{key.job_id}/")

    def lines(self, key: JobKey, attempt: int) -> tuple[str, ...]:
        """The lines of the pages in reading order, page after page; none before they were read."""
        data = self._bucket.read(_path(key, attempt, "pages"))
        pages = json.loads(data)["pages"] if data else []
        return tuple(line["text"] for page in pages for line in page["lines"])


def _path(key: JobKey, attempt: int, name: str) -> str:
    return f"{results_prefix(key.tenant_id, key.job_id, attempt)}/{name}.json"
