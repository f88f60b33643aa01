"""From payment orders to the wire. Pure."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from api_transfers import schemas
from api_transfers.translate import amount_of
from paydraft.model.money import Money
from paydraft.model.payment_order import Obstacle, Refusal, StoredOrder
from paydraft.model.transfer import DraftTransfer
from paydraft.model.transfer_errors import NothingToExportError, PaymentObstacleError
from paydraft.transfers.pain001 import MEDIA_TYPE, end_to_end_id
from paydraft.transfers.payment_order import OBSTACLE_TEXT


def export_of(order: StoredOrder, rows: Mapping[UUID, DraftTransfer]) -> schemas.Export:
    """A sealed order as it is answered; `rows` are the transfers that it pays."""
    paid = [rows[one] for one in order.paid]
    return schemas.Export(
        order_id=order.order_id,
        message_id=order.order_id.hex,
        created_at=order.created_at,
        created_by=order.created_by,
        source=schemas.Selector(counterparty_id=order.source.counterparty_id, cp_account_id=order.source.account_id),
        transaction_count=len(paid),
        totals=tuple(_totals(paid)),
        results=tuple(_results(order, rows)),
        has_more=order.has_more,
        file=_file(order),
    )


def file_name(order_id: UUID) -> str:
    """What the file of an order is called."""
    return f"pain.001-{order_id.hex}.xml"


def nothing_to_export(refused: Sequence[Refusal], latest: StoredOrder | None) -> NothingToExportError:
    """The error that says why of each, and how the latest file is read again."""
    told: dict[str, Any] | None = None
    if latest and latest.paid:
        path = f"/v2/transfers/{latest.paid[0]}/pain.001"
        told = {"order_id": str(latest.order_id), "created_at": latest.created_at, "payment_file": path}
    results = [_refused(one).model_dump(mode="json") for one in refused]
    return NothingToExportError(details={"results": results, "latest_order": told})


def obstacle_error(obstacles: Iterable[Obstacle]) -> PaymentObstacleError:
    """The error that says what keeps a transfer from being paid."""
    return PaymentObstacleError(details={"reasons": [reason.model_dump() for reason in _reasons(obstacles)]})


def _results(order: StoredOrder, rows: Mapping[UUID, DraftTransfer]) -> Iterable[schemas.ExportResult]:
    refused = {one.transfer_id: one for one in order.refused}
    for asked in order.asked:
        if asked in order.paid:
            yield _exported(rows[asked])
        else:
            changed = Refusal(transfer_id=asked, reasons=(Obstacle.NOT_APPROVED,))  # between planning and leaving
            yield _refused(refused.get(asked, changed))


def _exported(one: DraftTransfer) -> schemas.ExportResult:
    return schemas.ExportResult(
        transfer_id=one.transfer_id,
        status="exported",
        end_to_end_id=end_to_end_id(one.remittance, one.transfer_id),
        order_id=one.order_id,
        reasons=(),
    )


def _refused(one: Refusal) -> schemas.ExportResult:
    return schemas.ExportResult(
        transfer_id=one.transfer_id,
        status="refused",
        end_to_end_id=None,
        order_id=one.order_id,
        reasons=tuple(_reasons(one.reasons)),
    )


def _reasons(obstacles: Iterable[Obstacle]) -> Iterable[schemas.Reason]:
    return (schemas.Reason(code=one, message=OBSTACLE_TEXT[one]) for one in obstacles)


def _totals(paid: Sequence[DraftTransfer]) -> Iterable[schemas.Amount]:
    for currency in sorted({one.amount.currency for one in paid}):
        units = sum(one.amount.minor_units for one in paid if one.amount.currency == currency)
        yield amount_of(Money.of_minor_units(units, currency))


def _file(order: StoredOrder) -> schemas.PaymentFile:
    return schemas.PaymentFile(
        file_name=file_name(order.order_id),
        content_type=MEDIA_TYPE,
        content_length=len(order.file),
        sha256=order.sha256 or "",
        base64_file=base64.b64encode(order.file).decode(),
    )
