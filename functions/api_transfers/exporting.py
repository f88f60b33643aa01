"""Approved transfers leave as one file for a bank: all that can, the others are told why not, and none leaves twice.

An order is opened with all that decides its file, its transfers are marked, it is sealed with the file. Every step may
be repeated by anybody: what was broken off is completed by the next export, or by who reads the file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from uuid import UUID

from api_transfers import requests
from api_transfers.debtors import Payer, payer_of
from api_transfers.order_wire import nothing_to_export
from api_transfers.query import Stores
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Iban
from paydraft.model.errors import TransferChangedError
from paydraft.model.payment_order import MAX_TRANSFERS, Obstacle, Refusal, StoredOrder
from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.runtime.kept_answers import Repeatable
from paydraft.runtime.operations import Caller
from paydraft.stores.orders import Latest
from paydraft.stores.transfers import MAX_TOGETHER
from paydraft.transfers.life import exported
from paydraft.transfers.pain001 import pain001
from paydraft.transfers.payment_order import PaymentOrder, payment_order, refusal, unfit

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Export:
    """A sealed order, and whether it had been ordered before."""

    order: StoredOrder
    replayed: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What an order is planned from: the ids asked for, and the rows that there are of them."""

    asked: tuple[UUID, ...]
    rows: dict[UUID, DraftTransfer]

    @property
    def approved(self) -> tuple[DraftTransfer, ...]:
        """Those that can leave by their state, in the order asked for."""
        rows = (self.rows[one] for one in self.asked if one in self.rows)
        return tuple(row for row in rows if row.status is TransferStatus.APPROVED)


def export(wanted: requests.ExportRequest, once: Repeatable, caller: Caller, stores: Stores) -> Export:
    """The order that pays what is wanted, opened now, or completed if it was opened before.

    Raises InvalidFieldsError, DebtorAccountError, IdempotencyConflictError, NothingToExportError, and
    TransferChangedError where other exports of the tenant keep coming first.
    """
    for _ in range(_TRIES):
        if earlier := once.earlier():
            return _told(complete(_get(stores, caller.tenant_id, UUID(earlier.body)), stores), replayed=True)
        latest = stores.orders.latest(caller.tenant_id)
        if latest.order and latest.order.is_open:  # broken off
            latest = Latest(complete(latest.order, stores), latest.count)
            if latest.order and _is_meant(latest.order, wanted):
                return Export(latest.order.model_copy(update={"has_more": True}), replayed=True)
        seen = _seen(wanted, caller.tenant_id, stores)
        if repeated := _repeated(wanted, seen, caller.tenant_id, stores):
            return Export(repeated, replayed=True)
        order = _planned(wanted, seen, latest, caller, stores)
        try:
            stores.orders.open(order, latest, others=once.kept(str(order.order_id)))
        except TransferChangedError:
            continue  # another export, or the same one a moment ago
        return _told(complete(order, stores), replayed=False)
    raise TransferChangedError


def complete(order: StoredOrder, stores: Stores) -> StoredOrder:
    """The order with its transfers marked and its file made; the same whoever completes it, and however often."""
    for _ in range(_TRIES):
        if not order.is_open:
            return order
        for batch in batched(order.transfer_ids, MAX_TOGETHER, strict=False):
            _mark(order, batch, stores)
        order = _get(stores, order.tenant_id, order.order_id)
        rows = stores.transfers.rows(order.tenant_id, order.transfer_ids)
        ours = tuple(one for one in rows.values() if one.order_id == order.order_id)
        try:
            order = stores.orders.seal(_with_file(order, ours)) if order.is_open else order
        except TransferChangedError:
            continue  # another call has let more of them leave
        return order
    raise TransferChangedError


def reasons_against(rows: Sequence[DraftTransfer], payer: Payer, stores: Stores) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why these transfers can't leave now, paid by this account, by their ids; an empty tuple of those that can."""
    chosen = ((one.counterparty_id, one.account_id) for one in rows)
    pairs = ((party, account) for party, account in chosen if party and account)
    payable = stores.counterparties.payable(rows[0].tenant_id, pairs) if rows else {}
    found = {one.transfer_id: refusal(one, payer.source, payer.debtor) for one in rows}
    gone = {one.transfer_id for one in rows if not _is_payable(one, payable)}
    return {one: reasons or ((Obstacle.PAYEE_INACTIVE,) if one in gone else ()) for one, reasons in found.items()}


def _is_payable(transfer: DraftTransfer, payable: Mapping[tuple[UUID, UUID], Iban]) -> bool:
    """Of a payee who is not on file nothing is known, and nothing was when it was approved."""
    party, account = transfer.counterparty_id, transfer.account_id
    if party is None:
        return True
    return account is not None and payable.get((party, account)) == transfer.creditor.iban


def _told(order: StoredOrder, *, replayed: bool) -> Export:
    """Raises NothingToExportError of an order whose transfers were all taken back before they left."""
    if not order.paid:
        raise nothing_to_export(order.refused, None)
    return Export(order, replayed)


