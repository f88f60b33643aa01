"""One DynamoDB table and the four things we ask of it, with conditions as readable text.

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

    def query(self, condition: str, *, index: str | None = None, **values: object) -> Iterator[Item]:
        """Every item of one partition that fulfils the key condition, in key order; an index is never consistent."""
        where = {"IndexName": index} if index else {"ConsistentRead": True}
        pages = self._db.get_paginator("query").paginate(
            TableName=self.name, KeyConditionExpression=condition, **where, **_placeholders(condition, values)
        )
        for page in pages:
            yield from page["Items"]

    def _guarded(self, call: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        try:
            return call(**request)
        except self._db.exceptions.ConditionalCheckFailedException as refused:
            raise ConditionFailedError([refused.response.get("Item")], [True]) from refused


def put_together(puts: Sequence[Put], *, pause: Callable[[float], None] = time.sleep) -> None:
    """Write all items or none.

    Raises:
        ConditionFailedError: an item's condition is false and what stands there is not what we write. (When all that
            we write stands there already, an earlier try succeeded and its answer was lost: that is success.)
        TransientError: other transactions on these items kept winning.
    """
    for length in _CONFLICT_PAUSES:
        if _put_once(puts):
            return
        pause(_stretched(length, puts))
    if not _put_once(puts):
        raise TransientError("the transaction kept meeting others")


def _put_once(puts: Sequence[Put]) -> bool:
    """Whether all stand there now; False when another transaction was in the way."""
    db = client("dynamodb")
    try:
        db.transact_write_items(TransactItems=[{"Put": put.request()} for put in puts])
    except db.exceptions.TransactionCanceledException as cancelled:
        reasons = cancelled.response["CancellationReasons"]
        codes = [reason.get("Code") for reason in reasons]
        if "ConditionalCheckFailed" in codes:
            standing = [reason.get("Item") for reason in reasons]
            if standing != [put.item for put in puts]:
                refused = [code == "ConditionalCheckFailed" for code in codes]
                raise ConditionFailedError(standing, refused) from cancelled
        elif _CONFLICTS.isdisjoint(codes):
            raise
        else:
            return False
    return True


def _stretched(seconds: float, puts: Sequence[Put]) -> float:
    # Competitors must not meet again; what they write differs, so that it serves as their dice.
    return seconds * (1 + zlib.crc32(repr((seconds, puts)).encode()) / 2**32)


def _placeholders(expression: str, values: dict[str, object]) -> dict[str, Any]:
    names = sorted(set(re.findall(r"#(\w+)", expression)))
    used = sorted(set(re.findall(r":(\w+)", expression)))
    filled: dict[str, Any] = {"ExpressionAttributeNames": {f"#{name}": name for name in names}}
    if used:
        filled["ExpressionAttributeValues"] = {f":{name}": encode(values[name]) for name in used}
    return filled
