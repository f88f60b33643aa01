"""Seller and buyer side by side in boxes, a line with number and date, the taxes in a table of their own."""

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words, printed_iban


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on one page."""
    words = WORDS[bill.language]
    logos.draw(sheet, 98, 12, 14)
    sheet.text(105, 34, bill.seller.name, 14, align="centre", bold=True, colour=sheet.style.accent)
    _parties(sheet, bill, words)
    _meta(sheet, bill, words)
    columns = (
        Column(20, words.description),
        Column(118, words.quantity, "right"),
        Column(144, words.unit_price, "right"),
        Column(162, words.tax_rate, "right"),
        Column(190, words.amount, "right"),
    )
    sheet.rule(20, 105, 190, width=1, colour=sheet.style.accent)
    sheet.row(columns, [column.title for column in columns], 110, 8.5, bold=True)
    sheet.rule(20, 112, 190, width=0.4, colour=sheet.style.accent)
    y = 118.0
    for position, line in enumerate(bill.lines, 1):
        cells = blocks.cells_of(bill, words, position, line)
        y += sheet.row(columns, (*cells[1:4], words.number_of(line.rate), cells[4]), y) + 2.4
    sheet.rule(20, y - 1, 190, width=0.4, colour=sheet.style.accent)
    _tax_table(sheet, bill, words, y + 8)
    y = max(_sums(sheet, bill, words, y + 8), y + 34)
    y = sheet.lines(20, y + 6, bill.notes, 9, leading=4.8)
    _bank(sheet, bill, words, max(y + 8, 228))
    footer = " – ".join((bill.seller.name, *bill.seller.legal, f"{words.vat_number} {bill.seller.vat_number}"))
    sheet.rule(20, 279, 190, width=0.3, colour=GREY)
    sheet.text(105, 283.5, footer, 6.8, colour=GREY, align="centre")


def _parties(sheet: Sheet, bill: Bill, words: Words) -> None:
    seller = bill.seller
    sheet.box(20, 42, 80, 36, stroke="#9a9a9a", line=0.4)
    sheet.box(110, 42, 80, 36, stroke="#9a9a9a", line=0.4)
    sheet.lines(24, 48.5, (*blocks.address(seller), seller.phone, seller.email), 9, bold_first=True)
    sheet.text(114, 48.5, words.bill_to, 7.5, colour=GREY)
    sheet.lines(
        114, 53.5, (*blocks.buyer_address(bill), f"{words.vat_number} {bill.buyer.vat_number}"), 9, bold_first=True
    )


def _meta(sheet: Sheet, bill: Bill, words: Words) -> None:
    sheet.text(20, 90, f"{words.invoice} {words.number_sign} {bill.number}", 15, bold=True)
    parts = [f"{words.issued} : {words.day(bill.issued)}"]
    if bill.due:
        parts.append(f"{words.due} : {words.day(bill.due)}")
    if bill.order:
        parts.append(f"{words.order} : {bill.order}")
    sheet.text(20, 97, "     ".join(parts), 9.5)


def _tax_table(sheet: Sheet, bill: Bill, words: Words, y: float) -> None:
    columns = (
        Column(34, words.tax_rate, "right"),
        Column(62, words.taxable, "right"),
        Column(86, words.tax_total, "right"),
    )
    sheet.row(columns, [column.title for column in columns], y, 8, bold=True, colour=GREY)
    sheet.rule(20, y + 1.6, 86, width=0.3, colour=GREY)
    for rate, net, tax in bill.taxes:
        y += 5.4
        sheet.row(columns, (f"{words.number_of(rate)} %", words.plain(net), words.plain(tax)), y, 8.5)


def _sums(sheet: Sheet, bill: Bill, words: Words, y: float) -> float:
    rows = [(words.subtotal, bill.subtotal), (words.tax_total, bill.tax)]
    for label, amount in rows:
        sheet.text(122, y, label, 9.5)
        sheet.text(190, y, words.money(amount, bill.currency), 9.5, align="right")
        y += 5.6
    sheet.box(118, y - 3.2, 74, 9, fill=sheet.style.accent)
    sheet.text(122, y + 3, words.total, 11, bold=True, colour="#ffffff")
    sheet.text(190, y + 3, words.money(bill.total, bill.currency), 11, bold=True, colour="#ffffff", align="right")
    return y + 12


def _bank(sheet: Sheet, bill: Bill, words: Words, y: float) -> None:
    seller = bill.seller
    if seller.iban is None:
        return
    sheet.text(20, y, words.bank, 9.5, bold=True, colour=sheet.style.accent)
    columns = (Column(22, words.bank_name), Column(72, "IBAN"), Column(150, "BIC"))
    sheet.box(20, y + 2.5, 170, 13, stroke="#9a9a9a", line=0.4)
    sheet.rule(20, y + 8, 190, width=0.3, colour="#9a9a9a")
    sheet.row(columns, [column.title for column in columns], y + 6.4, 7.5, colour=GREY)
    sheet.row(columns, (seller.bank, printed_iban(seller.iban), str(seller.bic)), y + 13, 9.5, bold=True)
    if bill.reference:
        sheet.text(20, y + 21, f"{words.reference} : {bill.reference}", 9)
