"""Lines are read by the heads of their columns and by arithmetic; a line that nothing vouches for is left out."""

import pytest

from paydraft.model.invoice import Invoice
from paydraft.model.page import Source
from tests.typeset import read


def lines_of(invoice: Invoice) -> list[tuple[str | None, ...]]:
    return [
        (
            item.description,
            *(None if value is None else str(value) for value in (item.quantity, item.unit_price, item.net)),
        )
        for item in invoice.line_items
    ]


FOOT = (
    "\n\nSubtotal                                              65.00"
    "\nVAT 20%                                               13.00"
    "\nTotal GBP                                             78.00"
)
ITEMS = [("Blue paper", "2", "10.00", "20.00"), ("Pens, black", "3", "15.00", "45.00")]


def test_a_table_under_heads_gives_its_lines_and_their_sum_makes_them_sure():
    invoice = read(
        "Description              Qty    Unit price            Amount\n"
        "Blue paper                 2         10.00             20.00\n"
        "Pens, black                3         15.00             45.00" + FOOT
    )
    assert lines_of(invoice) == ITEMS
    proof = invoice.evidence["line_items"]
    assert proof.checks == ("sum_of_lines", "quantity_times_price")
    assert proof.confidence > 0.95
    assert invoice.evidence["line_items.1.unit_price"].raw == "15.00"
    assert invoice.evidence["line_items.1.unit_price"].area is not None


@pytest.mark.parametrize(
    "head",
    [
        "Bezeichnung            Menge   Einzelpreis            Betrag",
        "Désignation              Qté       P.U. HT        Montant HT",
        "Descrizione             Q.tà        Prezzo           Importo",
        "Descripción            Cant.        Precio           Importe",
        "Omschrijving          Aantal         Prijs            Bedrag",
        "Descrição               Qtd.         Preço             Valor",
        "Nazwa towaru           Ilość    Cena netto     Wartość netto",
        "Popis               Množství    Cena za MJ            Celkem",
        "Beskrivning            Antal        Á-pris            Belopp",
        "Beskrivelse            Antal    Stk. pris              Beløb",
        "Beskrivelse           Antall          Pris             Beløp",
        "Kuvaus                 Määrä        à-hinta         Yhteensä",
    ],
)
def test_heads_are_known_in_every_language(head: str):
    rows = (
        "Papier blau               2         10.00             20.00\n"
        "Stifte                    3         15.00             45.00"
    )
    assert [line[1:] for line in lines_of(read(f"{head}\n{rows}{FOOT}"))] == [one[1:] for one in ITEMS]


def test_arithmetic_outranks_a_misleading_head():
    invoice = read(
        "Amount      Product                    Price         Total\n"
        "400.00      Balloons                    0.79        316.00\n"
        "800.00      Hot air                    0.025         20.00\n"
        "Net total: 336.00"
    )
    assert lines_of(invoice) == [("Balloons", "400.00", "0.79", "316.00"), ("Hot air", "800.00", "0.025", "20.00")]


def test_a_head_on_two_lines_is_one_head():
    invoice = read(
        "Item                     Qty        Unit         Line\n"
        "description                        price        total\n"
        "Blue paper                 2       10.00        20.00\n"
        "Pens, black                3       15.00        45.00" + FOOT
    )
    assert lines_of(invoice) == ITEMS


def test_discount_and_rate_are_kept_and_the_discount_is_money():
    invoice = read(
        "Description        Qty     Price    Disc. %     VAT       Amount\n"
        "Olive oil            2     10.00      10.00     20%        18.00\n"
        "Truffles             3     15.00       0.00     20%        45.00\n"
        "Subtotal                                                   63.00"
    )
    first, second = invoice.line_items
    assert (str(first.discount), str(first.tax_rate), str(first.net)) == ("2.00", "20", "18.00")
    assert second.discount is None


def test_a_wrapped_description_is_joined_and_a_remark_is_not():
    invoice = read(
        "Description              Qty    Unit price            Amount\n"
        "Paper for the blue         2         10.00             20.00\n"
        "printer upstairs\n"
        "Pens                       3         15.00             45.00\n"
        "Serial no.: 4711" + FOOT
    )
    assert [line[0] for line in lines_of(invoice)] == ["Paper for the blue printer upstairs", "Pens"]


def test_a_table_goes_on_over_pages_without_what_is_carried_forward():
    head = "Beschreibung           Menge   Einzelpreis            Betrag\n"
    invoice = read(
        head + "Papier                    2         10,00             20,00\n"
        "Übertrag                                              20,00",
        head + "Übertrag                                              20,00\n"
        "Stifte                    3         15,00             45,00\n\n"
        "Nettobetrag                                           65,00",
    )
    assert [line[0] for line in lines_of(invoice)] == ["Papier", "Stifte"]
    assert "sum_of_lines" in invoice.evidence["line_items"].checks


def test_sums_of_sections_are_no_items():
    invoice = read(
        "Description              Qty    Unit price            Amount\n"
        "Blue paper                 2         10.00             20.00\n"
        "Subtotal paper                                         20.00\n"
        "Pens, black                3         15.00             45.00\n"
        "Subtotal pens                                          45.00" + FOOT
    )
    assert lines_of(invoice) == ITEMS


def test_a_fee_without_quantity_is_a_line_when_the_sum_needs_it():
    invoice = read(
        "Description              Qty    Unit price            Amount\n"
        "Blue paper                 2         10.00             20.00\n"
        "Set-up                                                 45.00" + FOOT
    )
    assert [line[0] for line in lines_of(invoice)] == ["Blue paper", "Set-up"]


def test_lines_that_make_the_total_with_tax_are_gross():
    invoice = read(
        "Artikel                 Aantal    Prijs per stuk    Prijs incl. BTW\n"
        "Tablet                       1          € 121,00           € 121,00\n\n"
        "Exclusief BTW                                              € 100,00\n"
        "BTW 21%                                                     € 21,00\n"
        "Totaal                                                     € 121,00"
    )
    (line,) = invoice.line_items
    assert (line.net, str(line.gross)) == (None, "121.00")


def test_a_receipt_without_heads_gives_lines_when_they_make_its_sum():
    receipt = (
        "Tonic Water            1,59\n"
        "Toastbrot              2,49\n"
        "Pfand                  0,25\n"
        "Gesamtsumme EUR        4,33\n"
    )
    invoice = read(receipt + "Bar                    5,00\nRückgeld               0,67")
    assert [(line.description, str(line.gross)) for line in invoice.line_items] == [
        ("Tonic Water", "1.59"),
        ("Toastbrot", "2.49"),
        ("Pfand", "0.25"),
    ]
    assert read(receipt.replace("4,33", "4,34")).line_items == ()


@pytest.mark.parametrize(
    "text",
    [
        "Netto                 100,00\nMwSt. 19%              19,00\nGesamtbetrag          119,00",
        "Nefta                 100,00\nNwgt                   19,00\nGesamtbetrag          119,00",
        "Nettobetrag     MwSt-Betrag     Endbetrag\n321,40          61,07           382,47",
        "Rechnung 12\nGesamtbetrag          119,00",
    ],
)
def test_totals_and_taxes_are_never_lines(text: str):
    assert read(text).line_items == ()


def test_a_line_read_from_pixels_that_does_not_multiply_is_left_out():
    text = (
        "Description              Qty    Unit price            Amount\n"
        "Blue paper                 2         10.00             20.00\n"
        "Pens, black                3         15.00             46.00\n"
        "Ink                        1          5.00              5.00\n"
    )
    assert [line[0] for line in lines_of(read(text, source=Source.OCR))] == ["Blue paper", "Ink"]
