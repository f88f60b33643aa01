"""What is done about a document that has arrived: lease the job, read the document once, keep what it gave, go on.

Every step can be repeated: a lease by the same owner, results written once, the one execution of an attempt. So a
message delivered again continues where the last delivery died.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from extract_document.known import known_of
from extract_document.sandbox import Advise, Extraction
from extract_document.trigger import Arrival
from paydraft.model.document import DocumentInfo, IncomingKey, StoredObject
from paydraft.model.errors import DocumentError, InternalError, NotAnInvoiceError, PaydraftError, StaleJobError
from paydraft.model.invoice import DocumentType, Invoice
from paydraft.model.job import Job, JobKey
from paydraft.model.job_summary import Gist
from paydraft.model.media import MAX_DOCUMENT_BYTES
from paydraft.model.steps import Outcome, Step
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.templates import TemplateStore


class Reader(Protocol):
    """The sandbox, or in tests what stands for it."""

    def extract(self, data: bytes, *, languages: Sequence[str], advise: Advise) -> Extraction:
        """See sandbox.Sandbox.extract."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the work needs: stores, the reader, a clock."""

    bucket: str
    jobs: JobStore
    documents: DocumentStore
    results: ResultStore
    templates: TemplateStore
    memory: SupplierMemory
    completion: Completion
    reader: Reader
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, for the log: the step that was started, and the error behind a failed one."""

    step: Step
    invoice: Invoice | None = None
    error: PaydraftError | None = None


def work(arrival: Arrival, place: IncomingKey, desk: Desk) -> Report | None:
    """Read the document and start the completion of its job.

    None means that there is nothing to do: another bucket, no such object, or a job that has ended, is in another
    attempt, reads another version, or is leased to somebody else. A fault of the document is an outcome, and so is a
    reader that tripped over it in a way nobody foresaw: it would again. Any other exception comes through, for the
    event to be delivered again.
    """
    source = _source(arrival, desk)
    if source is None:
        return None
    try:
        job = desk.jobs.begin(
            JobKey(tenant_id=place.tenant_id, job_id=place.job_id),
            place.attempt,
            source,
            owner=arrival.owner,
            now=desk.clock(),
        )
        report = _report(job, source, desk)
    except StaleJobError:
        return None
    desk.completion.start(report.step)
    return report


def asks_for_payment(invoice: Invoice) -> bool:
    """Whether the document is of a known kind, or names an account or an amount all the same."""
    known = invoice.document_type is not DocumentType.OTHER
    return known or bool(invoice.iban) or invoice.total is not None or invoice.amount_due is not None


def _source(arrival: Arrival, desk: Desk) -> StoredObject | None:
    if arrival.bucket != desk.bucket:
        return None
    if arrival.version_id is None:
        return desk.documents.find(arrival.key)
    return StoredObject(key=arrival.key, version_id=arrival.version_id)


def _report(job: Job, source: StoredObject, desk: Desk) -> Report:
    try:
        invoice = _known(job, desk) or _read(job, source, desk)
        if not asks_for_payment(invoice):
            raise NotAnInvoiceError
    except (DocumentError, InternalError) as error:
        return Report(_step(job, Outcome.FAILED, error), error=error)
    return Report(_step(job, Outcome.EXTRACTED), invoice=invoice)


def _known(job: Job, desk: Desk) -> Invoice | None:
    """What an earlier delivery of this attempt read, if it got as far as noting it on the job."""
    return desk.results.invoice(job.key, job.attempt) if job.document else None


def _read(job: Job, source: StoredObject, desk: Desk) -> Invoice:
    known = known_of(job, desk.templates, desk.memory)
    data = desk.documents.read(source, limit=MAX_DOCUMENT_BYTES)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        extraction = desk.reader.extract(data, languages=known.languages, advise=known.advice)
    except DocumentError:
        desk.jobs.note_bytes(job.key, sha256)  # a dialect may refuse the same file at its door
        raise
    invoice = extraction.invoice.model_copy(update={"findings": (*extraction.invoice.findings, *known.findings)})
    desk.results.put_pages(job.key, job.attempt, extraction.pages.model_dump_json().encode())
    desk.results.put_invoice(job.key, job.attempt, invoice)
    facts = DocumentInfo(
        sha256=sha256,
        size=len(data),
        media_type=extraction.pages.media_type,
        pages=len(extraction.pages.pages),
    )
    desk.jobs.record_document(job.key, job.attempt, facts, gist=Gist.of(invoice), now=desk.clock())
    return invoice


def _step(job: Job, outcome: Outcome, error: PaydraftError | None = None) -> Step:
    failure = error.failure if error else None
    return Step(tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt, outcome=outcome, failure=failure)
