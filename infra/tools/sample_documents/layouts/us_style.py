"""An American invoice: Letter paper, month first, sales tax, no IBAN."""

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on one page."""
    words = WORDS["en"]
    seller, right = bill.seller, sheet.width - 18
    logos.draw(sheet, 18, 15, 15)
    sheet.text(37, 22, seller.name, 13, bold=True)
    sheet.lines(37, 27, (f"{seller.street}, {seller.town}", f"{seller.phone} | {seller.website}"), 8, colour=GREY)
    sheet.text(right, 24, "INVOICE", 22, bold=True, colour=sheet.style.accent, align="right")
    _blocks(sheet, bill, right)
    columns = (
        Column(24, "QTY", "centre"),
        Column(36, "DESCRIPTION"),
        Column(right - 34, "UNIT PRICE", "right"),
        Column(right - 2, "AMOUNT", "right"),
    )
    y = 98.0
    sheet.box(18, y - 5, right - 18, 7, fill=sheet.style.accent)
    sheet.row(columns, [column.title for column in columns], y, 8, bold=True, colour="#ffffff")
    y += 8
    for line in bill.lines:
        cells = (words.number_of(line.quantity), line.description, words.plain(line.price), words.plain(line.net))
        y += sheet.row(columns, cells, y) + 2.6
        sheet.rule(18, y - 4, right, width=0.2, colour="#c8c8c8")
    _totals(sheet, bill, words, right, y + 4)
    sheet.lines(18, 218, bill.notes, 8.5, leading=4.6)
    sheet.text(sheet.width / 2, 264, "THANK YOU FOR YOUR BUSINESS!", 9, bold=True, align="centre")


def _blocks(sheet: Sheet, bill: Bill, right: float) -> None:
    rows = (
        ("Invoice #", bill.number),
        ("Date", f"{bill.issued:%m/%d/%Y}"),
        ("Due Date", f"{bill.due:%m/%d/%Y}"),
        ("P.O. #", bill.order),
        ("Terms", "Net 30"),
    )
    for index, (label, value) in enumerate(rows):
        sheet.text(right - 38, 36 + index * 5.2, label, 9, bold=True, align="right")
        sheet.text(right, 36 + index * 5.2, value, 9, align="right")
    for x, title in ((18.0, "BILL TO"), (96.0, "SHIP TO")):
        sheet.text(x, 66, title, 8, bold=True, colour=sheet.style.accent)
        sheet.lines(x, 71.5, blocks.buyer_address(bill), 9, leading=4.5)


def _totals(sheet: Sheet, bill: Bill, words: Words, right: float, y: float) -> None:
    rows = [("SUBTOTAL", bill.subtotal)]
    rows += [(f"SALES TAX {words.number_of(rate)}%", tax) for rate, _, tax in bill.taxes]
    for label, amount in rows:
        sheet.text(right - 34, y, label, 9, align="right")
        sheet.text(right - 2, y, words.plain(amount), 9, align="right")
        y += 5.6
    sheet.box(right - 78, y - 4.2, 78, 8, fill="#e8eef0")
    sheet.text(right - 34, y + 1.2, "TOTAL DUE", 10.5, bold=True, align="right")
    sheet.text(right - 2, y + 1.2, words.money(bill.total, "USD"), 10.5, bold=True, align="right")
