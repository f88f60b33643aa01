"""The row of a job, and what lists and groups know of it: a change is one conditional write of all that it touches."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paydraft.model.errors import StaleJobError, TransientError
from paydraft.model.job import Job, JobKey
from paydraft.model.status import Status
from paydraft.stores.items import read_as
from paydraft.stores.job_items import fence_of, row_key, summary_change
from paydraft.stores.table import Change, ConditionFailedError, Table, Write, put_together

IS_OPEN = "#attempt = :attempt AND #status IN (:created, :queued, :processing)"
OPEN = {status.value: status for status in Status if not status.is_final}
TRIES = 8  # of what a job and its group must agree on


class GroupMovedError(Exception):
    """The job is as it was thought to be; its group is not."""


class JobRows:
    """Rows of JobsTable with what lists and groups know of them; what the stores of jobs have in common."""

    def __init__(self, table: str) -> None:
        self._jobs = Table(table)

    def get(self, key: JobKey) -> Job | None:
        """The job as last written."""
        item = self._jobs.get(**row_key(key))
        return read_as(Job, item) if item else None

    def _agreed(self, key: JobKey, change: Callable[[Job], Job]) -> Job:
        """A change decided on the job as it stands and its group as it stands."""
        for _ in range(TRIES):
            job = self.get(key)
            if job is None:
                raise StaleJobError(f"job {key.job_id}")
            try:
                return change(job)
            except GroupMovedError:
                continue
            except StaleJobError:
                standing = self.get(key)
                if standing is None or standing.group_id == job.group_id:
                    raise
        raise TransientError("a job's group kept changing")

    def _update_as_seen(self, job: Job, change: str, **values: object) -> Job:
        seen, fences = fence_of(job)
        condition = f"#attempt = :attempt AND attribute_exists(#open_shard) AND {seen}"
        return self._update(job.key, change, condition, attempt=job.attempt, **fences, **values)

    def _update(self, key: JobKey, change: str, condition: str, **values: Any) -> Job:
        """A change that lists need not know of."""
        try:
            return read_as(Job, self._jobs.update(row_key(key), change, condition=condition, **(OPEN | values)))
        except ConditionFailedError as refused:
            raise StaleJobError(f"job {key.job_id}") from refused

    def _move(
        self,
        key: JobKey,
        change: str,
        condition: str,
        *,
        told: Mapping[str, object],
        also: Sequence[Write] = (),
        **values: object,
    ) -> Job:
        """A change together with what lists are told of it (None takes a value away), and what is written `also`.

        The job as it is afterwards; raises StaleJobError, and GroupMovedError if only the others were refused.
        """
        given = tuple((OPEN | values).items())
        row = Change(self._jobs.name, tuple(row_key(key).items()), change, condition, given)
        try:
            put_together([row, summary_change(self._jobs.name, key, told), *also])
        except ConditionFailedError as refused:
            if not refused.refused[0]:
                raise GroupMovedError from refused
            raise StaleJobError(f"job {key.job_id}") from refused
        job = self.get(key)
        if job is None:
            raise StaleJobError(f"job {key.job_id}")
        return job


def in_group(job: Job) -> str:
    """That the job is still in the group whose counts change with it."""
    return "#group_id = :group_id" if job.group_id else "attribute_not_exists(#group_id)"
