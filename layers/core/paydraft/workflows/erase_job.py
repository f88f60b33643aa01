"""The last steps of a job's deletion: its objects in all their versions, then its row, by which they are found.

A reader may write until its lease is over, and a fetch until it is given up: the row of a job that was running waits
for that, cancelled and found by nobody but the reconciler, which then does the same once more.
"""

from dataclasses import dataclass
from datetime import datetime

from paydraft.model.job import LEASE, Job
from paydraft.stores.documents import DocumentStore
from paydraft.stores.job_edits import JobEdits
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore


@dataclass(frozen=True, slots=True)
class Remains:
    """Where what was kept of a job lies."""

    jobs: JobStore
    edits: JobEdits
    documents: DocumentStore
    results: ResultStore


def erase(job: Job, remains: Remains, *, now: datetime) -> None:
    """Erase what was kept of a cancelled job, so that nothing leads to it any more. Repeatable.

    Raises StaleJobError if the job is not as it was seen.
    """
    remains.documents.erase(job.lane, job.key)
    remains.results.erase(job.key)
    if is_in_use(job, now):
        remains.edits.hide(job)
    else:
        remains.jobs.remove(job)


def is_in_use(job: Job, now: datetime) -> bool:
    """Whether a fetch or a reader of this cancelled job may not have noticed yet: for a lease's time at most."""
    was_cut_short = job.completed_at == job.updated_at  # else it had ended before it was given up
    was_begun = job.opened_at is not None and (job.started_at is not None or job.original is None)
    return was_cut_short and was_begun and not job.is_extracted and now < job.updated_at + LEASE
