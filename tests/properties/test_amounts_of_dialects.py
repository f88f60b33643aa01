"""Ten thousand amounts through every dialect: what a client reads is the amount that was read, digit for digit."""

import json
import random
from decimal import Decimal

import pytest

from api_invoices_v1 import translate as makershub
from api_invoices_v2 import translate as corebanq
from api_ocr_jobs import translate as repzo
from api_ocr_tasks import translate as monite
from paydraft.model.invoice import LineItem
from paydraft.model.money import CURRENCIES, Money
from paydraft.model.status import Status
from paydraft.runtime.json_body import to_json
from paydraft.runtime.json_numbers import to_json_numbers
from tests.builders import a_job, an_invoice

AMOUNTS = 10_000


def of_corebanq(invoice):
    return json.loads(to_json(corebanq.result(invoice)))["total"]


def of_makershub(invoice):
    told = json.loads(to_json_numbers(makershub.ocr(invoice, ())), parse_float=Decimal)["result"]
    assert told["lineItems"][0]["total"] == told["summaryFields"]["total"]
    return told["summaryFields"]["total"]


def of_repzo(invoice):
    job = a_job(status=Status.COMPLETED, extracted_attempt=1)
    told = json.loads(to_json_numbers(repzo.results(job, invoice)), parse_float=Decimal)["extractedData"]
    assert told["lineItems"][0]["amount"] == told["invoice"]["amounts"]["total"]
    return told["invoice"]["amounts"]["total"]


def of_monite(invoice):
    job = a_job(status=Status.COMPLETED, extracted_attempt=1)
    told = json.loads(to_json_numbers(monite.task(job, invoice)), parse_float=Decimal)["recognized_data"]
    assert told["line_items"][0]["subtotal"] == told["total_amount"]
    return told["total_amount"]


DIALECTS = {"corebanq": of_corebanq, "makershub": of_makershub, "repzo": of_repzo, "monite": of_monite}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_ten_thousand_amounts_are_told_exactly(dialect, tell):
    dice, currencies = random.Random(11), sorted(CURRENCIES)
    for _ in range(AMOUNTS):
        money = Money.of_minor_units(dice.randrange(1, 10 ** dice.randrange(1, 18)), dice.choice(currencies))
        line = LineItem(description="x", quantity=Decimal(1), unit_price=money.amount, net=money.amount)
        invoice = an_invoice(total=money.amount, currency=money.currency, line_items=(line,))
        assert Decimal(DIALECTS[dialect](invoice)) == money.amount
    tell(f"{AMOUNTS} amounts through {dialect}, all exact")
