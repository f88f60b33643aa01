"""One DynamoDB table and the few things we ask of it, with conditions as readable text.

In an expression `#name` is an attribute and `:name` a value handed in; every name is aliased, so that no reserved word
can hurt. An expression that fails its condition raises ConditionFailedError with the item as it stands.
"""

import re
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from paydraft.model.errors import TransientError
from paydraft.stores.clients import client
from paydraft.stores.items import Item, encode, item_of

_CONFLICT_PAUSES = (0.03, 0.06, 0.12, 0.24, 0.48)  # seconds, each stretched by up to the same again
_READS = 4  # of what a busy table left out the time before
_CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
ABSENT = "attribute_not_exists(#sk)"


class ConditionFailedError(Exception):
    """A condition was false; `standing` holds what is stored instead, one entry per item written, None where nothing.

    Never leaves the stores: each turns it into an error of the catalogue.
    """

    def __init__(self, standing: Sequence[Item | None], refused: Sequence[bool]) -> None:
        """`refused` tells which of the items failed its condition."""
        super().__init__("condition failed")
        self.standing = tuple(standing)
        self.refused = tuple(refused)


@dataclass(frozen=True, slots=True)
class Put:
    """A new item of a transaction, and when it may be written."""

    table: str
    item: Item
    condition: str = ABSENT
    values: tuple[tuple[str, object], ...] = ()

    def request(self) -> dict[str, Any]:
        """The part of the transaction; a refused item comes back as it stands."""
        return {
            "TableName": self.table,
            "Item": self.item,
            "ConditionExpression": self.condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **_placeholders(self.condition, dict(self.values)),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Attributes of an item that a transaction sets and removes, and when it may."""

    table: str
    key: tuple[tuple[str, str], ...]
    change: str
    condition: str
    values: tuple[tuple[str, object], ...] = ()

    def request(self) -> dict[str, Any]:
        """The part of the transaction; a refused item comes back as it stands."""
        return {
            "TableName": self.table,
            "Key": item_of(dict(self.key)),
            "UpdateExpression": self.change,
            "ConditionExpression": self.condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **_placeholders(f"{self.change} {self.condition}", dict(self.values)),
        }


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold of an item that a transaction does not write."""

    table: str
    key: tuple[tuple[str, str], ...]
    condition: str
    values: tuple[tuple[str, object], ...] = ()

    def request(self) -> dict[str, Any]:
        """The part of the transaction; a refused item comes back as it stands."""
        return {
            "TableName": self.table,
            "Key": item_of(dict(self.key)),
            "ConditionExpression": self.condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **_placeholders(self.condition, dict(self.values)),
        }


@dataclass(frozen=True, slots=True)
class Remove:
    """An item that a transaction takes away, and when it may."""

    table: str
    key: tuple[tuple[str, str], ...]
    condition: str
    values: tuple[tuple[str, object], ...] = ()

    def request(self) -> dict[str, Any]:
        """The part of the transaction; a refused item comes back as it stands."""
        return Check(self.table, self.key, self.condition, self.values).request()


type Write = Put | Change | Check | Remove
_OPERATIONS: dict[type, str] = {Put: "Put", Change: "Update", Check: "ConditionCheck", Remove: "Delete"}


class Table:
    """A table by name. Reads are strongly consistent."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def _db(self) -> Any:
        return client("dynamodb")

    def get(self, **key: str) -> Item | None:
        """The item with this key."""
        answer: dict[str, Item] = self._db.get_item(TableName=self.name, Key=item_of(key), ConsistentRead=True)
        return answer.get("Item")

    def put(self, item: Item, *, condition: str, **values: object) -> None:
        """Write the whole item if `condition` holds, else ConditionFailedError."""
        request = Put(self.name, item, condition, tuple(values.items())).request()
        self._guarded(self._db.put_item, request)

    def update(self, key: dict[str, str], change: str, *, condition: str, **values: object) -> Item:
        """The item after `change`, if `condition` held before it, else ConditionFailedError."""
        request = {
            "TableName": self.name,
            "Key": item_of(key),
            "UpdateExpression": change,
            "ConditionExpression": condition,
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **_placeholders(f"{change} {condition}", values),
        }
        attributes: Item = self._guarded(self._db.update_item, request)["Attributes"]
        return attributes

    def add_one(self, key: dict[str, str], counter: str) -> int:
        """The counter's next value, from 1. A lost answer leaves a gap; no value is given twice."""
        answer = self._db.update_item(
            TableName=self.name,
            Key=item_of(key),
            UpdateExpression="ADD #counter :one",
            ExpressionAttributeNames={"#counter": counter},
            ExpressionAttributeValues={":one": encode(1)},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"][counter]["N"])

    def get_many(self, tenant_id: str, sort_keys: Sequence[str], only: Sequence[str] = ()) -> dict[str, Item]:
        """The items there are of these (100 at most) in one tenant's partition, by sort key; raises TransientError.

        `only` names the attributes to fetch beside the key; without, all are.
        """
        keys = [item_of({"tenant_id": tenant_id, "sk": sk}) for sk in sort_keys]
        part = ", ".join(f"#{name}" for name in ("sk", *only))
        wanted = {"Keys": keys, "ConsistentRead": True} | (
            {"ProjectionExpression": part, **_placeholders(part, {})} if only else {}
        )
        asked, found = ({self.name: wanted} if sort_keys else {}), dict[str, Item]()
        for _ in range(_READS):
            if not asked:
                break
            answer = self._db.batch_get_item(RequestItems=asked)
            found |= {item["sk"]["S"]: item for item in answer["Responses"].get(self.name, [])}
            asked = answer.get("UnprocessedKeys") or {}
        if asked:
            raise TransientError("the table kept leaving keys out")
        return found

    def query(
        self,
        condition: str,
        *,
        index: str | None = None,
        newest_first: bool = False,
        page_size: int | None = None,
        **values: object,
    ) -> Iterator[Item]:
        """Every item of one partition that fulfils the key condition, in key order; an index is never consistent.

        `page_size` is for a caller who stops early: so many items are fetched at once.
        """
        where: dict[str, Any] = {"IndexName": index} if index else {"ConsistentRead": True}
        pages = self._db.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression=condition,
            ScanIndexForward=not newest_first,
            PaginationConfig={"PageSize": page_size},
            **where,
            **_placeholders(condition, values),
        )
        for page in pages:
            yield from page["Items"]

    def _guarded(self, call: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        try:
            return call(**request)
        except self._db.exceptions.ConditionalCheckFailedException as refused:
            raise ConditionFailedError([refused.response.get("Item")], [True]) from refused


def put_together(writes: Sequence[Write], *, pause: Callable[[float], None] = time.sleep) -> None:
    """Write all items or none, of one table or of several.

    Raises:
        ConditionFailedError: an item's condition is false and what stands there is not what we write. (When all that
            we put stands there already, an earlier try succeeded and its answer was lost: that is success.)
        TransientError: other transactions on these items kept winning.
    """
    for length in _CONFLICT_PAUSES:
        if _put_once(writes):
            return
        pause(_stretched(length, writes))
    if not _put_once(writes):
        raise TransientError("the transaction kept meeting others")


def _put_once(writes: Sequence[Write]) -> bool:
    """Whether all stand there now; False when another transaction was in the way."""
    db = client("dynamodb")
    try:
        db.transact_write_items(TransactItems=[{_OPERATIONS[type(one)]: one.request()} for one in writes])
    except db.exceptions.TransactionCanceledException as cancelled:
        reasons = cancelled.response["CancellationReasons"]
        codes = [reason.get("Code") for reason in reasons]
        if "ConditionalCheckFailed" in codes:
            standing = [reason.get("Item") for reason in reasons]
            if not _stand_already(writes, standing):
                refused = [code == "ConditionalCheckFailed" for code in codes]
                raise ConditionFailedError(standing, refused) from cancelled
        elif _CONFLICTS.isdisjoint(codes):
            raise
        else:
            return False
    return True


def _stand_already(writes: Sequence[Write], standing: Sequence[Item | None]) -> bool:
    """An update can't be told from another's of the same effect; it went along with the puts, or did not."""
    puts = [(one.item, item) for one, item in zip(writes, standing, strict=True) if isinstance(one, Put)]
    return bool(puts) and all(ours == item for ours, item in puts)


def _stretched(seconds: float, writes: Sequence[Write]) -> float:
    # Competitors must not meet again; what they write differs, so that it serves as their dice.
    return seconds * (1 + zlib.crc32(repr((seconds, writes)).encode()) / 2**32)


def _placeholders(expression: str, values: dict[str, object]) -> dict[str, Any]:
    names = sorted(set(re.findall(r"#(\w+)", expression)))
    used = sorted(set(re.findall(r":(\w+)", expression)))
    filled: dict[str, Any] = {"ExpressionAttributeNames": {f"#{name}": name for name in names}}
    if used:
        filled["ExpressionAttributeValues"] = {f":{name}": encode(values[name]) for name in used}
    return filled
