"""What tests of the export share: approved transfers, requests, and what a file and the orders of a tenant say."""

import base64
import hashlib
import itertools
from decimal import Decimal

from paydraft.model.audit import Action
from paydraft.model.money import Money
from paydraft.model.transfer import TransferStatus
from paydraft.stores.orders import OrderStore
from paydraft.stores.table import Table
from tests.builders import a_job, after
from tests.payment_files import texts, validated

PATH = "/v2/transfers/export"
ALL = {"all_approved": True}
_minutes = itertools.count(1)


def approved(acme, amount="1190.00", **fields):
    job = a_job(tenant_id=acme.name, created_at=after(minutes=next(_minutes)))
    money = Money(amount=Decimal(amount), currency=fields.pop("currency", "EUR"))
    return acme.draft(job, **({"status": TransferStatus.APPROVED, "amount": money} | fields))


def these(*transfers, **more):
    return {"transfer_ids": [str(one.transfer_id) for one in transfers]} | more


def file_in(answer):
    told = answer.json["file"]
    data = base64.b64decode(told["base64_file"])
    assert (told["content_length"], told["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert told["content_type"] == "application/xml"
    return data


def paid_by(data):
    """The transfers that a file pays, by the id that it carries."""
    return sorted(texts(validated(data), "PmtId/InstrId"))


def orders_of(acme):
    items = Table(acme.aws["TransfersTable"]).query(
        "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=acme.name, prefix="ORD#"
    )
    return [OrderStore(acme.aws["TransfersTable"]).get(acme.name, item["order_id"]["S"]) for item in items]


def paid_once(acme, transfers):
    """Each of these transfers stands in the file of exactly one order, which is the one that it names."""
    orders = {one.order_id: one for one in orders_of(acme)}
    assert not any(one.is_open for one in orders.values())
    lines = [line for one in orders.values() for line in paid_by(one.file)]
    assert sorted(lines) == sorted(one.transfer_id.hex for one in transfers)
    for transfer in transfers:
        now = acme.now(transfer)
        assert now.transfer_id in orders[now.order_id].paid
        assert [action for action, _ in acme.history(transfer)].count(Action.EXPORTED) == 1
