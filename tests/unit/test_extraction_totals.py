"""A total is what is named so; a sum that holds makes it certain; two that are equally named leave it open."""

from decimal import Decimal

import pytest

from paydraft.model.invoice import Invoice
from paydraft.model.page import Source
from tests.typeset import read


def amounts_of(invoice: Invoice) -> tuple[str | None, ...]:
    values = (invoice.subtotal, invoice.tax, invoice.total, invoice.amount_due)
    return tuple(None if value is None else str(value) for value in values)


@pytest.mark.parametrize(
    ("lines", "subtotal", "tax", "total"),
    [
        ("Nettobetrag|100,00 €|zzgl. 19 % MwSt.|19,00 €|Gesamtbetrag|119,00 €", "100.00", "19.00", "119.00"),
        ("Subtotal|£100.00|VAT 20%|£20.00|Total|£120.00", "100.00", "20.00", "120.00"),
        ("Total HT|100,00 €|TVA 20 %|20,00 €|Total TTC|120,00 €", "100.00", "20.00", "120.00"),
        ("Subtotaal|€ 100,00|B.T.W. 21%|€ 21,00|Totaal|€ 121,00", "100.00", "21.00", "121.00"),
        ("Imponibile|100,00 €|IVA 22%|22,00 €|Totale fattura|122,00 €", "100.00", "22.00", "122.00"),
        ("Base imponible|100,00 €|IVA 21%|21,00 €|Total factura|121,00 €", "100.00", "21.00", "121.00"),
        ("Total excl. VAT|€100.00|VAT|€21.00|Total incl. VAT|€121.00", "100.00", "21.00", "121.00"),
        ("Summe netto: 100,00 €|Zuzügl. USt: 7,00 €|Summe inkl. USt: 107,00 €", "100.00", "7.00", "107.00"),
        ("Subtotal|EUR 100.00|Tax (0%)|EUR 0.00|Total|EUR 100.00", "100.00", "0.00", "100.00"),
    ],
)
def test_net_tax_and_total_are_told_by_their_words_in_every_language(lines: str, subtotal: str, tax: str, total: str):
    cells = lines.split("|")
    rows = (
        cells
        if ":" in cells[0]
        else [f"{label:30}{value}" for label, value in zip(cells[::2], cells[1::2], strict=True)]
    )
    invoice = read("\n".join(rows))
    assert amounts_of(invoice)[:3] == (subtotal, tax, total)
    assert "net_plus_tax" in invoice.evidence["total"].checks
    assert invoice.evidence["total"].confidence > 0.95


def test_what_is_due_may_be_less_than_the_total():
    invoice = read(
        "Rechnungssumme ohne USt.      100,00\nSteuerbetrag                   19,00\n"
        "Bruttosumme                   119,00\nErhaltene Anzahlungen         -50,00\n"
        "Zahlbetrag                     69,00 EUR"
    )
    assert amounts_of(invoice) == ("100.00", "19.00", "119.00", "69.00")
    assert "total_less_paid" in invoice.evidence["amount_due"].checks
    assert invoice.to_pay.amount == Decimal("69.00")


def test_an_older_balance_is_due_but_is_not_the_total():
    invoice = read(
        "SUBTOTAL               $100.00\nSALES TAX               $10.00\nTOTAL                  $110.00\n"
        "PREVIOUS BALANCE       $500.00\nTOTAL DUE              $610.00"
    )
    assert amounts_of(invoice)[2:] == ("110.00", "610.00")


def test_the_taxes_of_several_rates_are_added():
    invoice = read(
        "Nettobetrag                   473,00 €\nUSt. 7 % auf 275,00            19,25 €\n"
        "USt. 19 % auf 198,00           37,62 €\nGesamtbetrag                  529,87 €"
    )
    assert amounts_of(invoice)[:3] == ("473.00", "56.87", "529.87")
    assert "sum_of_rates" in invoice.evidence["tax"].checks


def test_amounts_under_column_heads_are_named_by_them():
    invoice = read(
        "Nettobetrag     MwSt-Betrag     Endbetrag\n"
        "321,40          61,07           382,47\n127,59          8,93            136,52\n"
        "448,99          70,00           518,99"
    )
    assert amounts_of(invoice)[:3] == ("448.99", "70.00", "518.99")


def test_two_totals_that_are_equally_named_leave_the_field_open():
    invoice = read("Gesamtbetrag     100,00 €\n\n\n\nGesamtbetrag     120,00 €")
    assert invoice.total is None
    assert {other.value for other in invoice.evidence["total"].alternatives} == {"100.00", "120.00"}


def test_a_total_whose_name_is_lost_is_found_as_net_plus_tax_and_never_mistaken_for_the_net():
    invoice = read("Total HT       3 865,00 €\nTVA 20 %         773,00 €\n               4 638,00 €")
    assert amounts_of(invoice)[:3] == ("3865.00", "773.00", "4638.00")
    assert read("Total HT       3 865,00 €").total is None


