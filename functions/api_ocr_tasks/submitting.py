"""Documents come in: by an address that somebody else fetches from, or as a file in a form."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from api_ocr_tasks.errors import FailedBeforeError, wrong
from api_ocr_tasks.schemas import TaskType
from paydraft.model.credential import Credential
from paydraft.model.errors import (
    DocumentError,
    DocumentMissingError,
    DocumentTooLargeError,
    DocumentUrlFailedError,
    DocumentUrlUnreachableError,
    UnsupportedMediaError,
)
from paydraft.model.invoice import DocumentType
from paydraft.model.job import Dialect, Job, Labels
from paydraft.model.media import MAX_DOCUMENT_BYTES, MAX_INLINE_BYTES, MIN_DOCUMENT_BYTES, MediaType, sniff
from paydraft.model.request_errors import EmptyDocumentError, InlineDocumentTooLargeError
from paydraft.model.status import Fault, Status
from paydraft.runtime.multipart import FilePart, Form
from paydraft.runtime.operations import Caller
from paydraft.runtime.waiting import Wait, WaitingRoom, after_change
from paydraft.stores.claims import job_under
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.workflows.accept_document import Accepted, Submission, accept, claim_of
from paydraft.workflows.accept_url import UrlSubmission, accept_url

WATCH_SECONDS = 6  # fetching takes one or two; a client that waits longer is better off asking again
_FORGIVEN = timedelta(days=1)  # a later release may read what this one could not: then a file is tried again
_ANSWERING_SECONDS = 3  # kept back of the function's time
_LONGEST_NAME = 255  # characters
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f]")
_TAKEN = (MediaType.PDF, MediaType.PNG, MediaType.JPEG)
# What becomes of the answer to a POST when fetching ended so; any other end is the task's own story.
_OF_FETCHING: dict[str, type[DocumentError]] = {
    one.code: one
    for one in (DocumentUrlUnreachableError, DocumentUrlFailedError, DocumentTooLargeError, UnsupportedMediaError)
}


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    jobs: JobStore
    lists: JobLists
    documents: DocumentStore
    results: ResultStore
    queue: FetchQueue
    transient_table: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a document, for which entity, and what makes two tries one. `randomness` is that of a new job."""

    caller: Caller
    entity: str | None
    key: str | None
    randomness: bytes


def one_type(said: str | None, queried: str | None) -> DocumentType | None:
    """The type that a body and a query parameter name; raises InvalidFieldsError for an unknown one or for two."""
    for text in (said, queried):
        if text is not None and text not in tuple(TaskType):
            raise wrong("query" if text is queried else "body", "document_type", f"one of: {', '.join(TaskType)}")
    if said is not None and queried is not None and said != queried:
        raise wrong("query", "document_type", "differs from the one in the body")
    text = said or queried
    return DocumentType(text) if text else None


def type_field(form: Form) -> str | None:
    """The form's field `document_type`; raises InvalidFieldsError where the form has others."""
    unknown = sorted({*form.fields, *form.files} - {"document_type", "file"})
    if unknown or "document_type" in form.files:
        raise wrong("body", (unknown or ["document_type"])[0][:64], "no field of this form")
    return form.fields.get("document_type")


def by_file(form: Form, kind: DocumentType | None, sender: Sender, stores: Stores) -> Accepted:
    """Make a job of the form's file.

    Raises InvalidFieldsError, EmptyDocumentError, InlineDocumentTooLargeError, UnsupportedMediaError,
    FailedBeforeError, and what `accept` raises.
    """
    file = _checked(form)
    submission = Submission(
        tenant_id=sender.caller.tenant_id,
        subject=sender.caller.credential.subject,
        dialect=Dialect.MONITE,
        data=file.data,
        labels=Labels(
            document_name=file.name or None,
            declared_type=_label(file.media_type),
            asked_type=kind,
            entity_id=sender.entity,
        ),
    )
    _refuse_what_failed_before(submission, sender, stores)
    return accept(
        submission,
        jobs=stores.jobs,
        documents=stores.documents,
        now=sender.caller.now,
        randomness=sender.randomness,
        idempotency_key=sender.key,
    )


