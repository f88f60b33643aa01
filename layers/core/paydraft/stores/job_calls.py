"""Jobs on their way into the queue: asked for, asked for again, begun anew, and called out of their group's line."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from paydraft.model.errors import TransientError
from paydraft.model.job import CHECK_AFTER, Job
from paydraft.model.status import Status
from paydraft.stores.group_items import admitted, called, group_of
from paydraft.stores.job_items import fence_of
from paydraft.stores.job_rows import IS_OPEN, TRIES, GroupMovedError, JobRows, in_group
from paydraft.stores.table import Write

_TO_RUN = " REMOVE #source, #lease_owner, #lease_until, #started_at"


class JobCalls(JobRows):
    """The part of JobStore that starts attempts."""

    def next_attempt(self, job: Job, *, now: datetime) -> Job:
        """Queue the job's next attempt; whatever the present one still sends is stale from now on.

        Raises StaleJobError if the job is final, or not as `job` says.
        """
        return self._run(job, f"attribute_exists(#open_shard) AND {IS_OPEN}", now=now, attempts=1)

    def call_up(self, job: Job, *, now: datetime) -> Job:
        """Queue a job that was created and not asked for until now. Raises StaleJobError if it is not as `job` says.

        Where no place of its group is free, it is queued without a time that runs (`is_in_line`) until `admit`.
        """
        condition = "#attempt = :attempt AND #status = :created AND attribute_not_exists(#opened_at)"
        return self._call(job, condition, now=now)

    def run_again(self, job: Job, *, now: datetime) -> Job:
        """Queue the next attempt of a job that has ended, as `call_up` does, and forget what the last one came to.

        Raises StaleJobError if it is open, cancelled or changed, or its event is not out yet (try again in a moment).
        """
        condition = "#attempt = :attempt AND #status IN (:completed, :failed) AND #event_pending = :no"
        return self._call(job, condition, now=now, again=1)

    def admit(self, job: Job, *, now: datetime) -> Job | None:
        """The job out of its group's line, its time running; None where no place is free.

        Raises StaleJobError if it does not wait any more. A stored original is copied by the reconciler at once.
        """
        group = group_of(self._jobs, job)
        if group and not group.has_place:
            return None
        try:
            return self._run(
                job,
                "#attempt = :attempt AND #status = :queued AND attribute_not_exists(#opened_at)",
                now=now,
                begins=True,
                also=admitted(self._jobs, group, job.model_copy(update={"updated_at": now})),
                check_at=now if job.original else None,
            )
        except GroupMovedError:
            return None

    def _call(self, job: Job, condition: str, *, now: datetime, again: int = 0) -> Job:
        """A job that somebody asks for gets a place of its group, or waits in its line."""
        queued = job.model_copy(update={"status": Status.QUEUED, "updated_at": now})
        for _ in range(TRIES):
            begins, also = called(self._jobs, group_of(self._jobs, job), job, queued)
            with suppress(GroupMovedError):
                return self._run(job, condition, now=now, attempts=again, reruns=again, begins=begins, also=also)
        raise TransientError("a job's group kept changing")

    def _run(
        self,
        job: Job,
        condition: str,
        *,
        now: datetime,
        attempts: int = 0,
        reruns: int = 0,
        begins: bool | None = None,
        also: Sequence[Write] = (),
        check_at: datetime | None = None,
    ) -> Job:
        """The job in the queue, `attempts` further on. Its time begins, not yet (False), or goes on (None)."""
        due = ", #next_check_at = :check_at, #open_shard = :shard" + (", #opened_at = :now" if begins else "")
        idle = ", #opened_at, #next_check_at, #open_shard"
        forgotten = ", #completed_at, #match, #transfer_id, #flags, #no_draft, #failure" if reruns else ""
        seen, values = fence_of(job)
        return self._move(
            job.key,
            "SET #attempt = :next, #reruns = :runs, #status = :queued, #requeues = :zero, #updated_at = :now"
            f"{'' if begins is False else due}{_TO_RUN}{idle if begins is False else ''}{forgotten}",
            f"{condition} AND {in_group(job)} AND {seen}",
            also=also,
            attempt=job.attempt,
            next=job.attempt + attempts,
            runs=job.reruns + reruns,
            zero=0,
            now=now,
            check_at=check_at or now + CHECK_AFTER,
            shard=job.open_shard,
            completed=Status.COMPLETED,
            failed=Status.FAILED,
            no=False,
            group_id=job.group_id,
            told={"status": Status.QUEUED, "updated_at": now, "reruns": job.reruns + reruns}
            | ({"completed_at": None, "fault": None} if reruns else {}),
            **values,
        )