def test_a_line_item_is_no_total():
    invoice = read(
        "Beschreibung     Menge    Einzelpreis    Gesamt\n"
        "Papier           2        10,00          20,00\nStifte           1        5,00           5,00"
    )
    assert invoice.total is None


def test_a_price_in_a_sentence_is_not_what_is_due():
    invoice = read(
        "Total TTC      56,02 €\n"
        "Indemnité forfaitaire pour frais de recouvrement à payer en cas de retard : 40 € selon la loi"
    )
    assert invoice.amount_due != Decimal(40)


def test_where_nothing_is_paid_and_nothing_else_due_the_total_is_due():
    invoice = read("Rechnung 17\nGesamtbetrag     119,00 €\nBitte überweisen Sie den Betrag bis 01.02.2026.")
    assert invoice.amount_due == invoice.total == Decimal("119.00")
    assert invoice.evidence["amount_due"].source is Source.DERIVED


@pytest.mark.parametrize(
    "text",
    [
        "Gutschrift 17\nGesamtbetrag     119,00 €",
        "Rechnung 17\nGesamtbetrag     119,00 €\nAnzahlung     19,00 €",
        "Rechnung 17\nGesamtbetrag     -119,00 €",
    ],
)
def test_what_is_due_is_not_derived_from_a_credit_or_beside_a_payment(text: str):
    assert read(text).amount_due is None


def test_a_discount_a_fee_and_a_rounding_bridge_net_and_total_and_are_kept():
    invoice = read(
        "Subtotal            100.00\nDiscount             10.00\nShipping              5.00\n"
        "VAT 20%              19.00\nRounding             -0.03\nTotal GBP           113.97"
    )
    assert amounts_of(invoice)[:3] == ("100.00", "19.00", "113.97")
    assert (invoice.discount, invoice.shipping, invoice.rounding) == (Decimal(10), Decimal(5), Decimal("-0.03"))
    assert "net_plus_tax" in invoice.evidence["discount"].checks
    assert invoice.tax_rate == Decimal(20)


def test_the_rows_of_the_tax_table_become_the_taxes_of_each_rate():
    invoice = read(
        "MwSt.     Netto      Steuer     Brutto\n"
        "7%        275,00     19,25      294,25\n"
        "19%       198,00     37,62      235,62\n"
        "Gesamtbetrag                    529,87 €"
    )
    assert [(str(one.rate), str(one.net), str(one.tax)) for one in invoice.taxes] == [
        ("7", "275.00", "19.25"),
        ("19", "198.00", "37.62"),
    ]
    assert (invoice.tax, invoice.tax_rate) == (Decimal("56.87"), None)
    assert invoice.total == Decimal("529.87")
    assert invoice.evidence["taxes.1.tax"].raw == "37,62"


def test_a_tax_inside_the_total_confirms_it():
    invoice = read("Summe                  119,00\nenthaltene USt. 19 %     19,00")
    assert (invoice.tax, invoice.total, invoice.tax_rate) == (Decimal("19.00"), Decimal("119.00"), Decimal(19))
    assert "tax_in_total" in invoice.evidence["total"].checks


def test_a_total_in_a_language_nobody_knows_is_told_by_its_tax_if_nothing_is_larger():
    known = "Sail          400,00\nTAW 25 %      100,00\nCyfanswm      500,00"
    assert amounts_of(read(known))[2] == "500.00"
    assert read(known + "\nRhywbeth arall 900,00").total is None


def test_money_given_and_given_back_is_no_tax():
    invoice = read("SUMME    EUR    16,62\nBar    EUR    20,00\nRückgeld    EUR    3,38")
    assert invoice.total == Decimal("16.62")


def test_a_rate_that_is_printed_without_its_tax_is_told_by_net_and_total():
    assert read(
        "Subtotal            $10,375\nSales Tax           3%\nTotal               $10,686.25"
    ).tax_rate == Decimal(3)


@pytest.mark.parametrize(
    ("total", "value"),
    [
        ("NOK 8  171,10", "8171.10"),  # a gap inside the number
        ("8 171, 10", "8171.10"),
        ("8 l71,1O", "8171.10"),
        ("8 171,108", "8171.10"),  # the sign behind it
        ("817110", "8171.10"),
    ],
)
def test_a_number_that_ocr_tore_is_mended_only_where_a_sum_proves_it(total: str, value: str):
    text = f"Sum eks. mva        6 536,88\nMVA 25 %            1 634,22\nSum å betale        {total}"
    invoice = read(text, source=Source.OCR)
    assert str(invoice.total) == value
    clean = read(text.replace(total, "8 171,10"), source=Source.OCR)
    assert invoice.evidence["total"].confidence < clean.evidence["total"].confidence
    alone = read(f"Sum å betale        {total}", source=Source.OCR)
    assert (alone.total, alone.amount_due) == (None, None)
    broken = read(text.replace("1 634,22", "1 634,28"), source=Source.OCR)
    assert (broken.total, broken.amount_due, broken.tax) == (None, None, None)


