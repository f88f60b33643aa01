"""Looks facts up and carries an action out. Every step may be lost or done twice without harm.

A job is claimed by a conditional write before anything is sent for it, so that of several reconcilers one acts; what a
crash leaves undone is due again at the job's next check.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from paydraft.model.document import IncomingKey, StoredObject
from paydraft.model.errors import DocumentMissingError, Failure, InternalError
from paydraft.model.job import Job
from paydraft.model.status import Status
from paydraft.model.steps import Outcome, Step
from paydraft.runtime.settings import ReconcileSettings
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.job_edits import JobEdits
from paydraft.stores.jobs import JobStore
from paydraft.stores.lane_queues import LaneQueues
from paydraft.stores.results import ResultStore
from paydraft.workflows.erase_job import Remains, erase
from reconcile_jobs.plan import (
    Action,
    Announce,
    CopyOriginal,
    End,
    Erase,
    Facts,
    FetchAgain,
    Leave,
    PublishAgain,
    StartNextAttempt,
    Wait,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """The stores that a reconciler reaches into."""

    jobs: JobStore
    documents: DocumentStore
    remains: Remains
    completion: Completion
    queues: LaneQueues
    fetches: FetchQueue
    exit: FinishDoor
    bucket: str

    @classmethod
    def of(cls, settings: ReconcileSettings) -> Self:
        """The stores named by the environment."""
        return cls(
            jobs=JobStore(settings.jobs_table),
            documents=DocumentStore(settings.documents_bucket),
            remains=Remains(
                jobs=JobStore(settings.jobs_table),
                edits=JobEdits(settings.jobs_table),
                documents=DocumentStore(settings.documents_bucket),
                results=ResultStore(settings.documents_bucket),
            ),
            completion=Completion(settings.job_completion_arn),
            queues=LaneQueues(settings.express_queue_url, settings.standard_queue_url),
            fetches=FetchQueue(settings.fetch_queue_url),
            exit=FinishDoor(settings.finish_job_function),
            bucket=settings.documents_bucket,
        )

    def facts(self, job: Job) -> Facts:
        """What the plan needs beside the row."""
        match job.status:
            case Status.CREATED | Status.QUEUED:
                return Facts(document=self.documents.find(str(_place_of(job))))
            case Status.PROCESSING:
                return Facts(execution=self.completion.state_of(job.job_id, job.attempt))
        return Facts()

    def carry_out(self, job: Job, action: Action, now: datetime) -> None:
        """Do it. Raises StaleJobError if the job has moved on meanwhile: then there is nothing to do."""
        match action:
            case Leave():
                return
            case Wait(at):
                self.jobs.check_again(job, at=at)
            case Announce(document, at):
                # Only dead readers are counted: a long queue must not use up a document's tries.
                self.jobs.check_again(job, at=at, requeued=job.status is Status.PROCESSING)
                self.queues.announce(document, job.lane, self.bucket)
            case FetchAgain(at):
                self.jobs.check_again(job, at=at)
                self.fetches.ask(job.key, job.attempt)
            case CopyOriginal(original, at):
                self.jobs.check_again(job, at=at)
                self._copy(original, job)
            case StartNextAttempt(original):
                self._copy(original, self.jobs.next_attempt(job, now=now))
            case Erase():
                erase(job, self.remains, now=now)
            case End(failure):
                self._end(job, failure)
            case PublishAgain():
                # The job is final: FinishJob reads nothing of this step but its identity.
                self._end(job, job.failure or InternalError().failure)

    def _copy(self, original: StoredObject, job: Job) -> None:
        """S3 announces the copy; that starts the attempt."""
        try:
            self.documents.copy(original, _place_of(job))
        except DocumentMissingError as gone:
            self._end(job, gone.failure)

    def _end(self, job: Job, failure: Failure) -> None:
        step = Step(
            tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt, outcome=Outcome.FAILED, failure=failure
        )
        self.exit.finish(step)


def _place_of(job: Job) -> IncomingKey:
    return IncomingKey(lane=job.lane, tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt)
