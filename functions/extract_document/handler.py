"""Reads documents: told by S3 of an arrival, it leaves pages and values in the bucket and starts JobCompletion."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from extract_document.options import Limits, ReadOptions
from extract_document.sandbox import Sandbox, sandbox_of
from extract_document.trigger import Arrival, Event, arrivals, arrivals_of_message, messages
from extract_document.work import Desk, Report, work
from paydraft.model.errors import InternalError
from paydraft.runtime.settings import ExtractSettings
from paydraft.runtime.telemetry import correlated, count, logger
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.templates import TemplateStore

SERVICE = "extract_document"
_READING_SHARE = 2 / 3  # of the child's time, so that the last page begun, extraction and cross-checks come to an end


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle each arrival that the event names (trigger.py); to SQS, answer the messages to be delivered again."""
    settings = ExtractSettings.load()
    sandbox = _sandbox(settings)
    sandbox.start()  # it loads while the document is fetched
    desk = _desk(settings, sandbox)
    batch = messages(event)
    if batch is None:
        for arrival in arrivals(event):
            _handle(arrival, desk)
        return {}
    failed = [message["messageId"] for message in batch if not _is_handled(message, desk)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_handled(message: Event, desk: Desk) -> bool:
    try:
        for arrival in arrivals_of_message(message):
            _handle(arrival, desk)
    except Exception:  # one message must not hold up the others; SQS delivers it again, and parks it in the end
        logger(SERVICE).exception("document not handled", message_id=message["messageId"])
        return False
    return True


def _handle(arrival: Arrival, desk: Desk) -> None:
    place = arrival.place
    if place is None:
        logger(SERVICE).info("not one of our keys")
        return
    with correlated(SERVICE, place.job_id, attempt=place.attempt) as log:
        report = work(arrival, place, desk)
        if report is None:
            log.info("nothing to do for this arrival")
            return
        tell = log.error if isinstance(report.error, InternalError) else log.info
        tell("document read", outcome=report.step.outcome, **_facts(report))
        count(SERVICE, "DocumentsRead", outcome=report.step.outcome.value)


def _facts(report: Report) -> dict[str, Any]:
    if report.error is not None:
        return {"failure": report.error.code, "detail": str(report.error)}
    findings = report.invoice.findings if report.invoice else ()
    evidence = report.invoice.evidence if report.invoice else ()
    return {"fields": sorted(evidence), "findings": [finding.code for finding in findings]}


def _desk(settings: ExtractSettings, sandbox: Sandbox) -> Desk:
    return Desk(
        bucket=settings.documents_bucket,
        jobs=JobStore(settings.jobs_table),
        documents=DocumentStore(settings.documents_bucket),
        results=ResultStore(settings.documents_bucket),
        templates=TemplateStore(settings.jobs_table),
        memory=SupplierMemory(settings.transfers_table),
        completion=Completion(settings.job_completion_arn),
        reader=sandbox,
        clock=lambda: datetime.now(UTC),
    )


def _sandbox(settings: ExtractSettings) -> Sandbox:
    options = ReadOptions(
        languages=settings.ocr_languages,
        engine=settings.ocr_engine,
        tessdata=settings.tessdata_prefix,
        seconds=settings.child_seconds * _READING_SHARE,
    )
    return sandbox_of(options, Limits(settings.child_memory_mb, settings.child_seconds), settings.path)