def test_lines_that_come_to_more_than_the_total_leave_it_open():
    table = (
        "Description              Qty    Unit price            Amount\n"
        "Blue paper                 2         10.00             20.00\n"
        "Pens, black                3         15.00             45.00\n\n"
    )
    assert read(table + "Invoice total                                          60.00").total is None
    discounted = "Discount                                                5.00\n"
    assert read(table + discounted + "Invoice total                                          60.00").total == 60


def test_a_total_in_whole_crowns_needs_no_word_for_its_rounding():
    invoice = read(
        "Exkl. moms        30 399,00\nMoms 25 %          7 599,75\nJämnas ut              0,25\n"
        "Att betala        37 999,00 kr"
    )
    assert amounts_of(invoice) == ("30399.00", "7599.75", "37999.00", "37999.00")
    assert invoice.rounding == Decimal("0.25")


def test_a_rounded_total_is_what_is_due():
    invoice = read(
        "Subtotal           3,521.50\nCGST @ 9.0           316.94\nSGST @ 9.0           316.94\n"
        "Grand Total        4,155.38\nRounded Total      4,155.00"
    )
    assert amounts_of(invoice) == ("3521.50", "633.88", "4155.38", "4155.00")


def test_tax_that_the_buyer_withholds_is_not_due_and_was_not_paid():
    invoice = read(
        "Totale imponibile              3.891,68 €\nIVA 22%                          856,17 €\n"
        "Totale fattura                 4.747,85 €\nRitenuta d'acconto 20%           748,40 €\n"
        "Netto a pagare                 3.999,45 €"
    )
    assert amounts_of(invoice)[2:] == ("4747.85", "3999.45")
    assert invoice.amount_paid is None


@pytest.mark.parametrize(
    "lines",
    [
        "SUBTOTAL    1,436.00\nTAX    100.52\nBALANCE DUE    -$1,536.52",  # the sign is noise, or the document is odd
        "Subtotal    100.00\nTax    10.00\nTotal    $5110.00",
        "Total    150.00\nVAT    30.00\n    180.00 GBP",
    ],
)
def test_a_total_that_net_and_tax_contradict_stays_open(lines: str):
    assert read(lines).total is None


def test_an_integer_read_from_pixels_needs_a_sum_that_holds():
    text = "Subtotal    100,00\nTotaal    12100"
    assert read(text, source=Source.OCR).total is None
    assert read("Subtotal    1140\nTax    60\nTotal    1200", source=Source.OCR).total == Decimal(1200)


def test_the_rate_is_given_when_there_is_one_only():
    invoice = read("Net    100.00\nVAT 20%    20.00\nTotal GBP    120.00")
    assert invoice.tax_rate == Decimal(20)
    assert "net_times_rate" in invoice.evidence["tax_rate"].checks


@pytest.mark.parametrize(
    ("lines", "currency"),
    [
        ("Total    USD 10.00\nTip  € 1.00", "USD"),
        ("Rechnungswährung: EUR\nGesamtbetrag    10,00", "EUR"),
        ("Total    $10.00", "USD"),
        ("Total    $10.00\nHST 13%\nToronto, Canada", "CAD"),
        ("Total    $10.00\nABN 51 824 753 556\nSydney, Australia", "AUD"),
        ("Total    $10.00\nToronto, Canada\nSydney, Australia", None),
        ("Total    kr 100,00", None),
        ("Total    kr 100,00\nIBAN NO93 8601 1117 947", "NOK"),
        ("Total    100,00 $\nSolde à payer (CAD)    100,00 $", "CAD"),
        ("Total    £100.00", "GBP"),
        ("Total    lei 100,00", "RON"),
        ("Total    ¥ 100", None),
        ("1 KR3M Kunstrasen    2,00\nSumme    2,00", None),
        ("Total    10.00", None),
        ("Folding table, 6 ft     1\nTotal    $10.00", "USD"),
        ("Vielen Dank für Ihren Einkauf, die Summe ist\nSumme    $10,00", None),
    ],
)
def test_codes_outrank_symbols_and_a_shared_symbol_needs_a_hint(lines: str, currency: str | None):
    assert read(lines).currency == currency


def test_a_symbol_that_nothing_settles_is_offered_with_its_meanings():
    offered = read("Total    kr 100,00").evidence["currency"].alternatives
    assert {"SEK", "NOK", "DKK"} <= {one.value for one in offered}


def test_a_sign_that_ocr_saw_is_weaker_than_a_printed_code():
    assert read("Total    $10.00", source=Source.OCR).evidence["currency"].confidence < 0.95
    assert read("Total GBP    $10.00\nPrice in GBP", source=Source.OCR).currency == "GBP"


def test_what_is_more_than_half_of_the_net_amount_is_no_tax():
    """The base of one rate and the tax of the other fill the gap as well as net and tax do."""
    invoice = read("Netto 198,00\nMwSt 19 % 275,00\nMwSt 7 % 56,87\nGesamtbetrag 529,87", source=Source.OCR)
    assert invoice.tax is None
    assert invoice.subtotal != Decimal("198.00") or "net_plus_tax" not in invoice.evidence["subtotal"].checks
