"""Upload tickets: the smallest secret there is. Each lets its bearer send one document of one job, for some minutes.

The job is written first, without its document; S3 tells of the document's arrival as it does of any other. A ticket
nobody used leaves a job that the reconciler ends as `document_missing`.
"""

from dataclasses import dataclass
from datetime import datetime

from api_invoices_v2.upload_wire import TicketRequest
from paydraft.model.document import IncomingKey
from paydraft.model.errors import DocumentTooLargeError, StaleJobError, UnsupportedMediaError
from paydraft.model.idempotency import KEPT, AlreadyAcceptedError, IdempotencyClaim, fingerprint_of, key_hash_of
from paydraft.model.ids import to_millisecond
from paydraft.model.job import Dialect, Job, Labels
from paydraft.model.media import MAX_DOCUMENT_BYTES, MediaType
from paydraft.model.status import Status
from paydraft.model.upload import TICKET_LIFE, Form
from paydraft.model.upload_errors import TicketExpiredError
from paydraft.runtime.operations import Caller
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.workflows.new_job import new_job

# What may be declared; the bytes decide what it is. Some phones and browsers have names of their own, or none.
DECLARABLE = frozenset(MediaType) | {"image/jpg", "image/heif", "text/xml", "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket; `replayed` if an earlier request with the same key drew its job."""

    job: Job
    form: Form
    expires_at: datetime
    max_bytes: int
    replayed: bool


def issue(
    request: TicketRequest,
    caller: Caller,
    *,
    jobs: JobStore,
    documents: DocumentStore,
    randomness: bytes,
    idempotency_key: str | None,
) -> Issued:
    """A ticket for one document; asked again with the same key, for the same job and until the same moment.

    Raises:
        DocumentTooLargeError, UnsupportedMediaError: the document would be refused; nothing was written.
        IdempotencyConflictError: the key was used for another request in the last 24 hours.
        StaleJobError: the key's job is deleted. TicketExpiredError: its ticket has expired.
    """
    if request.content_length > MAX_DOCUMENT_BYTES:
        raise DocumentTooLargeError(f"{request.content_length} bytes, at most {MAX_DOCUMENT_BYTES}")
    if request.content_type not in DECLARABLE:
        raise UnsupportedMediaError("a declared type that is never read")
    job = _new(request, caller, jobs.next_invoice_id(caller.tenant_id), randomness)
    claim = _claim(request, caller, idempotency_key) if idempotency_key else None
    replayed = False
    try:
        jobs.put_new(job, claim=claim)
    except AlreadyAcceptedError as earlier:
        job, replayed = _standing(jobs.get(earlier.job_key)), True
    expires_at = job.created_at + TICKET_LIFE
    seconds = int((expires_at - to_millisecond(caller.now)).total_seconds())
    if seconds < 1:
        raise TicketExpiredError
    place = IncomingKey(lane=job.lane, tenant_id=job.tenant_id, job_id=job.job_id, attempt=1)
    form = documents.form(place, request.content_type, max_bytes=request.content_length, seconds=seconds)
    return Issued(job, form, expires_at, request.content_length, replayed)


def _standing(job: Job | None) -> Job:
    if job is None or job.status is Status.CANCELLED:
        raise StaleJobError("the job of this key is deleted")
    return job


def _new(request: TicketRequest, caller: Caller, invoice_id: int, randomness: bytes) -> Job:
    labels = Labels(
        customer_id=request.customer_id, document_name=request.file_name, declared_type=request.content_type
    )
    return new_job(
        caller.tenant_id,
        caller.credential.subject,
        Dialect.COREBANQ_V2,
        labels,
        lane=labels.priority.lane,
        status=Status.CREATED,
        invoice_id=invoice_id,
        now=caller.now,
        randomness=randomness,
    )


def _claim(request: TicketRequest, caller: Caller, key: str) -> IdempotencyClaim:
    """The same request is: the same name, type, size and customer."""
    return IdempotencyClaim(
        key_hash=key_hash_of("createUpload", key),
        fingerprint=fingerprint_of({name: None if part is None else str(part) for name, part in request}),
        expires_at=caller.now + KEPT,
    )
