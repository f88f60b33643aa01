"""A tenant's group of jobs: how many of them run at once, how they stand, and when the last of them has ended."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from paydraft.model.evidence import Frozen
from paydraft.model.job import Job
from paydraft.model.status import Status

MAX_PARALLEL = 10
_MAX_NAME = 200
_MAX_OWN = 100_000  # characters; an item holds 400 kB

type GroupId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{24}$")]


class Tally(Frozen):
    """Counts of a group's jobs, or how much they grow by one change of one job."""

    total: int = 0
    open: int = 0  # not ended, called for or not
    completed: int = 0
    failed: int = 0
    pages: int = 0  # of the completed ones
    milliseconds: int = 0  # from the start of reading to the end, of the completed ones

    @classmethod
    def of(cls, job: Job | None) -> Self:
        """What one job counts as it stands; nothing where there is none.

        Only what has settled before a job completes is counted: no later write of its row changes its share.
        """
        if job is None:
            return cls()
        if job.status is not Status.COMPLETED:
            return cls(total=1, open=int(not job.status.is_final), failed=int(job.status is Status.FAILED))
        return cls(
            total=1, completed=1, pages=job.document.pages if job.document else 0, milliseconds=_milliseconds(job)
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) - getattr(other, name) for name in Tally.model_fields})


class Group(Tally):
    """The row of a group. Its counts change in the transactions that change its jobs, and nowhere else."""

    group_id: GroupId
    version: int = Field(default=1, ge=1)  # of what its owner wrote
    name: Annotated[str, StringConstraints(min_length=1, max_length=_MAX_NAME)]
    template_id: str
    parallel_jobs: int = Field(default=3, ge=1, le=MAX_PARALLEL)
    own: Annotated[str, StringConstraints(max_length=_MAX_OWN)] = "{}"  # JSON: what its dialect says besides
    running: frozenset[str] = frozenset()  # ids of the jobs that have one of its places
    endings: int = 0  # of jobs, ever
    told: int = 0  # how many endings there were when its completion was last published
    started_at: datetime | None = None  # when a job first got a place
    ended_at: datetime | None = None  # when a job last ended
    created_at: datetime
    updated_at: datetime  # of the last change by its owner

    @property
    def has_place(self) -> bool:
        """Whether one more job may run."""
        return len(self.running) < self.parallel_jobs

    @property
    def is_complete(self) -> bool:
        """Whether there were jobs in it and all have ended."""
        return self.open == 0 and self.endings > 0

    @property
    def status(self) -> Status:
        """Its jobs' states as one: failed where all have failed, created where none has been called for yet."""
        if self.total == 0:
            return Status.CREATED
        if self.open == 0:
            return Status.FAILED if self.failed == self.total else Status.COMPLETED
        if self.running:
            return Status.PROCESSING
        return Status.QUEUED if self.endings else Status.CREATED


def _milliseconds(job: Job) -> int:
    if job.started_at is None or job.completed_at is None:
        return 0
    return max(round((job.completed_at - job.started_at).total_seconds() * 1000), 0)
