"""Who is waiting for an answer right now: a few slots per token in the transient table, each a lease that ends alone.

An environment that dies while it waits gives its slot back at the end of the lease; nothing has to be tidied up.
"""

from datetime import datetime
from math import ceil
from uuid import UUID

from paydraft.stores.items import item_of
from paydraft.stores.table import ConditionFailedError, Table

_FREE = "attribute_not_exists(#sk) OR #expires_at <= :now OR #holder = :holder"
_OURS = "#holder = :holder"


class WaitSlots:
    """The slots of one token of one tenant."""

    def __init__(self, table: str, tenant_id: str, token_id: UUID, *, slots: int) -> None:
        """`slots` is how many may be held at once."""
        self._table = Table(table)
        self._tenant_id = tenant_id
        self._keys = [f"WAIT#{token_id}#{number}" for number in range(1, slots + 1)]

    def take(self, holder: str, *, now: datetime, until: datetime) -> str | None:
        """A slot for `holder` until that time (rounded up to a second); None when all are taken."""
        for key in self._keys:
            if self._put(key, holder, ceil(until.timestamp()), _FREE, now=now):
                return key
        return None

    def give_back(self, slot: str, holder: str, *, now: datetime) -> None:
        """End the lease now, unless it has ended and somebody else has the slot."""
        self._put(slot, holder, int(now.timestamp()), _OURS, now=now)

    def _put(self, key: str, holder: str, expires_at: int, condition: str, *, now: datetime) -> bool:
        item = item_of({"tenant_id": self._tenant_id, "sk": key, "holder": holder, "expires_at": expires_at})
        try:
            self._table.put(item, condition=condition, now=int(now.timestamp()), holder=holder)
        except ConditionFailedError:
            return False
        return True
