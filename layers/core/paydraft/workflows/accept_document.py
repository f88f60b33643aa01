"""The shared intake of every dialect: from a document's bytes to a job that will end, whatever dies in between.

The job is written first and the document second. Between the two the job waits without a document: a client that tries
again with its Idempotency-Key completes it, and without one the reconciler ends it as `document_missing`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from paydraft.model.document import IncomingKey, Lane
from paydraft.model.errors import DocumentTooLargeError, StaleJobError, UnsupportedMediaError
from paydraft.model.idempotency import (
    KEPT,
    AlreadyAcceptedError,
    IdempotencyClaim,
    fingerprint_of,
    key_hash_of,
)
from paydraft.model.ids import to_millisecond
from paydraft.model.job import Dialect, Job, JobKey, Labels
from paydraft.model.media import MAX_INLINE_BYTES, MIN_DOCUMENT_BYTES, MediaType, sniff
from paydraft.model.status import Status
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.workflows.new_job import new_job


@dataclass(frozen=True, slots=True)
class Submission:
    """A document as a dialect hands it over; tenant and subject come from the credential."""

    tenant_id: str
    subject: str
    dialect: Dialect
    data: bytes
    lane: Lane = Lane.STANDARD
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job a submission has; `replayed` if an earlier request with the same key made it."""

    job: Job
    replayed: bool


def accept(
    submission: Submission,
    *,
    jobs: JobStore,
    documents: DocumentStore,
    now: datetime,
    randomness: bytes,
    idempotency_key: str | None = None,
) -> Accepted:
    """Make a job of a document and store the document; with a key, as often as the client likes, once.

    `randomness` is `RANDOM_BYTES` from a secure source. The first two errors are raised before anything is written.

    Raises:
        DocumentTooLargeError: more than `MAX_INLINE_BYTES`.
        UnsupportedMediaError: the bytes show none of the types that are read.
        IdempotencyConflictError: the key was used for another request in the last 24 hours.
        StaleJobError: the key's job is deleted.
        TransientError: trying again with the same key completes what was begun.
    """
    media_type = _checked(submission.data)
    now = to_millisecond(now)
    job = new_job(
        submission.tenant_id,
        submission.subject,
        submission.dialect,
        submission.labels,
        lane=submission.lane,
        status=Status.QUEUED,
        invoice_id=jobs.next_invoice_id(submission.tenant_id),
        now=now,
        randomness=randomness,
    )
    claim = claim_of(submission, idempotency_key, now) if idempotency_key else None
    try:
        jobs.put_new(job, claim=claim)
    except AlreadyAcceptedError as earlier:
        return _resume(earlier.job_key, submission.data, media_type, jobs=jobs, documents=documents)
    documents.put_new(_first_place(job), submission.data, media_type)
    return Accepted(job, replayed=False)


def _resume(key: JobKey, data: bytes, media_type: MediaType, *, jobs: JobStore, documents: DocumentStore) -> Accepted:
    job = jobs.get(key)
    if job is None:
        raise StaleJobError("the job of this key is deleted")
    if job.original is None and not job.status.is_final:
        documents.put_new(_first_place(job), data, media_type)
    return Accepted(job, replayed=True)


def _checked(data: bytes) -> MediaType:
    if len(data) > MAX_INLINE_BYTES:
        raise DocumentTooLargeError(f"{len(data)} bytes, at most {MAX_INLINE_BYTES}")
    media_type = sniff(data) if len(data) >= MIN_DOCUMENT_BYTES else None
    if media_type is None:
        raise UnsupportedMediaError(f"{len(data)} bytes of unknown type")
    return media_type


def claim_of(submission: Submission, key: str, now: datetime) -> IdempotencyClaim:
    """What a key stands for. The same request is: the same bytes, customer, entity, kind of document, lane and dialect.

    Not compared: who sent it (a token may be renewed between two tries), headers, file name and declared type, and
    how the bytes were wrapped (line breaks in base64, multipart boundaries).
    """
    parts = {
        "document": hashlib.sha256(submission.data).hexdigest(),
        "customer_id": submission.labels.customer_id,
        "asked_type": submission.labels.asked_type,
        "entity_id": submission.labels.entity_id,
        "lane": submission.lane,
        "dialect": submission.dialect,
    }
    return IdempotencyClaim(
        key_hash=key_hash_of(f"accept_document/{submission.dialect}", key),
        fingerprint=fingerprint_of(parts),
        expires_at=now + KEPT,
    )


def _first_place(job: Job) -> IncomingKey:
    return IncomingKey(lane=job.lane, tenant_id=job.tenant_id, job_id=job.job_id, attempt=1)
