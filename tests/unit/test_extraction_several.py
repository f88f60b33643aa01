"""A file of several invoices is told apart page by page; one invoice, however its pages look, never is."""

from decimal import Decimal

from paydraft.extraction.several import Pages, parts_of
from paydraft.model.evidence import Severity
from paydraft.model.invoice import Invoice
from tests.typeset import read


def a_page_of(number: str, *, day: int = 4, total: str = "119,00") -> str:
    """The only page of an invoice."""
    return f"""
Tannhof & Rabe GmbH · Werftgasse 12 · 24103 Kiel

Elbfunken Veranstaltungen GmbH
Brückenkai 7
20457 Hamburg


Rechnung

Rechnungsnummer: {number}
Rechnungsdatum: {day:02}.11.2026

Bitte überweisen Sie den Betrag auf unser Konto.
Gesamtbetrag    {total} EUR
IBAN DE89 3704 0044 0532 0130 00
"""


HEAD = "Rechnungsnummer: RE-1183    Rechnungsdatum: 04.11.2026    Seite {page}"
ITEMS = "Pos.  Bezeichnung        Menge    Betrag\n{pos}     Beratung           1        100,00"
TERMS = "Allgemeine Geschäftsbedingungen\n1. Es gilt das Recht der Bundesrepublik.\n2. Rechnungen sind sofort zahlbar."


def codes(invoice: Invoice) -> list[str]:
    return [finding.code for finding in invoice.findings]


def test_two_invoices_are_a_finding_with_the_pages_of_each():
    invoice = read(a_page_of("RE-1183"), a_page_of("RE-1184", day=5, total="238,00"))
    (finding,) = [one for one in invoice.findings if one.code == "several_invoices"]
    assert finding.severity is Severity.ERROR
    assert finding.message == "The file holds 2 invoices: page 1, page 2. Send each of them as a file of its own."


def test_none_of_several_invoices_is_picked():
    invoice = read(a_page_of("RE-1183"), a_page_of("RE-1184", day=5, total="238,00"))
    assert (invoice.number, invoice.issue_date, invoice.total, invoice.amount_due) == (None, None, None, None)
    assert invoice.to_pay is None
    assert [other.value for other in invoice.evidence["number"].alternatives] == ["RE-1183", "RE-1184"]


def test_what_several_invoices_have_in_common_is_given():
    invoice = read(a_page_of("RE-1183"), a_page_of("RE-1184", day=5, total="238,00"))
    assert (invoice.iban, invoice.currency) == ("DE89370400440532013000", "EUR")
    assert (invoice.seller.name, invoice.buyer.name) == ("Tannhof & Rabe GmbH", "Elbfunken Veranstaltungen GmbH")


def test_an_equal_total_of_several_invoices_is_not_given_either():
    invoice = read(a_page_of("RE-1183"), a_page_of("RE-1184", day=5))
    assert "several_invoices" in codes(invoice)
    assert invoice.total is None


def test_an_invoice_of_two_pages_before_another():
    invoice = read(
        a_page_of("RE-1183"), "Rechnungsnummer: RE-1183\nSeite 2\nStundennachweis", a_page_of("RE-1184", day=5)
    )
    assert "pages 1-2, page 3" in next(one.message for one in invoice.findings if one.code == "several_invoices")


def test_a_head_that_is_repeated_on_each_page_makes_one_invoice():
    pages = [f"Rechnung\n{HEAD.format(page=page)}\n\n{ITEMS.format(pos=page)}" for page in (1, 2)]
    invoice = read(*pages, f"Rechnung\n{HEAD.format(page=3)}\n\nBitte überweisen Sie:\nGesamtbetrag   238,00 EUR")
    assert codes(invoice) == []
    assert (invoice.number, invoice.total) == ("RE-1183", Decimal("238.00"))


def test_attached_terms_are_no_invoice():
    assert codes(read(a_page_of("RE-1183"), TERMS)) == []


def test_a_copy_is_no_second_invoice():
    invoice = read(a_page_of("RE-1183"), "KOPIE\n" + a_page_of("RE-1183"))
    assert codes(invoice) == []
    assert invoice.number == "RE-1183"


def test_an_attached_delivery_note_is_no_second_invoice():
    note = "Lieferschein\nLieferschein-Nr.: 4711\nLieferdatum: 03.11.2026\nzu Rechnungsnummer: RE-1183\nMenge  3"
    assert codes(read(a_page_of("RE-1183"), note)) == []


def test_a_list_of_other_invoices_is_no_second_invoice():
    opened = "Kontoauszug\nOffene Posten\nRechnungsnummer   Datum        Betrag\nRE-0990      01.10.2026   50,00"
    assert "several_invoices" not in codes(read(a_page_of("RE-1183"), opened))


def test_a_number_with_and_without_its_prefix_is_the_same():
    assert parts_of({1: frozenset({"re2026ii83"}), 2: frozenset({"2026ii83"})}) == [Pages(1, 2)]


def test_pages_without_a_number_belong_to_those_before():
    numbers = {1: frozenset(), 2: frozenset({"aii"}), 3: frozenset(), 4: frozenset({"bii"}), 5: frozenset()}
    assert parts_of(numbers) == [Pages(1, 3), Pages(4, 5)]
