"""Corebanq's written invoices and uploads, field by field against what its documents say.

`PAYDRAFT_SOURCES=<folder of the original documents>` compares the copy of the OCR page's facts with the originals.
"""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from api_invoices_v2 import invoice_wire, operations, schemas, upload_wire
from api_invoices_v2.errors import ANSWERS
from api_invoices_v2.operations import OPERATIONS
from api_invoices_v2.translate import Reading, response_v2
from api_invoices_v2.upload_wire import wire
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.money import Money
from paydraft.model.status import Status
from paydraft.model.stored_invoice import InvoiceStatus, Item, Rates, sums_of
from paydraft.model.upload import DOCUMENT_TYPES, Upload
from paydraft.model.upload_errors import InvalidDocumentTypeError, UploadNotFoundError
from paydraft.runtime.json_body import to_json
from tests.builders import NOW, a_counterparty, a_job, an_invoice
from tests.json_objects import json_objects

FACTS = Path(__file__).parent / "facts"
INVOICES = json.loads((FACTS / "corebanq_invoices.json").read_text())
UPLOADS = json.loads((FACTS / "corebanq_uploads.json").read_text())
CONTRACT = json.loads((FACTS / "corebanq_contract.json").read_text())


def names(model):
    return list(model.model_fields)


def required(model):
    return [name for name, field in model.model_fields.items() if field.is_required()]


# ── written invoices ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_parties_are_named_by_the_documented_selectors():
    assert names(invoice_wire.SelectorIn) == names(invoice_wire.Selector) == INVOICES["selector"]
    assert required(invoice_wire.SelectorIn) == INVOICES["selector_required"]


def test_an_invoice_takes_the_documented_fields():
    assert set(INVOICES["request"]) <= set(names(invoice_wire.InvoiceRequest))
    assert names(invoice_wire.AmountsIn) == INVOICES["amount_request"]
    assert names(invoice_wire.RatesIn) == names(invoice_wire.Rates) == INVOICES["rates"]
    assert set(INVOICES["item_request"]) <= set(names(invoice_wire.ItemIn))


def test_an_invoice_answers_the_documented_fields():
    assert set(INVOICES["request"]) | {"active"} <= set(names(invoice_wire.Invoice))
    assert names(invoice_wire.Amounts)[:2] == INVOICES["amount_answer"]
    assert set(INVOICES["item_answer"]) <= set(names(invoice_wire.Item))


def test_an_invoice_has_the_documented_statuses():
    assert [str(status) for status in InvoiceStatus] == INVOICES["statuses"]


@pytest.mark.parametrize("case", INVOICES["arithmetic"])
def test_sums_are_made_as_documented(case):
    items = tuple(Item(title="x", quantity=Decimal(many), price_minor=int(price)) for many, price in case["items"])
    rates = Rates(discount=Decimal(case["discount"]), vat=Decimal(case["vat"]))
    sums = sums_of(items, rates, int(case["shipping"]), "EUR")

    def euros(name):
        return Money.of_minor_units(int(case[name]), "EUR")

    assert (sums.subtotal, sums.discount) == (euros("subtotal"), euros("discount_minor"))
    assert (sums.vat, sums.total) == (euros("vat_minor"), euros("total"))


@pytest.mark.parametrize("price", [10000, "10000"])
def test_minor_units_come_as_integers_or_as_text(price):
    assert invoice_wire.ItemIn(title="x", quantity="1", price=price).price == "10000"


@pytest.mark.parametrize("price", [True, 1.0, -1, "1.0", "", " 1", "1e3", 10**12, None])
def test_minor_units_are_whole_and_not_negative(price):
    with pytest.raises(ValueError, match="price"):
        invoice_wire.ItemIn(title="x", quantity="1", price=price)


@pytest.mark.parametrize(
    ("quantity", "price", "total"), [("2.5", 101, 253), ("0.5", 1, 1), ("0.49", 1, 0), ("3", 33, 99)]
)
def test_a_lines_total_is_rounded_half_up(quantity, price, total):
    assert Item(title="x", quantity=Decimal(quantity), price_minor=price).total_minor == total


# ── uploads ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_upload_answers_the_documented_fields_in_their_order():
    assert names(upload_wire.Upload)[: len(UPLOADS["answer"])] == UPLOADS["answer"]


@pytest.mark.parametrize("attached_at", [None, NOW])
def test_an_uploads_statuses_are_documented_ones(attached_at):
    upload = json.loads(to_json(wire(Upload(job=a_job(), attached_at=attached_at))))
    assert upload["approval_status"] in UPLOADS["approval_statuses"]
    assert upload["signature_status"] in UPLOADS["signature_statuses"]
    assert upload["active"] == (upload["approval_status"] == "attached")


def test_an_upload_of_v1_takes_the_documented_fields():
    assert set(UPLOADS["request"]) <= set(names(upload_wire.UploadRequest))
    assert required(upload_wire.UploadRequest) == ["file_name", "content"]


def test_the_kinds_we_keep_are_documented_ones():
    assert set(DOCUMENT_TYPES) <= set(UPLOADS["document_types"])
    assert list(InvalidDocumentTypeError().details) == [UPLOADS["wrong_type_details"]]


def test_uploads_are_refused_with_the_documented_codes():
    refusals = (UploadNotFoundError, InvalidDocumentTypeError)
    assert {one.code: ANSWERS.status_of(one) for one in refusals} == UPLOADS["codes"]


def test_the_documented_paths_are_served():
    served = {f"{one.method} {one.path}" for one in OPERATIONS}
    assert set(UPLOADS["paths"]) <= served
    assert set(CONTRACT["requests"]) <= served


def test_a_ticket_is_as_agreed():
    assert names(upload_wire.Ticket) == UPLOADS["ticket"]
    assert names(upload_wire.TicketRequest) == UPLOADS["ticket_request"]
    assert operations.CREATE_UPLOAD.status == 201


# ── the customer's label ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("on_file", "shown"), [(None, "c-1"), ("c-9", "c-9")])
def test_the_customers_label_is_echoed_unless_the_payee_on_file_bears_one(on_file, shown):
    party = a_counterparty(customer_id=on_file)
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id)
    job = a_job(status=Status.COMPLETED, match=match, customer_id="c-1")
    assert response_v2(job, Reading(an_invoice(), party)).recipient.customer_id == shown


# ── the copy of the facts ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["corebanq-poll-ocr-job-v2.txt", "corebanq-poll-ocr-job-v2-variant.txt"])
def test_the_copy_of_the_facts_is_what_the_originals_say(name):
    example = json.loads((FACTS / "corebanq_job_response_v2.json").read_text())
    assert list(example) == [one for one in names(schemas.JobResponseV2) if one not in CONTRACT["extensions"]]
    folder = os.environ.get("PAYDRAFT_SOURCES")
    if folder is None:
        return  # all that can be told without the originals
    original = (Path(folder) / name).read_text(encoding="utf-8")
    printed = list(json_objects(original))
    assert printed
    assert all(one == example for one in printed)
    assert [list(one) for one in printed] == [list(example)] * len(printed)
    assert operations.POLL_V2.path in original
    told = original.split("When status=200 the ")[1].split(" fields are populated")[0]
    assert set(told.replace(" and ", " ").replace(",", " ").split()) == set(CONTRACT["populated_at_200"])
