"""Payment orders: ORD#<id> in TransfersTable, and ORDERS, which names the tenant's latest one.

A tenant has one open order at most: the next is opened only in the place of a sealed one. So no transfer is ever in two
files, and what was broken off is found by whoever comes next.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from paydraft.model.errors import TransferChangedError
from paydraft.model.payment_order import StoredOrder
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import ABSENT, Change, ConditionFailedError, Put, Table, Write, put_together

_LATEST = "ORDERS"
_FILE = "file"
_OPEN = "attribute_not_exists(#sealed_at)"
_NEW_OR_EMPTY = f"{ABSENT} OR (attribute_exists(#sealed_at) AND size(#paid) = :none)"


@dataclass(frozen=True, slots=True)
class Latest:
    """The tenant's latest order, and how many there have been."""

    order: StoredOrder | None
    count: int


class OrderStore:
    """Orders by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, tenant_id: str, order_id: UUID) -> StoredOrder | None:
        """The order, with its file if it is sealed."""
        item = self._table.get(tenant_id=tenant_id, sk=f"ORD#{order_id}")
        return _order(item) if item else None

    def latest(self, tenant_id: str) -> Latest:
        """What must be completed before the next one is opened."""
        item = self._table.get(tenant_id=tenant_id, sk=_LATEST)
        if item is None:
            return Latest(None, 0)
        return Latest(self.get(tenant_id, UUID(plain(item["order_id"]))), int(plain(item["n"])))

    def open(self, order: StoredOrder, after: Latest, *, others: Sequence[Write] = ()) -> None:
        """Write an order behind the latest one, which is sealed, with `others`: all or none.

        Raises TransferChangedError if another order was opened meanwhile, or one of `others` is refused.
        """
        if after.order is not None and after.order.is_open:
            raise ValueError("the order before is open")
        key = {"tenant_id": order.tenant_id}
        pointer = item_of(key | {"sk": _LATEST, "order_id": order.order_id, "n": after.count + 1})
        seen = ("#n = :seen", (("seen", after.count),)) if after.count else (ABSENT, ())
        try:
            put_together([self._put(order), Put(self._table.name, pointer, *seen), *others])
        except ConditionFailedError as refused:
            raise TransferChangedError from refused

    def marking(self, order: StoredOrder) -> Change:
        """What goes with each transaction that lets transfers leave with an order: counted, and refused once sealed."""
        key = (("tenant_id", order.tenant_id), ("sk", f"ORD#{order.order_id}"))
        return Change(self._table.name, key, "ADD #marks :one", f"attribute_exists(#sk) AND {_OPEN}", (("one", 1),))

    def seal(self, order: StoredOrder) -> StoredOrder:
        """The order with its file for good: this one, or as another call has sealed it before.

        Raises TransferChangedError if transfers have left with it that its file was made without.
        """
        try:
            self._table.put(_item(order), condition=f"#marks = :marks AND {_OPEN}", marks=order.marks)
        except ConditionFailedError as refused:
            [standing] = refused.standing
            if standing is None or _order(standing).is_open:
                raise TransferChangedError from refused
            return _order(standing)
        return order

    def _put(self, order: StoredOrder) -> Put:
        """One that was sealed without anything in it makes room: what it was to pay, and could not, has the same id."""
        return Put(self._table.name, _item(order), _NEW_OR_EMPTY, (("none", 0),))


def _item(order: StoredOrder) -> Item:
    values = dict(order)
    packed = base64.b64encode(zlib.compress(values.pop(_FILE), 9)).decode()
    key = {"tenant_id": order.tenant_id, "sk": f"ORD#{order.order_id}"}
    return item_of(key | values | ({_FILE: packed} if order.file else {}))


def _order(item: Item) -> StoredOrder:
    packed = plain(item[_FILE]) if _FILE in item else ""
    order = read_as(StoredOrder, {name: value for name, value in item.items() if name != _FILE})
    return order.model_copy(update={_FILE: zlib.decompress(base64.b64decode(packed)) if packed else b""})
