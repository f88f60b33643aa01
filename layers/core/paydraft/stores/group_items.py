"""How a group lies in JobsTable, and what a change of one of its jobs writes there in the job's own transaction.

GRP#<24 hex>                 the group, its counts, and the set of jobs that have one of its places
WAIT#<24 hex>#<uuidv7>       a job that was asked for while no place was free; first asked is not first called: the line
                             is in order of creation

A place is taken and given back together with the status that needs it, so that no crash can leave one taken by a job
that has ended. A job joins the line only while no place is free: whoever gives a place back afterwards finds it there.
"""

from collections.abc import Sequence
from uuid import UUID

from paydraft.model.group import Group, Tally
from paydraft.model.job import Job, JobKey
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import Change, Put, Remove, Table, Write

_STANDS = "attribute_exists(#sk)"
_HAS_PLACE = "(attribute_not_exists(#running) OR size(#running) < #parallel_jobs)"
_IS_FULL = "size(#running) >= #parallel_jobs"
_ALWAYS = "attribute_exists(#sk) OR attribute_not_exists(#sk)"
_FIRST = "SET #started_at = if_not_exists(#started_at, :now)"


def group_key(tenant_id: str, group_id: str) -> dict[str, str]:
    """Where the group lies."""
    return {"tenant_id": tenant_id, "sk": f"GRP#{group_id}"}


def line_prefix(group_id: str) -> str:
    """What the sort keys of the jobs in a group's line begin with."""
    return f"WAIT#{group_id}#"


def key_in_line(item: Item) -> JobKey:
    """The job that waits here."""
    return JobKey(tenant_id=plain(item["tenant_id"]), job_id=UUID(plain(item["sk"]).rpartition("#")[2]))


def group_of(table: Table, job: Job) -> Group | None:
    """The job's group, as last written; None where it has none, or has lost it."""
    item = table.get(**group_key(job.tenant_id, job.group_id)) if job.group_id else None
    return read_as(Group, item) if item else None


def joining(table: Table, job: Job) -> list[Write]:
    """A new job in its group, which must be there."""
    return [_counted(table, job, job.group_id, Tally.of(job))] if job.group_id else []


def moving(table: Table, before: Job, after: Job) -> list[Write]:
    """A job that is not called yet from one group into another."""
    if before.group_id == after.group_id:
        return []
    left = group_of(table, before)
    leaving = [_counted(table, before, left.group_id, Tally() - Tally.of(before))] if left else []
    return [*leaving, *joining(table, after)]


def called(table: Table, group: Group | None, before: Job, after: Job) -> tuple[bool, list[Write]]:
    """Whether a job that is asked for gets a place, and what is written then; without a group it always does."""
    if group is None:
        return True, []
    grows = Tally.of(after) - Tally.of(before)
    if group.has_place:
        return True, [_placed(table, after, group, grows)]
    waits = {"tenant_id": after.tenant_id, "sk": f"{line_prefix(group.group_id)}{after.job_id}"}
    counted = _counted(table, after, group.group_id, grows, condition=_IS_FULL)
    return False, [counted, Put(table.name, item_of(waits), _ALWAYS)]


def admitted(table: Table, group: Group | None, job: Job) -> list[Write]:
    """A job out of the line and into a free place; `job` is as it will be."""
    if group is None:
        return []
    return [_placed(table, job, group, Tally()), _out_of_line(table, job, group)]


def ended(table: Table, group: Group | None, before: Job, after: Job) -> list[Write]:
    """A job's place given back, or its wait given up, and its end counted."""
    if group is None:
        return []
    grows = Tally.of(after) - Tally.of(before)
    key, values = _named(after, group.group_id, grows)
    values |= {"gone": frozenset({str(after.job_id)}), "one": 1, "now": after.completed_at}
    change = f"SET #ended_at = :now {_added(grows, '#endings :one')} DELETE #running :gone"
    return [Change(table.name, key, change, _STANDS, tuple(values.items())), _out_of_line(table, after, group)]


def removed(table: Table, group: Group | None, job: Job) -> list[Write]:
    """A job that has ended, no longer counted."""
    return [_counted(table, job, group.group_id, Tally() - Tally.of(job))] if group else []


def recounted(table: Table, group: Group | None, before: Job, after: Job) -> list[Write]:
    """A job that had ended, ended otherwise."""
    return [_counted(table, after, group.group_id, Tally.of(after) - Tally.of(before))] if group else []


def _placed(table: Table, job: Job, group: Group, grows: Tally) -> Change:
    key, values = _named(job, group.group_id, grows)
    values |= {"own": frozenset({str(job.job_id)}), "now": job.updated_at}
    change = f"{_FIRST} {_added(grows, '#running :own')}"
    return Change(table.name, key, change, f"{_STANDS} AND {_HAS_PLACE}", tuple(values.items()))


def _counted(table: Table, job: Job, group_id: str | None, grows: Tally, *, condition: str = _STANDS) -> Change:
    key, values = _named(job, str(group_id), grows)
    # A count that does not move is written all the same: the condition alone would need another permission.
    change = _added(grows) or "ADD #endings :zero"
    return Change(table.name, key, change, condition, tuple((values | {"zero": 0}).items()))


def _out_of_line(table: Table, job: Job, group: Group) -> Remove:
    key = {"tenant_id": job.tenant_id, "sk": f"{line_prefix(group.group_id)}{job.job_id}"}
    return Remove(table.name, tuple(key.items()), _ALWAYS)


def _named(job: Job, group_id: str, grows: Tally) -> tuple[tuple[tuple[str, str], ...], dict[str, object]]:
    return tuple(group_key(job.tenant_id, group_id).items()), {name: n for name, n in dict(grows).items() if n}


def _added(grows: Tally, *others: str) -> str:
    parts: Sequence[str] = [*(f"#{name} :{name}" for name, n in dict(grows).items() if n), *others]
    return f"ADD {', '.join(parts)}" if parts else ""
