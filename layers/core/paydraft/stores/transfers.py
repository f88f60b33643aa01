"""Transfers, what happened to each, and what is remembered of their invoices.

Sort keys: TRF#<id>, AUD#<id>#<version>, APR#<id> while a transfer is approved and has not left, and the memories
DUP#FILE#…, DUP#NO#…, HIS#… (transfers/duplicates.py). A transfer changes by one transaction: the row if it is as it was
seen, one audit item under the version that this makes, and whatever must hold or change with it in other tables.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched, islice
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from paydraft.model.audit import AuditEntry
from paydraft.model.errors import TransferChangedError
from paydraft.model.history import Trace
from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.paging import behind
from paydraft.stores.table import ABSENT, Change, ConditionFailedError, Put, Remove, Table, Write, put_together

_KEY = {"tenant_id"}
_TRACES = TypeAdapter(tuple[Trace, ...])
# So many drafts are remembered: of a supplier's amounts, and of a file or an invoice number.
_REMEMBERED = {"HIS": 40, "DUP": 10}
_LOOKED_AT = 500  # rows, for one page of a filtered list
_ANYWAY = "attribute_exists(#sk) OR attribute_not_exists(#sk)"
MAX_TOGETHER = 30  # transfers changed at once: three items each, and a transaction takes 100


@dataclass(frozen=True, slots=True)
class Memory:
    """The traces under some keys as they were seen, and how often each had been written."""

    traces: Mapping[str, tuple[Trace, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    def without(self, transfers: frozenset[UUID]) -> "Memory":
        """The same without the traces of these transfers: they make room for those that count."""
        kept = {sk: tuple(one for one in of if one.transfer_id not in transfers) for sk, of in self.traces.items()}
        return Memory(kept, self.counts)


@dataclass(frozen=True, slots=True)
class Remembrance:
    """What is to be remembered under these keys, beside what was seen there."""

    trace: Trace
    keys: Sequence[str]
    seen: Memory


@dataclass(frozen=True, slots=True)
class Page:
    """Some transfers, in the order asked for; `last` is the id after which the next page begins, None at the end."""

    transfers: tuple[DraftTransfer, ...]
    last: UUID | None


class TransferStore:
    """Transfers by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, tenant_id: str, transfer_id: UUID) -> DraftTransfer | None:
        """The transfer as last written."""
        item = self._table.get(tenant_id=tenant_id, sk=f"TRF#{transfer_id}")
        return read_as(DraftTransfer, item) if item else None

    def get_many(self, tenant_id: str, transfer_ids: Sequence[UUID]) -> tuple[DraftTransfer, ...]:
        """Those of at most 100 transfers that there are."""
        items = self._table.get_many(tenant_id, [f"TRF#{one}" for one in dict.fromkeys(transfer_ids)])
        return tuple(read_as(DraftTransfer, item) for item in items.values())

    def page(
        self,
        tenant_id: str,
        *,
        after: UUID | None,
        limit: int,
        newest_first: bool,
        keep: Callable[[DraftTransfer], bool] = lambda _: True,
    ) -> Page:
        """At most `limit` transfers behind `after` that `keep` keeps; fewer, with a `last`, where it keeps few."""
        kept: list[DraftTransfer] = []
        last = after
        for count, transfer in enumerate(self._behind(tenant_id, after, newest_first, min(limit + 1, 100))):
            if len(kept) == limit or count == _LOOKED_AT:
                return Page(tuple(kept), last)
            last = transfer.transfer_id
            if keep(transfer):
                kept.append(transfer)
        return Page(tuple(kept), None)

    def write(
        self,
        before: DraftTransfer | None,
        after: DraftTransfer,
        entry: AuditEntry,
        *,
        remember: Remembrance | None = None,
        others: Sequence[Write] = (),
    ) -> None:
        """Make `after` of `before` (None: it is new), with its audit item; `others` are written, or hold, with it.

        Raises TransferChangedError if the transfer or a memory is not as it was seen, or one of `others` is refused:
        look again, decide again.
        """
        memories = self._memories(after.tenant_id, remember) if remember else []
        self._together([*self._writes(before, after, entry), *memories], others)

    def write_all(
        self, changes: Iterable[tuple[DraftTransfer, DraftTransfer, AuditEntry]], *, others: Sequence[Write] = ()
    ) -> None:
        """Make each second of its first, at most `MAX_TOGETHER`, with `others`: all or none. TransferChangedError."""
        self._together([write for change in changes for write in self._writes(*change)], others)

    def approved(self, tenant_id: str, *, limit: int) -> tuple[DraftTransfer, ...]:
        """The oldest of those that are approved and have not left, at most `limit`."""
        pointers = self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)",
            page_size=limit,
            tenant_id=tenant_id,
            prefix="APR#",
        )
        ids = [UUID(pointer["sk"]["S"].removeprefix("APR#")) for pointer in islice(pointers, limit)]
        rows = self.rows(tenant_id, ids)
        return tuple(rows[one] for one in ids if one in rows)

    def rows(self, tenant_id: str, transfer_ids: Sequence[UUID]) -> dict[UUID, DraftTransfer]:
        """Those of any number of transfers that there are, by id."""
        batches = (self.get_many(tenant_id, batch) for batch in batched(dict.fromkeys(transfer_ids), 100, strict=False))
        return {one.transfer_id: one for batch in batches for one in batch}

    def remembered(self, tenant_id: str, keys: Sequence[str]) -> Memory:
        """What is remembered under these keys."""
        items = self._table.get_many(tenant_id, keys)
        return Memory(
            traces={sk: _TRACES.validate_python(plain(item["traces"])) for sk, item in items.items()},
            counts={sk: int(plain(item["n"])) for sk, item in items.items()},
        )

    def audit(self, tenant_id: str, transfer_id: UUID) -> tuple[AuditEntry, ...]:
        """All that happened to a transfer, in order."""
        items = self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=tenant_id, prefix=f"AUD#{transfer_id}#"
        )
        return tuple(_entry(item) for item in items)

    def _behind(
        self, tenant_id: str, after: UUID | None, newest_first: bool, page_size: int
    ) -> Iterator[DraftTransfer]:
        items = behind(self._table, tenant_id, "TRF#", after, newest_first=newest_first, page_size=page_size)
        return (read_as(DraftTransfer, item) for item in items)

    def _writes(self, before: DraftTransfer | None, after: DraftTransfer, entry: AuditEntry) -> Iterator[Write]:
        yield self._change(before, after) if before else Put(self._table.name, _row(after))
        yield self._audit(after.tenant_id, entry)
        was, is_now = (one is not None and one.status is TransferStatus.APPROVED for one in (before, after))
        key = {"tenant_id": after.tenant_id, "sk": f"APR#{after.transfer_id}"}
        if is_now and not was:
            yield Put(self._table.name, item_of(key), _ANYWAY)
        if was and not is_now:
            yield Remove(self._table.name, tuple(key.items()), _ANYWAY)

    def _together(self, writes: Sequence[Write], others: Sequence[Write]) -> None:
        try:
            put_together([*writes, *others])
        except ConditionFailedError as refused:
            raise TransferChangedError(refused.refused[len(writes) :]) from refused

    def _change(self, before: DraftTransfer, after: DraftTransfer) -> Change:
        old, new = dict(before), dict(after)
        changed = {name: value for name, value in new.items() if value != old[name] and name not in _KEY}
        present = {name: value for name, value in changed.items() if value is not None}
        removed = ", ".join(f"#{name}" for name in changed.keys() - present.keys())
        sets = ", ".join(f"#{name} = :{name}" for name in present)
        seen = "#version = :seen" if before.version > 1 else "(#version = :seen OR attribute_not_exists(#version))"
        return Change(
            self._table.name,
            (("tenant_id", after.tenant_id), ("sk", f"TRF#{after.transfer_id}")),
            f"SET {sets}" + (f" REMOVE {removed}" if removed else ""),
            f"attribute_exists(#sk) AND {seen} AND #status = :seen_status",
            (*present.items(), ("seen", before.version), ("seen_status", before.status)),
        )

    def _audit(self, tenant_id: str, entry: AuditEntry) -> Put:
        key = {"tenant_id": tenant_id, "sk": f"AUD#{entry.transfer_id}#{entry.version:06}"}
        texts = {"before": json.dumps(entry.before, sort_keys=True), "after": json.dumps(entry.after, sort_keys=True)}
        return Put(self._table.name, item_of(key | dict(entry) | texts))

    def _memories(self, tenant_id: str, remember: Remembrance) -> Iterator[Put]:
        for sk in remember.keys:
            others = (one for one in remember.seen.traces.get(sk, ()) if one.transfer_id != remember.trace.transfer_id)
            traces = (*others, remember.trace)[-_REMEMBERED[sk[:3]] :]
            count = remember.seen.counts.get(sk, 0)
            item = item_of({"tenant_id": tenant_id, "sk": sk, "n": count + 1, "traces": traces})
            condition = ("#n = :seen", (("seen", count),)) if count else (ABSENT, ())
            yield Put(self._table.name, item, *condition)


def _row(transfer: DraftTransfer) -> Item:
    return item_of({"tenant_id": transfer.tenant_id, "sk": f"TRF#{transfer.transfer_id}"}) | item_of(transfer)


def _entry(item: Item) -> AuditEntry:
    values: dict[str, Any] = {name: plain(value) for name, value in item.items()}
    texts = {name: json.loads(values[name]) for name in ("before", "after")}
    return AuditEntry.model_validate(values | texts, extra="ignore")
