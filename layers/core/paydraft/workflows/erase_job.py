"""The last steps of a job's deletion: its objects in all their versions, then its row, by which they are found.

A reader may write until its lease is over, a fetch until it is given up, and a client with an upload ticket until that
is over: the row waits for that, cancelled and found by nobody but the reconciler, which does the same again meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from paydraft.model.job import DOCUMENT_GRACE, LEASE, Job
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
    """Whether a reader, a fetch or a client with an upload ticket may not have noticed yet that it is cancelled."""
    was_cut_short = job.completed_at == job.updated_at  # else it had ended before it was given up
    was_begun = job.opened_at is not None and (job.started_at is not None or job.original is None)
    return was_cut_short and was_begun and not job.is_extracted and now < job.updated_at + _patience(job)


def _patience(job: Job) -> timedelta:
    """A ticket that was given out for the document is good for longer than any function works."""
    return DOCUMENT_GRACE if job.original is None and job.source_url is None else LEASE
