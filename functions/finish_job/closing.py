"""A job that came to nothing leaves no draft behind, unless a person has made it his own."""

from datetime import datetime

from paydraft.model.audit import AuditEntry
from paydraft.model.errors import TransferChangedError, TransientError
from paydraft.model.ids import transfer_id_of
from paydraft.model.job import Job
from paydraft.model.transfer import THE_SERVICE
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.redraft import closed

_TRIES = 4


def close_draft(job: Job, transfers: TransferStore, *, now: datetime) -> None:
    """Cancel the untouched draft of a job that has ended; no draft, or a touched one, is none of our business.

    No other draft of this attempt can follow: drafts are written only while theirs is open. One of a later attempt is
    not ours: a call may come so late that the job runs again. Raises TransientError if persons keep working on it,
    which a repetition will find touched.
    """
    for _ in range(_TRIES):
        standing = transfers.get(job.tenant_id, transfer_id_of(job.job_id))
        if standing is None or not standing.is_untouched or standing.attempt > job.attempt:
            return
        step = closed(standing, job.failure.code if job.failure else job.status, at=now)
        entry = AuditEntry.of(standing, step.after, step.action, THE_SERVICE, step.after.note)
        try:
            transfers.write(standing, step.after, entry)
        except TransferChangedError:
            continue
        return
    raise TransientError("the draft of an ended job kept changing")
