"""Hints about a supplier: MEM#<hash of what names the supplier> in TransfersTable (keys: transfers/learning.py)."""

import json
from collections.abc import Sequence
from contextlib import suppress

from pydantic import ValidationError

from paydraft.model.hint import Hint
from paydraft.stores.items import item_of, plain
from paydraft.stores.table import ABSENT, Put, Table, Write


class SupplierMemory:
    """The latest hint of each field, by tenant and key."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def hints(self, tenant_id: str, keys: Sequence[str]) -> tuple[Hint, ...]:
        """What is known under any of these keys; of two hints about one field that of the earlier key."""
        items = self._table.get_many(tenant_id, keys, only=("hints",))
        found: dict[str, Hint] = {}
        for key in reversed(keys):
            if key in items:
                found |= _read(plain(items[key]["hints"]))
        return tuple(found.values())

    def learn(self, tenant_id: str, keys: Sequence[str], hints: Sequence[Hint]) -> list[Write]:
        """The memory with these hints, as parts of a transaction; refused if somebody taught it meanwhile."""
        if not hints:
            return []
        items = self._table.get_many(tenant_id, keys)
        return [self._put(tenant_id, key, items.get(key), hints) for key in keys]

    def _put(self, tenant_id: str, key: str, item: dict[str, dict[str, object]] | None, hints: Sequence[Hint]) -> Put:
        count = int(plain(item["n"])) if item else 0
        known = _read(plain(item["hints"])) if item else {}
        known |= {hint.field: hint for hint in hints}
        text = json.dumps({field: hint.model_dump(mode="json") for field, hint in sorted(known.items())})
        values = item_of({"tenant_id": tenant_id, "sk": key, "n": count + 1, "hints": text})
        condition = ("#n = :seen", (("seen", count),)) if count else (ABSENT, ())
        return Put(self._table.name, values, *condition)


def _read(text: str) -> dict[str, Hint]:
    """The hints by field; one that a later release wrote in another way is passed over."""
    found = {}
    for field, hint in json.loads(text).items():
        with suppress(ValidationError):
            found[field] = Hint.model_validate(hint, extra="ignore")
    return found
