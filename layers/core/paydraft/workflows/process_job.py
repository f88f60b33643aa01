"""Starting a job that waits for it, and starting one again that has ended."""

from datetime import datetime

from paydraft.model.document import IncomingKey
from paydraft.model.errors import DocumentMissingError
from paydraft.model.job import Job
from paydraft.model.status import Phase, Status
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.jobs import JobStore


def process(job: Job, *, jobs: JobStore, documents: DocumentStore, queue: FetchQueue, now: datetime) -> Job:
    """The job on its way. One that is under way stays as it is; one that has ended begins its next attempt.

    A new attempt reads the stored original; it is fetched again only if none was stored. Where no place of the job's
    group is free, it waits in line (`is_in_line`): its time does not run, and it is called by call_waiting.py.

    Raises:
        DocumentMissingError: there is nothing to read and no address to fetch it from; nothing was changed.
        StaleJobError: cancelled or changed meanwhile, or its last event is not out yet: read it and try again.
    """
    if job.status is Status.CREATED and job.opened_at is None:
        job = jobs.call_up(job, now=now)
    elif job.status.phase in (Phase.DONE, Phase.ENDED):
        if job.original is None and job.source_url is None:
            raise DocumentMissingError("nothing was ever stored")
        job = jobs.run_again(job, now=now)
    else:
        return job
    if not job.is_in_line:
        _bring(job, documents, queue)
    return job


def _bring(job: Job, documents: DocumentStore, queue: FetchQueue) -> None:
    """What is lost here, the reconciler does again: the attempt is queued without a document in its place."""
    if job.original is None:
        queue.ask(job.key, job.attempt)
        return
    place = IncomingKey(lane=job.lane, tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt)
    documents.copy(job.original, place)
