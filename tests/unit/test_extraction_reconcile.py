"""Sources that agree make a field certain; sources that disagree about money leave it open, and say so."""

from decimal import Decimal

import pytest

from paydraft.model.evidence import Severity
from paydraft.model.page import Source
from tests.typeset import read
from tests.unit.test_extraction_einvoice import IBAN, cii
from tests.unit.test_extraction_qr_payload import EPC, code

OTHER_IBAN = "FR1420041010050500013M02606"
PAGE = """Rechnungsnummer: {number}
Rechnungsdatum: 05.03.2026
Nettobetrag    100,00 €
MwSt 19%    19,00 €
Bruttosumme    {total} €
IBAN: {iban}"""


def page(*, number="471102", total="119,00", iban=IBAN) -> str:
    return PAGE.format(number=number, total=total, iban=iban)


def conflicts(invoice) -> dict[str | None, Severity]:
    return {finding.field: finding.severity for finding in invoice.findings if finding.code == "payment_data_conflict"}


def test_agreement_raises_confidence_and_is_a_check():
    invoice = read(page(), xml=cii(), codes=(code(EPC, line7="EUR119.00"),))
    assert conflicts(invoice) == {}
    proof = invoice.evidence["iban"]
    assert set(proof.checks) == {"mod97", "agrees:qr", "agrees:text_layer"}
    assert proof.confidence > read(page()).evidence["iban"].confidence
    assert "agrees:text_layer" in invoice.evidence["total"].checks


def test_a_value_that_the_page_prints_is_shown_where_it_stands():
    proof = read(page(), xml=cii()).evidence["total"]
    assert proof.source is Source.XML
    assert proof.area is not None


@pytest.mark.parametrize(
    "document",
    [
        {"xml": cii(iban=OTHER_IBAN)},
        {"codes": (code(EPC, line6=OTHER_IBAN, line7="EUR119.00"),)},
        {"xml": cii(), "codes": (code(EPC, line6=OTHER_IBAN, line7="EUR119.00"),)},
    ],
)
def test_two_accounts_leave_the_iban_open(document: dict):
    invoice = read(page(), **document)
    assert invoice.iban is None
    assert {other.value for other in invoice.evidence["iban"].alternatives} == {IBAN, OTHER_IBAN}
    assert conflicts(invoice)["iban"] is Severity.ERROR


def test_of_two_accounts_the_one_that_passes_its_check_stays_when_the_other_fails_it():
    invoice = read(page(), xml=cii(iban="DE88370400440532013000"))
    assert invoice.iban == IBAN
    assert conflicts(invoice) == {"iban": Severity.ERROR}


def test_an_account_is_no_conflict_when_the_page_prints_it_beside_another():
    invoice = read(page() + f"\n\n\n\nIBAN: {OTHER_IBAN}", xml=cii(iban=OTHER_IBAN))
    assert invoice.iban == OTHER_IBAN
    assert conflicts(invoice) == {}


@pytest.mark.parametrize("document", [{"xml": cii(total="9119.00")}, {"codes": (code(EPC, line7="EUR9119.00"),)}])
def test_two_amounts_leave_the_total_open(document: dict):
    invoice = read(page(), **document)
    assert (invoice.total, invoice.amount_due, invoice.to_pay) == (None, None, None)
    assert conflicts(invoice) == {"total": Severity.ERROR, "amount_due": Severity.ERROR}
    alternatives = {other.value for name in ("total", "amount_due") for other in invoice.evidence[name].alternatives}
    assert alternatives >= {"119.00", "9119.00"}


def test_a_page_without_a_sure_total_is_no_conflict_when_it_prints_the_stated_one():
    invoice = read("Summe    100,00\nirgendwo 119,00 gedruckt", xml=cii())
    assert invoice.total == Decimal("119.00")
    assert conflicts(invoice) == {}


def test_an_e_invoice_of_another_document_loses_against_the_page():
    invoice = read(page(number="RE-9", total="119,00", iban=OTHER_IBAN), xml=cii(total="624.90"))
    assert invoice.number == "RE-9"
    assert (invoice.iban, invoice.total) == (OTHER_IBAN, Decimal("119.00"))
    assert {"iban", "total", "amount_due"} <= set(conflicts(invoice))  # which stops a draft until a second person looks
    assert IBAN in [other.value for other in invoice.evidence["iban"].alternatives]


def test_other_fields_that_differ_keep_the_e_invoices_value_and_the_pages_as_alternative():
    invoice = read(page(number="471103"), xml=cii())
    assert invoice.number == "471102"
    assert [other.value for other in invoice.evidence["number"].alternatives] == ["471103"]


def test_currencies_that_differ_leave_the_currency_open():
    invoice = read(page().replace("€", "USD"), xml=cii())
    assert invoice.currency is None
    assert "currency" in conflicts(invoice)