def _mark(order: StoredOrder, transfer_ids: Sequence[UUID], stores: Stores) -> None:
    """Let these transfers leave with the order; one that can't any more stays what it has become."""
    for _ in range(_TRIES):
        rows = tuple(stores.transfers.rows(order.tenant_id, transfer_ids).values())
        against = reasons_against(rows, Payer(order.source, order.debtor), stores)
        waiting = [one for one in rows if not against[one.transfer_id]]
        if not waiting:
            return
        leaving = [(one, exported(one, order.order_id, at=order.created_at)) for one in waiting]
        changes = [(one, left, AuditEntry.of(one, left, Action.EXPORTED, order.created_by)) for one, left in leaving]
        try:
            stores.transfers.write_all(changes, others=[stores.orders.marking(order)])
        except TransferChangedError as changed:
            if any(changed.others) and not _get(stores, order.tenant_id, order.order_id).is_open:
                return
            continue  # somebody completes the same order, or a transfer was changed: look again
        return
    raise TransferChangedError


def _with_file(order: StoredOrder, transfers: Sequence[DraftTransfer]) -> StoredOrder:
    ordered = tuple(sorted(transfers, key=lambda one: one.transfer_id))
    written = PaymentOrder(order.order_id, order.created_at, order.debtor, ordered)
    file = pain001(written) if ordered else b""
    paid = tuple(one.transfer_id for one in ordered)
    return order.sealed(paid, file, hashlib.sha256(file).hexdigest(), at=order.created_at)


def _get(stores: Stores, tenant_id: str, order_id: UUID) -> StoredOrder:
    order = stores.orders.get(tenant_id, order_id)
    if order is None:
        raise LookupError("an order that was opened is there")
    return order


def _is_meant(order: StoredOrder, wanted: requests.ExportRequest) -> bool:
    """Whether who wants all that is approved gets what an export before has left behind."""
    return bool(wanted.all_approved and order.paid and _is_source(order, wanted))


def _is_source(order: StoredOrder, wanted: requests.ExportRequest) -> bool:
    source = (order.source.counterparty_id, order.source.account_id)
    return wanted.source is None or (wanted.source.counterparty_id, wanted.source.cp_account_id) == source


def _seen(wanted: requests.ExportRequest, tenant_id: str, stores: Stores) -> Seen:
    if wanted.transfer_ids is None:
        rows = stores.transfers.approved(tenant_id, limit=2 * MAX_TRANSFERS)
        return Seen(tuple(row.transfer_id for row in rows), {row.transfer_id: row for row in rows})
    asked = tuple(dict.fromkeys(wanted.transfer_ids))
    return Seen(asked, stores.transfers.rows(tenant_id, asked))


def _repeated(wanted: requests.ExportRequest, seen: Seen, tenant_id: str, stores: Stores) -> StoredOrder | None:
    """The order that exactly these transfers were asked for in before, where none of them has come anew since."""
    left_with = {row.order_id for row in seen.rows.values() if row.order_id}
    if seen.approved or len(left_with) != 1:
        return None
    order = complete(_get(stores, tenant_id, left_with.pop()), stores)
    return order if set(order.asked) == set(seen.asked) and _is_source(order, wanted) else None


def _planned(wanted: requests.ExportRequest, seen: Seen, latest: Latest, caller: Caller, stores: Stores) -> StoredOrder:
    """The order of all that can leave; raises NothingToExportError where nothing can."""
    approved = seen.approved
    if not approved:
        raise nothing_to_export(_parted(seen, None, stores)[1], latest.order)
    payer = payer_of(approved, wanted.source, caller.tenant_id, stores.counterparties)
    leaving, refused = _parted(seen, payer, stores)
    if not leaving:
        raise nothing_to_export(refused, latest.order)
    at = _to_the_millisecond(caller.now)
    looked_at = {*(one.transfer_id for one in leaving), *(one.transfer_id for one in refused)}
    return StoredOrder(
        order_id=payment_order(leaving, payer.debtor, created_at=at).order_id,
        tenant_id=caller.tenant_id,
        created_at=at,
        created_by=caller.credential.subject,
        source=payer.source,
        debtor=payer.debtor,
        asked=tuple(one for one in seen.asked if one in looked_at),
        transfer_ids=tuple(one.transfer_id for one in leaving),
        refused=tuple(refused),
        has_more=len(looked_at) < len(seen.asked),
    )


def _parted(seen: Seen, payer: Payer | None, stores: Stores) -> tuple[list[DraftTransfer], list[Refusal]]:
    """Those that leave, and those that don't; it ends where one of both is as many as an order takes."""
    leaving: list[DraftTransfer] = []
    refused: list[Refusal] = []
    against = _against(seen, payer, stores)
    for asked in seen.asked:
        if MAX_TRANSFERS in (len(leaving), len(refused)):
            break
        row, reasons = seen.rows.get(asked), against[asked]
        if row and not reasons:
            leaving.append(row)
        else:
            refused.append(Refusal(transfer_id=asked, reasons=reasons, order_id=row.order_id if row else None))
    return leaving, refused


def _against(seen: Seen, payer: Payer | None, stores: Stores) -> dict[UUID, tuple[Obstacle, ...]]:
    found: dict[UUID, tuple[Obstacle, ...]] = dict.fromkeys(seen.asked, (Obstacle.NOT_FOUND,))
    found |= {one: tuple(filter(None, (unfit(row),))) for one, row in seen.rows.items()}
    return found | (reasons_against(seen.approved, payer, stores) if payer else {})


def _to_the_millisecond(moment: datetime) -> datetime:
    """As it is stored, so that an order is the same before and after."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
