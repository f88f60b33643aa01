"""The intake of a document that lies on the web: the job first, then a call to the only function that reaches outwards.

Between the two the job waits without a document: a client that tries again with its Idempotency-Key calls again, and
the reconciler does so without one.
"""

from dataclasses import dataclass
from datetime import datetime

from paydraft.model.document import Lane
from paydraft.model.errors import StaleJobError
from paydraft.model.idempotency import KEPT, AlreadyAcceptedError, IdempotencyClaim, fingerprint_of, key_hash_of
from paydraft.model.job import Dialect, Labels
from paydraft.model.status import Status
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.jobs import JobStore
from paydraft.workflows.accept_document import Accepted
from paydraft.workflows.new_job import new_job


@dataclass(frozen=True, slots=True)
class UrlSubmission:
    """An address (`labels.source_url`) as a dialect hands it over; tenant and subject come from the credential."""

    tenant_id: str
    subject: str
    dialect: Dialect
    labels: Labels
    lane: Lane = Lane.STANDARD
    waits_for_call: bool = False  # fetched only when somebody asks for it (workflows/process_job.py)


def accept_url(
    submission: UrlSubmission,
    *,
    jobs: JobStore,
    queue: FetchQueue,
    now: datetime,
    randomness: bytes,
    idempotency_key: str | None = None,
) -> Accepted:
    """Make a job of an address; with a key, as often as the client likes, once.

    Raises:
        JobNumberTakenError: another job of the tenant has this number.
        IdempotencyConflictError: the key was used for another request in the last 24 hours.
        StaleJobError: the key's job is deleted.
    """
    if submission.labels.source_url is None:
        raise ValueError("an address is missing")
    job = new_job(
        submission.tenant_id,
        submission.subject,
        submission.dialect,
        submission.labels,
        lane=submission.lane,
        status=Status.CREATED if submission.waits_for_call else Status.QUEUED,
        invoice_id=jobs.next_invoice_id(submission.tenant_id),
        now=now,
        randomness=randomness,
        waits_for_call=submission.waits_for_call,
    )
    claim = _claim(submission, idempotency_key, now) if idempotency_key else None
    replayed = False
    try:
        jobs.put_new(job, claim=claim)
    except AlreadyAcceptedError as earlier:
        standing = jobs.get(earlier.job_key)
        if standing is None:
            raise StaleJobError("the job of this key is deleted") from earlier
        job, replayed = standing, True
    if job.status is Status.QUEUED and job.original is None:
        queue.ask(job.key, job.attempt)
    return Accepted(job, replayed=replayed)


def _claim(submission: UrlSubmission, key: str, now: datetime) -> IdempotencyClaim:
    """The same request is: the same labels (the address among them), lane and dialect."""
    parts: dict[str, str | None] = {
        "labels": submission.labels.model_dump_json(),
        "lane": submission.lane,
        "dialect": submission.dialect,
    }
    return IdempotencyClaim(
        key_hash=key_hash_of(f"accept_url/{submission.dialect}", key),
        fingerprint=fingerprint_of(parts),
        expires_at=now + KEPT,
    )
