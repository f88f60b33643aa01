"""What to do about a job that stands still. Pure: facts in, one action out.

Most jobs seen here need nothing: they are working. The others lost an event, a process or an execution, and each loss
has its own remedy; whatever is found, a job has ended by its deadline.
"""

from dataclasses import dataclass
from datetime import datetime

from paydraft.model.document import StoredObject
from paydraft.model.errors import DocumentMissingError, Failure, InternalError, TimedOutError
from paydraft.model.job import CHECK_AFTER, DEADLINE, DOCUMENT_GRACE, LEASE, MAX_ATTEMPTS, Job
from paydraft.model.status import Status
from paydraft.stores.completion import ExecutionState

MAX_REQUEUES = 3  # announcements of a document whose readers die; SQS itself delivers each three times


@dataclass(frozen=True, slots=True)
class Facts:
    """What the job's row can't know. Only what the job's status asks for is looked up; the rest is None."""

    document: StoredObject | None = None  # under the present attempt's key
    execution: ExecutionState | None = None  # of the present attempt


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing is open: the index lagged."""


@dataclass(frozen=True, slots=True)
class PublishAgain:
    """Final, but its event may not be out."""


@dataclass(frozen=True, slots=True)
class End:
    """End the job by FinishJob."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody is at work, or still may come: look again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Announce:
    """Put the document in its lane's queue once more, and look again at `at`."""

    document: StoredObject
    at: datetime


@dataclass(frozen=True, slots=True)
class StartNextAttempt:
    """Give the attempt up and copy the original into the next one's place."""

    original: StoredObject


@dataclass(frozen=True, slots=True)
class CopyOriginal:
    """A next attempt was begun without its document: copy it, and look again at `at`."""

    original: StoredObject
    at: datetime


@dataclass(frozen=True, slots=True)
class FetchAgain:
    """Have the document fetched from the address its sender gave, and look again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Erase:
    """Complete the deletion of a cancelled job."""


Action = Leave | PublishAgain | Erase | End | Wait | Announce | StartNextAttempt | CopyOriginal | FetchAgain


def plan(job: Job, facts: Facts, now: datetime) -> Action:
    """The one remedy for `job` as its row and `facts` show it at `now`."""
    if job.status.is_final and job.event_pending:
        return PublishAgain()
    if job.status is Status.CANCELLED:
        return Erase()
    if job.status.is_final:
        return Leave()
    if now >= deadline_of(job):
        return End(TimedOutError().failure)
    if job.status is Status.PROCESSING:
        return _of_running(job, facts.execution, now)
    return _of_waiting(job, facts.document, now)


def deadline_of(job: Job) -> datetime:
    """When the present run of the job must have ended."""
    return (job.opened_at or job.created_at) + DEADLINE


def _of_waiting(job: Job, document: StoredObject | None, now: datetime) -> Action:
    # What was asked for may only be waiting its turn in a long queue: ask again when it has waited twice as long.
    asked_again = _within_deadline(job, now + max(LEASE, now - job.updated_at))
    if document:
        return Announce(document, asked_again)
    if job.attempt > 1 and job.original:
        return CopyOriginal(job.original, now + CHECK_AFTER)
    if job.source_url:
        return FetchAgain(asked_again)
    if job.attempt > 1:
        return End(InternalError().failure)
    if now - (job.opened_at or job.created_at) >= DOCUMENT_GRACE:
        return End(DocumentMissingError().failure)
    return Wait(now + CHECK_AFTER)


def _of_running(job: Job, execution: ExecutionState | None, now: datetime) -> Action:
    match execution:
        case ExecutionState.RUNNING:
            return Wait(_within_deadline(job, now + CHECK_AFTER))
        case ExecutionState.FAILED if job.attempt < MAX_ATTEMPTS and job.original:
            return StartNextAttempt(job.original)
        case ExecutionState.FAILED | ExecutionState.SUCCEEDED:
            return End(InternalError().failure)
    return _of_reading(job, now)


def _of_reading(job: Job, now: datetime) -> Action:
    """No execution yet: the reader is at work while its lease holds, and dead afterwards."""
    if job.lease_until and now < job.lease_until:
        return Wait(job.lease_until)
    if job.source and job.requeues < MAX_REQUEUES:
        return Announce(job.source, _within_deadline(job, now + LEASE))
    return End(InternalError().failure)


def _within_deadline(job: Job, at: datetime) -> datetime:
    return min(at, deadline_of(job))
