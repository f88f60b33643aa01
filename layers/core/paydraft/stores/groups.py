"""A tenant's groups: GRP#<24 hex> in JobsTable, the line of jobs that wait for a place, and who tells of their end.

Their counts and places are written with their jobs (group_items.py).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from paydraft.model.group import Group
from paydraft.model.group_errors import GroupBusyError, GroupChangedError
from paydraft.model.job import JobKey
from paydraft.stores.group_items import group_key, key_in_line, line_prefix
from paydraft.stores.items import Item, item_of, read_as
from paydraft.stores.table import ConditionFailedError, Put, Remove, Table, Write, put_together

_TELLING = timedelta(seconds=45)  # longer than FinishJob lives, shorter than the reconciler waits
_AS_SEEN = "#version = :seen"


class GroupStore:
    """Groups by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, tenant_id: str, group_id: str) -> Group | None:
        """The group as last written, by its owner or with one of its jobs."""
        item = self._table.get(**group_key(tenant_id, group_id))
        return read_as(Group, item) if item else None

    def list(self, tenant_id: str) -> Iterator[Group]:
        """All of the tenant's groups, by id."""
        return (read_as(Group, item) for item in self._prefixed(tenant_id, "GRP#"))

    def add(self, tenant_id: str, group: Group, *, others: tuple[Write, ...] = ()) -> None:
        """Write a new group, and others with it. Raises GroupChangedError if one of them is refused."""
        item = item_of(group_key(tenant_id, group.group_id) | {n: v for n, v in dict(group).items() if n != "running"})
        try:
            put_together([Put(self._table.name, item), *others])
        except ConditionFailedError as refused:
            raise GroupChangedError(f"group {group.group_id}") from refused

    def rewrite(self, tenant_id: str, group: Group) -> Group:
        """What its owner wrote, as the version after the stored one; its jobs' part is left alone.

        Answers the group as it stands afterwards. Raises GroupChangedError if another version stands there.
        """
        names = ("version", "name", "template_id", "parallel_jobs", "own", "updated_at")
        try:
            item = self._table.update(
                group_key(tenant_id, group.group_id),
                "SET " + ", ".join(f"#{name} = :{name}" for name in names),
                condition=_AS_SEEN,
                seen=group.version - 1,
                **{name: getattr(group, name) for name in names},
            )
        except ConditionFailedError as refused:
            raise GroupChangedError(f"group {group.group_id}") from refused
        return read_as(Group, item)

    def delete(self, tenant_id: str, group: Group) -> None:
        """Take it away; its jobs, all ended, keep its id. Raises GroupBusyError where a job of it is open."""
        key = tuple(group_key(tenant_id, group.group_id).items())
        condition = "attribute_not_exists(#sk) OR #open = :none"
        try:
            put_together([Remove(self._table.name, key, condition, (("none", 0),))])
        except ConditionFailedError as refused:
            raise GroupBusyError from refused

    def line(self, tenant_id: str, group_id: str) -> Iterator[JobKey]:
        """The jobs that wait for one of its places, in order of creation."""
        return (key_in_line(item) for item in self._prefixed(tenant_id, line_prefix(group_id), page_size=20))

    def begin_telling(self, tenant_id: str, group_id: str, *, teller: str, now: datetime) -> Group | None:
        """The group, if all its jobs have ended and nobody has told so yet; `teller` alone may tell, for a while.

        The same teller may come back at any time. What it leaves undone, whoever ends the last job does again.
        """
        group = self.get(tenant_id, group_id)
        if group is None or not group.is_complete or group.told >= group.endings:
            return None
        try:
            item = self._table.update(
                group_key(tenant_id, group_id),
                "SET #teller = :teller, #telling_until = :until",
                condition="#open = :none AND #endings = :endings AND #told < :endings"
                " AND (attribute_not_exists(#teller) OR #teller = :teller OR #telling_until <= :now)",
                teller=teller,
                until=now + _TELLING,
                now=now,
                none=0,
                endings=group.endings,
            )
        except ConditionFailedError:
            return None
        return read_as(Group, item)

    def told(self, tenant_id: str, group: Group) -> None:
        """Its completion is published. Repeating it, or coming late, changes nothing."""
        try:
            self._table.update(
                group_key(tenant_id, group.group_id),
                "SET #told = :endings REMOVE #teller, #telling_until",
                condition="#told < :endings",
                endings=group.endings,
            )
        except ConditionFailedError:
            return

    def _prefixed(self, tenant_id: str, prefix: str, *, page_size: int | None = None) -> Iterator[Item]:
        return self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)",
            page_size=page_size,
            tenant_id=tenant_id,
            prefix=prefix,
        )
