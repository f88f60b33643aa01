"""What is done to a job from outside its run: its data is replaced before it is started, or it is given up.

A job that is given up is `cancelled` first, and stays in the index of open jobs until it is gone, so that whatever a
deletion leaves undone is done by the next one or by the reconciler.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from paydraft.model.errors import JobNumberTakenError, StaleJobError, TransientError
from paydraft.model.group_errors import GroupNotFoundError
from paydraft.model.job import CHECK_AFTER, LEASE, Job, JobKey, Labels
from paydraft.model.job_summary import JobSummary
from paydraft.model.status import Status
from paydraft.stores.group_items import group_of, moving, recounted, removed
from paydraft.stores.items import item_of
from paydraft.stores.job_items import fence_of, names_of, removals_of, row_key, summary_change
from paydraft.stores.job_rows import TRIES, GroupMovedError, JobRows, in_group
from paydraft.stores.table import Change, ConditionFailedError, Put, Remove, Write, put_together

_NOT_CALLED = "#attempt = :attempt AND #status = :status AND attribute_not_exists(#opened_at) AND #updated_at = :seen"
_FREE_OR_OURS = "attribute_not_exists(#sk) OR #job_id = :job_id"


class JobEdits(JobRows):
    """Jobs by tenant and id; StaleJobError means that the job is not as it was seen."""

    def replace(self, job: Job, labels: Labels, *, now: datetime, by: str | None = None) -> Job:
        """Give a job that nobody has asked for yet other labels: row, summary, number and group, or nothing.

        `by` is who asks for it: whoever names another document has sent it, and does not approve its payment.

        Raises:
            StaleJobError: the job was started, changed or deleted.
            JobNumberTakenError: another job of the tenant has this number.
            GroupNotFoundError: the tenant has no such group.
        """
        subject = by if by and labels.source_url != job.source_url else job.subject
        changes = dict(labels) | {"lane": labels.priority.lane, "updated_at": now, "subject": subject}
        after = job.model_copy(update=changes)
        numbers = self._renumbering(job, after)
        writes = [self._row(job, after), self._summary(after), *numbers, *moving(self._jobs, job, after)]
        try:
            put_together(writes)
        except ConditionFailedError as refused:
            if refused.refused[0]:
                raise StaleJobError(f"job {job.job_id}") from refused
            number_taken = any(refused.refused[2 : 2 + len(numbers)])
            raise (JobNumberTakenError if number_taken else GroupNotFoundError)(f"job {job.job_id}") from refused
        return after

    def give_up(self, job: Job, *, now: datetime) -> Job:
        """A job that has ended, as cancelled. Raises StaleJobError if its event is not out yet, or it runs again."""
        seen, values = fence_of(job)
        after = job.model_copy(update={"status": Status.CANCELLED})
        for _ in range(TRIES):
            also = recounted(self._jobs, group_of(self._jobs, job), job, after)
            with suppress(GroupMovedError):
                return self._move(
                    job.key,
                    "SET #status = :cancelled, #updated_at = :now, #open_shard = :shard, #next_check_at = :check_at",
                    f"#attempt = :attempt AND #event_pending = :no AND {in_group(job)} AND {seen}",
                    also=also,
                    told={"status": Status.CANCELLED, "fault": None, "updated_at": now},
                    cancelled=Status.CANCELLED,
                    attempt=job.attempt,
                    now=now,
                    no=False,
                    shard=job.open_shard,
                    check_at=now + CHECK_AFTER,
                    group_id=job.group_id,
                    **values,
                )
        raise TransientError("a job's group kept changing")

    def hide(self, job: Job) -> None:
        """Take away all that leads to a cancelled job and counts it; only its row stays, for who still works on it.

        Raises StaleJobError if the job is not cancelled in this attempt, or somebody else has done so.
        """
        named, seen = names_of(job)
        condition = f"#attempt = :attempt AND #status = :cancelled AND {named}"
        values = tuple((seen | {"attempt": job.attempt, "cancelled": Status.CANCELLED}).items())
        row = Change(
            self._jobs.name, tuple(row_key(job.key).items()), "REMOVE #job_number, #group_id", condition, values
        )
        for _ in range(TRIES):
            group = group_of(self._jobs, job)
            others = removals_of(self._jobs.name, job)[1:]
            try:
                return put_together([row, *others, *removed(self._jobs, group, job)])
            except ConditionFailedError as refused:
                if refused.refused[0]:
                    raise StaleJobError(f"job {job.job_id}") from refused
        raise TransientError("a job's group kept changing")

    def event_published(self, key: JobKey, attempt: int, *, now: datetime) -> None:
        """A cancelled job's event is out; the job stays in the index, due when nobody can be at work on it any more.

        Repeating it, or coming late, changes nothing.
        """
        with suppress(StaleJobError):
            self._update(
                key,
                "SET #event_pending = :no, #next_check_at = :at",
                "#attempt = :attempt AND #event_pending = :yes AND #status = :cancelled",
                attempt=attempt,
                at=now + LEASE,
                cancelled=Status.CANCELLED,
                no=False,
                yes=True,
            )

    def _row(self, before: Job, after: Job) -> Change:
        fields = {name: getattr(after, name) for name in (*Labels.model_fields, "lane", "updated_at", "subject")}
        kept = {name: value for name, value in fields.items() if value is not None}
        gone = [f"#{name}" for name in fields if name not in kept]
        change = (
            "SET " + ", ".join(f"#{name} = :{name}" for name in kept) + (f" REMOVE {', '.join(gone)}" if gone else "")
        )
        seen = {"attempt": before.attempt, "status": Status.CREATED, "seen": before.updated_at}
        return Change(
            self._jobs.name, tuple(row_key(before.key).items()), change, _NOT_CALLED, tuple((kept | seen).items())
        )

    def _summary(self, after: Job) -> Change:
        told = dict(JobSummary.of(after))
        del told["job_id"]
        return summary_change(self._jobs.name, after.key, told)

    def _renumbering(self, before: Job, after: Job) -> Sequence[Write]:
        if before.job_number == after.job_number:
            return []
        writes: list[Write] = []
        if after.job_number:
            named = {"tenant_id": after.tenant_id, "sk": f"NO#{after.job_number}", "job_id": after.job_id}
            writes.append(Put(self._jobs.name, item_of(named), _FREE_OR_OURS, (("job_id", after.job_id),)))
        if before.job_number:
            key = (("tenant_id", before.tenant_id), ("sk", f"NO#{before.job_number}"))
            writes.append(Remove(self._jobs.name, key, _FREE_OR_OURS, (("job_id", before.job_id),)))
        return writes
