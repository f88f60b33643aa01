"""The payment file of one transfer: of an exported one the file it left with, of an approved one a preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from api_transfers import requests
from api_transfers.debtors import payer_of
from api_transfers.exporting import complete, reasons_against
from api_transfers.order_wire import file_name, obstacle_error
from api_transfers.query import Stores
from paydraft.model.ids import uuid_of
from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.model.transfer_errors import InvalidQueryError, TransferStateError
from paydraft.transfers.pain001 import pain001
from paydraft.transfers.payment_order import payment_order

PREVIEW = "PREVIEW, not exported: not to be paid. POST /v2/transfers/export lets the transfer leave."
_ACCOUNT = ("counterparty_id", "cp_account_id")


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The bytes of a file and its name."""

    name: str
    data: bytes


def file_of(transfer: DraftTransfer, parameters: Mapping[str, str], stores: Stores, *, now: datetime) -> PaymentFile:
    """The file; raises TransferStateError, InvalidQueryError, DebtorAccountError, PaymentObstacleError.

    There is one file only that pays a transfer, with all that left with it. A preview has the message id that an
    export of this transfer alone gets, and says what it is; on one day it is always the same.
    """
    source = _source(parameters)
    if transfer.status is TransferStatus.EXPORTED:
        return _left_with(transfer, stores)
    if transfer.status is not TransferStatus.APPROVED:
        raise TransferStateError(transfer)
    payer = payer_of((transfer,), source, transfer.tenant_id, stores.counterparties)
    if obstacles := reasons_against((transfer,), payer, stores)[transfer.transfer_id]:
        raise obstacle_error(obstacles)
    morning = datetime.combine(now.date(), time.min, UTC)
    order = payment_order((transfer,), payer.debtor, created_at=morning)
    return PaymentFile(f"preview-{file_name(order.order_id)}", pain001(order, remark=PREVIEW))


def _left_with(transfer: DraftTransfer, stores: Stores) -> PaymentFile:
    order = stores.orders.get(transfer.tenant_id, transfer.order_id) if transfer.order_id else None
    if order is None:
        raise LookupError("an exported transfer has left with an order")
    return PaymentFile(file_name(order.order_id), complete(order, stores).file)


def _source(parameters: Mapping[str, str]) -> requests.SourceIn | None:
    """The account named by both parameters, or by none; raises InvalidQueryError that names the wrong ones."""
    told = {name: uuid_of(parameters.get(name, "")) for name in _ACCOUNT}
    wrong = [name for name in _ACCOUNT if name in parameters and told[name] is None]
    unknown = sorted(name[:64] for name in parameters.keys() - set(_ACCOUNT))
    halves = [name for name in _ACCOUNT if name not in parameters] if parameters.keys() & set(_ACCOUNT) else []
    if wrong or unknown or halves:
        raise InvalidQueryError(details={"fields": [*wrong, *halves, *unknown]})
    party, account = told.values()
    return requests.SourceIn(counterparty_id=party, cp_account_id=account) if party and account else None
