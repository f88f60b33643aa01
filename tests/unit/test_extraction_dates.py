"""A date that can be read two ways has no value, unless the document settles it."""

from datetime import date

import pytest

from paydraft.extraction.dates import Order, dates_in, order_of
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.model.page import Source
from tests.typeset import read

MONTHS = vocabulary().months()


def one(text: str):
    found = dates_in(text, MONTHS)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-04",
        "04.11.2026",
        "4.11.26",
        "4. November 2026",
        "November 4, 2026",
        "4 novembre 2026",
        "04-Nov-2026",
        "4 de noviembre de 2026",
        "2026/11/04",
    ],
)
def test_these_are_the_fourth_of_november(text: str):
    assert one(text).read(Order.DAY_FIRST) == date(2026, 11, 4)


@pytest.mark.parametrize("text", ["31.02.2026", "2026-13-01", "99/99/2026", "1.2.3", "4. Rechnung 2026"])
def test_days_that_do_not_exist_are_no_dates(text: str):
    assert dates_in(text, MONTHS) == []


def test_a_date_with_slashes_has_two_readings():
    printed = one("03/04/2026")
    assert printed.read(None) is None
    assert (printed.day_first, printed.month_first) == (date(2026, 4, 3), date(2026, 3, 4))


def test_a_date_that_can_be_read_one_way_only_settles_the_others():
    printed = dates_in("03/04/2026 and 28/04/2026", MONTHS)
    assert order_of(printed, hint=Order.MONTH_FIRST) is Order.DAY_FIRST


def test_dates_that_prove_both_orders_settle_nothing():
    assert order_of(dates_in("13/04/2026 04/13/2026", MONTHS), hint=Order.DAY_FIRST) is None


def test_an_ambiguous_date_of_a_document_stays_empty_and_keeps_both_readings():
    invoice = read("INVOICE\nInvoice number: A-100\nInvoice date: 03/04/2026\nTotal: 100.00")
    assert invoice.issue_date is None
    assert [other.value for other in invoice.evidence["issue_date"].alternatives] == ["2026-04-03", "2026-03-04"]


def test_an_american_currency_without_an_iban_reads_the_month_first():
    invoice = read("INVOICE\nInvoice number: A-100\nInvoice date: 03/04/2026\nTotal: $100.00")
    assert invoice.issue_date == date(2026, 3, 4)


def test_an_iban_reads_the_day_first():
    invoice = read("INVOICE\nInvoice date: 03/04/2026\nTotal: USD 100.00\nIBAN: DE89 3704 0044 0532 0130 00")
    assert invoice.issue_date == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (
            "Zahlbar innerhalb 30 Tagen netto bis 04.04.2026, 3% Skonto innerhalb 10 Tagen bis 15.03.2026",
            date(2026, 4, 4),
        ),
        ("Zahlbar bis zum 04.04.2026. Bei Zahlung bis 14.03.2026 gewähren wir 2 % Skonto.", date(2026, 4, 4)),
        ("Zahlungsziel: 14 Tage netto", date(2026, 3, 18)),
        ("Bitte überweisen Sie den Betrag innerhalb von 14 Tagen.", date(2026, 3, 18)),
        ("Bei Zahlung innerhalb 10 Tagen gewähren wir 2,0% Skonto.", None),
        ("Einwände sind innerhalb 14 Tagen schriftlich zu erheben.", None),
    ],
)
def test_the_last_day_of_a_discount_is_no_due_date(terms: str, due: date | None):
    invoice = read(f"Rechnung Nr. 4711\nRechnungsdatum: 04.03.2026\nGesamtbetrag  119,00 EUR\n{terms}")
    assert invoice.due_date == due


def test_a_due_date_from_terms_is_marked_as_computed():
    proof = read("Rechnungsdatum: 04.03.2026\nZahlungsziel: 14 Tage netto").evidence["due_date"]
    assert proof.source is Source.DERIVED
    assert proof.checks == ("issue_plus_terms",)


def test_the_date_of_an_order_or_a_credited_invoice_is_not_the_issue_date():
    invoice = read(
        "Gutschrift Nr. 12\nDatum: 12.11.2026\nBestelldatum: 01.10.2026\n\n"
        "zu unserer Rechnung RE-1183 vom 04.11.2026 schreiben wir Ihnen gut:\nGesamtbetrag  119,00 EUR"
    )
    assert invoice.issue_date == date(2026, 11, 12)


def test_a_due_date_before_the_issue_date_is_a_misreading():
    invoice = read("Invoice date: 2026-11-04\nDue date: 2026-10-04\nTotal: EUR 10.00")
    assert invoice.due_date is None


def test_two_different_labelled_dates_leave_the_field_open():
    invoice = read("Invoice date: 2026-11-04\nTotal: EUR 10.00\n\n\nInvoice date: 2026-11-05")
    assert invoice.issue_date is None
    assert len(invoice.evidence["issue_date"].alternatives) == 2
