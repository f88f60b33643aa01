"""How a job lies in JobsTable: its row, its summary for lists, and the look-ups that lead to it.

JOB#<uuidv7>   the row                         OID#<24 hex>     its short id, one dialect's name for it
SUM#<uuidv7>   what lists show                 NO#<jobNumber>   the client's own number, unique in the tenant
INV#<n>        the tenant's integer for it     UPL#<uuidv7>     the upload
"""

from collections.abc import Mapping
from uuid import UUID

from paydraft.model.job import CHECK_AFTER, Job, JobKey
from paydraft.model.job_summary import JobSummary
from paydraft.stores.items import Item, item_of, plain
from paydraft.stores.table import Change, Put, Remove

_ALWAYS = "attribute_exists(#sk) OR attribute_not_exists(#sk)"


def row_key(key: JobKey) -> dict[str, str]:
    """Where the row lies."""
    return {"tenant_id": key.tenant_id, "sk": f"JOB#{key.job_id}"}


def summary_key(key: JobKey) -> dict[str, str]:
    """Where the summary lies."""
    return {"tenant_id": key.tenant_id, "sk": f"SUM#{key.job_id}"}


def key_of(item: Item) -> JobKey:
    """The job that a row, a summary or an entry of the index is about."""
    return JobKey(tenant_id=plain(item["tenant_id"]), job_id=UUID(plain(item["sk"])[4:]))


def puts_of(table: str, job: Job) -> list[Put]:
    """All items of a new job."""
    named = item_of({"tenant_id": job.tenant_id, "job_id": job.job_id})
    look_ups = [named | item_of({"sk": sk}) for sk in _look_ups(job)]
    summary = item_of(summary_key(job.key)) | item_of(JobSummary.of(job))
    summary.pop("job_id")  # it is in the key
    return [Put(table, item) for item in (_row(job), summary, *look_ups)]


def removals_of(table: str, job: Job) -> list[Remove]:
    """All items of a job that has ended in this attempt, to be taken away."""
    named, values = names_of(job)
    condition = f"#attempt = :attempt AND #status = :status AND {named}"
    told = {"attempt": job.attempt, "status": job.status} | values
    row = Remove(table, tuple(row_key(job.key).items()), condition, tuple(told.items()))
    others = [summary_key(job.key), *({"tenant_id": job.tenant_id, "sk": sk} for sk in _look_ups(job))]
    return [row, *(Remove(table, tuple(key.items()), _ALWAYS) for key in others)]


def summary_change(table: str, key: JobKey, told: Mapping[str, object]) -> Change:
    """What lists are told as a part of a change; None takes a value away. The row alone decides whether it may be."""
    kept = {name: value for name, value in told.items() if value is not None}
    gone = [f"#{name}" for name in told if name not in kept]
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in kept) + (f" REMOVE {', '.join(gone)}" if gone else "")
    return Change(table, tuple(summary_key(key).items()), change, _ALWAYS, tuple(kept.items()))


def _look_ups(job: Job) -> tuple[str, ...]:
    number = (f"NO#{job.job_number}",) if job.job_number else ()
    return (f"INV#{job.invoice_id:012}", f"UPL#{job.upload_id}", f"OID#{job.short_id}", *number)


def _row(job: Job) -> Item:
    item = item_of(row_key(job.key)) | item_of(job)
    if job.opened_at is None or (job.status.is_final and not job.event_pending):
        item.pop("next_check_at", None)
        return item
    check_at = job.next_check_at or job.updated_at + CHECK_AFTER
    return item | item_of({"open_shard": job.open_shard, "next_check_at": check_at})


def names_of(job: Job) -> tuple[str, dict[str, object]]:
    """The condition that a job's number and group are as seen, and its values: of two who take it away one does.

    The other would take the number from a job that has it by now, and take the job from its group's counts once more.
    """
    seen = {"job_number": job.job_number, "group_id": job.group_id}
    condition = " AND ".join(_is_as_seen(name, value) for name, value in seen.items())
    return condition, {f"seen_{name}": value for name, value in seen.items()}


def fence_of(job: Job) -> tuple[str, dict[str, object]]:
    """The condition that a job is as seen, and its values: if one of these moved, a decision is about another job."""
    seen = {
        "status": job.status,
        "requeues": job.requeues,
        "lease_until": job.lease_until,
        "next_check_at": job.next_check_at,
    }
    condition = " AND ".join(_is_as_seen(name, value) for name, value in seen.items())
    return condition, {f"seen_{name}": value for name, value in seen.items()}


def _is_as_seen(name: str, value: object) -> str:
    return f"attribute_not_exists(#{name})" if value is None else f"#{name} = :seen_{name}"
