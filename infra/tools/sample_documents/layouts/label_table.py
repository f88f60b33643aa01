"""A modern template: big title, label and value in two columns on the right, a box with the payment details."""

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on one page."""
    words = WORDS[bill.language]
    _seller(sheet, bill, words)
    sheet.text(20, 71, words.bill_to.upper(), 7.5, bold=True, colour=sheet.style.accent)
    sheet.lines(20, 77, (*blocks.buyer_address(bill), bill.buyer.vat_number), 9.5, bold_first=True)
    _labels(sheet, bill, words)
    y = sheet.lines(20, 109, bill.opening, 9)
    columns = (
        Column(23, words.description),
        Column(126, words.quantity, "right"),
        Column(157, words.unit_price, "right"),
        Column(187, words.amount, "right"),
    )
    y = max(y + 4, 114)
    sheet.box(20, y - 5.2, 170, 8, fill=sheet.style.accent)
    sheet.row(columns, [column.title for column in columns], y, 8.5, bold=True, colour="#ffffff")
    y += 9.5
    for position, line in enumerate(bill.lines, 1):
        if position % 2 == 0:
            sheet.box(20, y - 5, 170, 4.2 * (1 + line.description.count("\n")) + 3, fill="#f4f6f7")
        y += sheet.row(columns, blocks.cells_of(bill, words, position, line)[1:], y) + 3
    y = blocks.totals(sheet, bill, words, 120, 187, y + 5)
    _payment(sheet, bill, words, max(y + 8, 205))
    sheet.text(105, 285, " · ".join((bill.seller.name, *bill.seller.legal)), 7, colour=GREY, align="centre")


def _seller(sheet: Sheet, bill: Bill, words: Words) -> None:
    seller = bill.seller
    logos.draw(sheet, 20, 16, 12)
    sheet.text(36, 24.5, seller.name, 13, bold=True)
    lines = (seller.street, seller.town, seller.phone, seller.email, f"{words.vat_number} {seller.vat_number}")
    sheet.lines(20, 36, lines, 8.5, leading=4.2, colour=GREY)
    sheet.text(190, 27, words.invoice.upper(), 24, bold=True, colour=sheet.style.accent, align="right")


def _labels(sheet: Sheet, bill: Bill, words: Words) -> None:
    rows = [(words.number, bill.number), (words.issued, words.day(bill.issued))]
    if bill.due:
        rows.append((words.due, words.day(bill.due)))
    if bill.order:
        rows.append((words.order, bill.order))
    if bill.customer:
        rows.append((words.customer, bill.customer))
    y = 71.0
    for label, value in rows:
        sheet.text(128, y, label, 9, colour=GREY)
        sheet.text(190, y, value, 9, bold=True, align="right")
        sheet.rule(128, y + 1.8, 190, width=0.2, colour="#c8c8c8")
        y += 6.4


def _payment(sheet: Sheet, bill: Bill, words: Words, y: float) -> None:
    rows = blocks.bank_rows(bill, words)
    height = 11 + 5 * len(rows) + 5 * len(bill.notes)
    sheet.box(20, y, 170, height, stroke="#c8c8c8", fill="#fafafa", radius=2)
    sheet.text(25, y + 6.5, words.bank, 10, bold=True, colour=sheet.style.accent)
    y += 12.5
    for label, value in rows:
        sheet.text(25, y, label, 9, colour=GREY)
        sheet.text(75, y, value, 9)
        y += 5
    sheet.lines(25, y + 0.5, bill.notes, 8.5, leading=5)