def by_address(url: str, kind: DocumentType | None, sender: Sender, stores: Stores) -> Accepted:
    """Make a job of an address and have it fetched from; raises what `accept_url` raises."""
    submission = UrlSubmission(
        tenant_id=sender.caller.tenant_id,
        subject=sender.caller.credential.subject,
        dialect=Dialect.MONITE,
        labels=Labels(source_url=url, asked_type=kind, entity_id=sender.entity),
    )
    return accept_url(
        submission,
        jobs=stores.jobs,
        queue=stores.queue,
        now=sender.caller.now,
        randomness=sender.randomness,
        idempotency_key=sender.key,
    )


def patience(prefer: str | None, remaining_ms: int) -> int:
    """For how many seconds the fetching is watched; not at all for a client that prefers `respond-async`."""
    if "respond-async" in (prefer or "").lower():
        return 0
    return max(0, min(WATCH_SECONDS, remaining_ms // 1000 - _ANSWERING_SECONDS))


def require_fetched(job: Job, room: WaitingRoom, credential: Credential, wait: Wait, stores: Stores) -> None:
    """Watch the fetching for a while; raises what went wrong with it, or FailedBeforeError for what came of it."""
    if wait.seconds and not job.status.is_final:
        job, _ = after_change(job, wait, room, credential, lambda seen: seen.status is Status.QUEUED)
    if job.failure and job.failure.code in _OF_FETCHING:
        raise _OF_FETCHING[job.failure.code]
    if job.original is None or job.status is Status.COMPLETED:
        return
    try:
        data = stores.documents.read(job.original, limit=MAX_DOCUMENT_BYTES)
    except DocumentMissingError:  # the job is being deleted
        return
    if _has_failed_before(job.tenant_id, _sha256(data), stores, now=wait.now, but=job):
        raise FailedBeforeError


def _checked(form: Form) -> FilePart:
    file = form.files.get("file")
    if file is None:
        raise wrong("body", "file", "field required: a part with a file name", "value_error.missing")
    name = _NOT_IN_NAMES.sub("", file.name.replace("\\", "/").rpartition("/")[2]).strip()
    if len(name) > _LONGEST_NAME:
        raise wrong("body", "file", f"the file name is longer than {_LONGEST_NAME} characters")
    if len(file.data) > MAX_INLINE_BYTES:
        raise InlineDocumentTooLargeError
    if len(file.data) < MIN_DOCUMENT_BYTES:
        raise EmptyDocumentError(f"{len(file.data)} bytes")
    if sniff(file.data) not in _TAKEN:
        raise UnsupportedMediaError(f"{len(file.data)} bytes of a type that is not taken")
    return FilePart(name, file.media_type, file.data)


def _refuse_what_failed_before(submission: Submission, sender: Sender, stores: Stores) -> None:
    """But not the repetition of a request that was accepted: its key stands."""
    if not _has_failed_before(submission.tenant_id, _sha256(submission.data), stores, now=sender.caller.now):
        return
    if sender.key:
        claim = claim_of(submission, sender.key, sender.caller.now)
        if job_under(stores.transient_table, submission.tenant_id, claim, now=sender.caller.now):
            return
    raise FailedBeforeError


def _has_failed_before(tenant_id: str, sha256: str, stores: Stores, *, now: datetime, but: Job | None = None) -> bool:
    """Whether the tenant's first job with these bytes failed by a fault of the document, and not long ago."""
    first = stores.jobs.first_with(tenant_id, sha256)
    if first is None or (but and first == but.key):
        return False
    job = stores.jobs.get(first)
    if job is None or job.failure is None or now - job.updated_at > _FORGIVEN:
        return False
    return job.failure.fault is Fault.DOCUMENT


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _label(text: str | None) -> str | None:
    return _NOT_IN_NAMES.sub("", text)[:_LONGEST_NAME] or None if text else None
