"""Fetches documents by address: told by FetchQueue, it stores them where uploads go, or ends their jobs.

The only function that asks strangers for anything. The address of a document may hold secrets: it is read from the
job's row, handed to the fetch, and neither logged nor sent anywhere else.
"""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from fetch_document.safe_fetch import fetch
from fetch_document.work import Desk, Report, work
from paydraft.model.errors import PermanentError
from paydraft.model.fetch import FetchRequest
from paydraft.runtime.settings import FetchSettings
from paydraft.runtime.telemetry import correlated, count, logger
from paydraft.stores.documents import DocumentStore
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.jobs import JobStore

SERVICE = "fetch_document"


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle each message of a batch from SQS; answer those to be delivered again."""
    desk = _desk(FetchSettings.load())
    failed = [message["messageId"] for message in event["Records"] if not _is_handled(message, desk)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_handled(message: dict[str, Any], desk: Desk) -> bool:
    try:
        _handle(_request_of(message), desk)
    except Exception:  # one message must not hold up the others; SQS delivers it again, and buries it in the end
        logger(SERVICE).exception("document not fetched", message_id=message["messageId"])
        return False
    return True


def _request_of(message: dict[str, Any]) -> FetchRequest:
    try:
        return FetchRequest.model_validate_json(message["body"])
    except ValidationError as unreadable:
        raise PermanentError(f"no request to fetch: {unreadable.error_count()} faults") from None


def _handle(request: FetchRequest, desk: Desk) -> None:
    with correlated(SERVICE, request.job_id, attempt=request.attempt) as log:
        report = work(request, desk)
        if report is None:
            log.info("nobody waits for this document")
            return
        log.info("document asked for", **_facts(report))
        count(SERVICE, "DocumentsFetched", outcome=report.error.code if report.error else "stored")


def _facts(report: Report) -> dict[str, Any]:
    if report.error is not None:
        return {"failure": report.error.code, "detail": str(report.error)}
    return {"bytes": report.size, "media_type": report.media_type}


def _desk(settings: FetchSettings) -> Desk:
    return Desk(
        jobs=JobStore(settings.jobs_table),
        documents=DocumentStore(settings.documents_bucket),
        exit=FinishDoor(settings.finish_job_function),
        fetch=partial(fetch, test_hosts=settings.test_hosts),
    )
