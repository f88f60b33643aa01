"""Invoices with a payment code: an Austrian one with a GiroCode, a Swiss one with its payment part."""

from decimal import Decimal

from infra.tools.sample_documents import logos, qr
from infra.tools.sample_documents.bill import Bill, Line
from infra.tools.sample_documents.layouts import blocks, column_header
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words


def draw_giro(sheet: Sheet, bill: Bill) -> None:
    """An invoice with an EPC code beside its bank details."""
    column_header.draw(sheet, bill)
    sheet.box(146, 226, 42, 40, stroke="#9a9a9a", line=0.4, radius=2)
    qr.draw_code(sheet, 152, 229, 30, qr.epc_payload(bill))
    sheet.text(167, 263.5, "Zahlen mit Code", 7.5, align="centre", colour=GREY)
    reference = f"{WORDS['de'].reference}: {bill.reference}"
    sheet.lines(25, 252, (reference,), 9.5)


def draw_swiss(sheet: Sheet, bill: Bill) -> None:
    """A short Swiss invoice above a payment part."""
    words = WORDS["de"]
    seller = bill.seller
    logos.draw(sheet, 20, 12, 13)
    sheet.text(37, 19, seller.name, 13, bold=True)
    sheet.text(37, 24, f"{seller.street}, {seller.town} · {seller.phone}", 8, colour=GREY)
    sheet.lines(120, 40, blocks.buyer_address(bill), 10, leading=4.8)
    sheet.text(20, 72, f"Rechnung {bill.number}", 16, bold=True, colour=sheet.style.accent)
    _facts(sheet, bill, words)
    columns = (
        Column(20, words.description),
        Column(120, words.quantity, "right"),
        Column(155, "Preis", "right"),
        Column(190, "Betrag CHF", "right"),
    )
    sheet.row(columns, [column.title for column in columns], 102, 8.5, bold=True)
    sheet.rule(20, 104, 190, width=0.8, colour=sheet.style.accent)
    y = 110.0
    for line in bill.lines:
        y += sheet.row(columns, _cells(words, line), y) + 2.2
    _sums(sheet, bill, y + 4)
    sheet.lines(20, 168, bill.notes, 9)
    sheet.text(20, 184, f"{seller.name} · MWST-Nr. {_printed_vat(seller.vat_number)} · {seller.email}", 7, colour=GREY)
    qr.swiss_payment_part(sheet, bill)


def _cells(words: Words, line: Line) -> tuple[str, ...]:
    quantity = f"{words.number_of(line.quantity)} {line.unit}"
    return (line.description, quantity, _swiss(line.price), _swiss(line.net))


def _facts(sheet: Sheet, bill: Bill, words: Words) -> None:
    rows = [("Datum", words.day(bill.issued)), ("Zahlbar bis", words.day(bill.due or bill.issued)), ("Kunde", "40317")]
    for index, (label, value) in enumerate(rows):
        sheet.text(20, 80 + index * 4.8, label, 9, colour=GREY)
        sheet.text(48, 80 + index * 4.8, value, 9)


def _sums(sheet: Sheet, bill: Bill, y: float) -> None:
    rows = [("Zwischentotal", bill.subtotal), *((f"MWST {rate:f} %", tax) for rate, _, tax in bill.taxes)]
    for label, amount in rows:
        sheet.text(130, y, label, 9)
        sheet.text(190, y, _swiss(amount), 9, align="right")
        y += 5
    sheet.rule(130, y - 3, 190, width=0.8, colour=sheet.style.accent)
    sheet.text(130, y + 2, "Total CHF", 10.5, bold=True)
    sheet.text(190, y + 2, _swiss(bill.total), 10.5, bold=True, align="right")


def _swiss(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "’")


def _printed_vat(number: str) -> str:
    return f"CHE-{number[3:6]}.{number[6:9]}.{number[9:]} MWST"
