"""Taking a job away with all that was kept of it. Every step can be repeated, and none is taken back.

First its transfer is given up, so that nothing of it can be paid any more; then the job is cancelled, which whatever
still works on it finds out by itself; then it is erased (erase_job.py). A deletion that is interrupted leaves a
cancelled job, which the next deletion or the reconciler takes away.
"""

from dataclasses import dataclass
from datetime import datetime

from paydraft.model.audit import AuditEntry
from paydraft.model.errors import StaleJobError, TransferChangedError, TransientError
from paydraft.model.ids import transfer_id_of
from paydraft.model.job import Job
from paydraft.model.job_errors import JobHasPaymentError
from paydraft.model.status import Status
from paydraft.model.steps import Outcome, Step
from paydraft.model.transfer import TransferStatus
from paydraft.stores.completion import Completion
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.redraft import closed
from paydraft.workflows.erase_job import Remains, erase

_TRIES = 4
_KEPT = (TransferStatus.APPROVED, TransferStatus.EXPORTED)
_NOTE = "job_deleted"


@dataclass(frozen=True, slots=True)
class Eraser:
    """What a deletion reaches into."""

    remains: Remains
    transfers: TransferStore
    completion: Completion
    exit: FinishDoor


def delete(job: Job, eraser: Eraser, by: str, *, now: datetime) -> None:
    """Take the job away: from now on nothing leads to it. `by` is who asks for it.

    Raises:
        JobHasPaymentError: its transfer is approved or exported; nothing was changed.
        TransientError: it kept changing, or its last event is not out yet; a repetition goes on.
    """
    for _ in range(_TRIES):
        try:
            _give_up_transfer(job, eraser, by, now=now)
            cancelled = _cancelled(job, eraser, now=now)
            if cancelled is None:
                return
            _give_up_transfer(cancelled, eraser, by, now=now)  # one that was drafted in between
            erase(cancelled, eraser.remains, now=now)
        except (StaleJobError, TransferChangedError):
            standing = eraser.remains.jobs.get(job.key)
            if standing is None:
                return
            job = standing
        else:
            return
    raise TransientError("a job kept changing while it was to be deleted")


def _cancelled(job: Job, eraser: Eraser, *, now: datetime) -> Job | None:
    """The job as cancelled; None if it is gone."""
    if job.status is Status.CANCELLED and not job.event_pending:
        return job
    if job.status.is_final:
        return _given_up(job, eraser, now=now)
    step = Step(tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt, outcome=Outcome.CANCELLED)
    eraser.exit.finish(step)
    ended = eraser.remains.jobs.get(job.key)
    if ended is None:
        return None
    if ended.status is not Status.CANCELLED:
        raise StaleJobError("ended by itself, or in another attempt")
    eraser.completion.stop(job.job_id, job.attempt)
    return ended


def _given_up(job: Job, eraser: Eraser, *, now: datetime) -> Job:
    if not job.event_pending:
        return eraser.remains.edits.give_up(job, now=now)
    eraser.exit.tell(job)
    raise StaleJobError("its event is out now")


def _give_up_transfer(job: Job, eraser: Eraser, by: str, *, now: datetime) -> None:
    standing = eraser.transfers.get(job.tenant_id, transfer_id_of(job.job_id))
    if standing is None or standing.status is TransferStatus.CANCELLED:
        return
    if standing.status in _KEPT:
        raise JobHasPaymentError
    step = closed(standing, _NOTE, at=now)
    entry = AuditEntry.of(standing, step.after, step.action, by, step.after.note)
    eraser.transfers.write(standing, step.after, entry)
