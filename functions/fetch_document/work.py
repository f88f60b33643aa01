"""One request to fetch: the document goes where an upload would have put it, or the job ends with what went wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from paydraft.model.document import IncomingKey
from paydraft.model.errors import DocumentError, TransientError, UnsupportedMediaError
from paydraft.model.fetch import FetchRequest
from paydraft.model.job import Job
from paydraft.model.media import MIN_DOCUMENT_BYTES, MediaType, sniff
from paydraft.model.status import Status
from paydraft.model.steps import Outcome, Step
from paydraft.stores.documents import DocumentStore
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.jobs import JobStore

_WAITING = (Status.CREATED, Status.QUEUED)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a fetch reaches into. `fetch` takes an address and raises DocumentError where there is no document."""

    jobs: JobStore
    documents: DocumentStore
    exit: FinishDoor
    fetch: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a request, told without its address: a document, or why there is none."""

    size: int | None = None  # bytes
    media_type: MediaType | None = None
    error: DocumentError | None = None


def work(request: FetchRequest, desk: Desk) -> Report | None:
    """Fetch and store, or end the job; None if nobody waits for this document (any more).

    Storing starts the job as any upload does. Raises TransientError for what nobody foresaw: another try may do.
    """
    job = _waiting(request, desk)
    if job is None or job.source_url is None:
        return None
    place = IncomingKey(lane=job.lane, tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt)
    try:
        data, media_type = _fetched(job.source_url, desk.fetch)
    except DocumentError as error:
        # Another delivery of this request may have found what this one did not: many links work only once.
        if desk.documents.stands(place):
            return None
        desk.exit.finish(_failed(job, error))
        return Report(error=error)
    if _waiting(request, desk) is None:  # deleted meanwhile: nothing of it may come back
        return None
    desk.documents.put_new(place, data, media_type)
    return Report(len(data), media_type)


def _waiting(request: FetchRequest, desk: Desk) -> Job | None:
    """The job, if it waits for this. One that has its original needs no second: a next attempt reads a copy."""
    job = desk.jobs.get(request.key)
    if job is None or job.attempt != request.attempt or job.status not in _WAITING or job.original:
        return None
    return job


def _fetched(url: str, fetch: Callable[[str], bytes]) -> tuple[bytes, MediaType]:
    try:
        data = fetch(url)
    except DocumentError:
        raise
    except Exception as unforeseen:  # its text may hold the address, and so may those of what caused it
        raise TransientError(f"fetching: {type(unforeseen).__name__}") from None
    media_type = sniff(data) if len(data) >= MIN_DOCUMENT_BYTES else None
    if media_type is None:
        raise UnsupportedMediaError(f"{len(data)} bytes of unknown type")
    return data, media_type


def _failed(job: Job, error: DocumentError) -> Step:
    return Step(
        tenant_id=job.tenant_id,
        job_id=job.job_id,
        attempt=job.attempt,
        outcome=Outcome.FAILED,
        failure=error.failure,
    )
