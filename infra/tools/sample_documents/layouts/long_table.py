"""Two pages: a long table with the sum carried forward, the totals and the bank details on the last page."""

from decimal import Decimal

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words

_PER_PAGE = 24


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on as many pages as its lines take."""
    words = WORDS[bill.language]
    columns = (
        Column(18, words.position),
        Column(28, words.description),
        Column(128, words.quantity, "right"),
        Column(158, words.unit_price, "right"),
        Column(192, words.amount, "right"),
    )
    pages = -(-len(bill.lines) // _PER_PAGE)
    carried = Decimal()
    for page in range(1, pages + 1):
        _head(sheet, bill, words, page, pages)
        y = 108.0 if page == 1 else 46.0
        sheet.rule(18, y - 5, 192, width=1.2, colour=sheet.style.accent)
        sheet.row(columns, [column.title for column in columns], y, 8, bold=True)
        sheet.rule(18, y + 1.8, 192, width=0.4)
        y += 7
        if page > 1:
            _carry(sheet, words.brought, words.money(carried, bill.currency), y)
            y += 6
        first = (page - 1) * _PER_PAGE
        for position, line in enumerate(bill.lines[first : first + _PER_PAGE], first + 1):
            y += sheet.row(columns, blocks.cells_of(bill, words, position, line), y, 8.5) + 2.1
            carried += line.net
        if page < pages:
            _carry(sheet, words.carried, words.money(carried, bill.currency), y + 2)
            sheet.next_page()
    _end(sheet, bill, words, y + 6)


def _head(sheet: Sheet, bill: Bill, words: Words, page: int, pages: int) -> None:
    seller = bill.seller
    logos.draw(sheet, 18, 12, 11)
    sheet.text(33, 17.5, seller.name, 12, bold=True)
    contact = (f"{seller.street} - {seller.town}", f"{words.vat_number} {seller.vat_number}  -  {seller.email}")
    sheet.lines(33, 21.8, contact, 7.5, leading=3.4, colour=GREY)
    sheet.text(192, 17.5, words.page.format(page=page, pages=pages), 8, align="right", colour=GREY)
    if page > 1:
        sheet.text(18, 35, f"{words.invoice} {bill.number} - {words.day(bill.issued)}", 9, bold=True)
        return
    sheet.text(18, 44, words.invoice.upper(), 20, bold=True, colour=sheet.style.accent)
    _boxes(sheet, bill, words)
    sheet.text(110, 44, words.bill_to, 8, colour=GREY)
    sheet.lines(110, 50, (*blocks.buyer_address(bill), bill.buyer.vat_number), 10, bold_first=True, leading=5)
    sheet.lines(18, 90, bill.opening, 9)


def _boxes(sheet: Sheet, bill: Bill, words: Words) -> None:
    cells = [(words.number, bill.number, 40.0), (words.issued, words.day(bill.issued), 26.0)]
    if bill.customer:
        cells.append((words.customer, bill.customer, 22.0))
    x = 18.0
    for label, value, width in cells:
        sheet.box(x, 50, width, 12, stroke="#9a9a9a", line=0.4)
        sheet.text(x + 1.5, 53.6, label, 6.5, colour=GREY)
        sheet.text(x + 1.5, 59.4, value, 9.5, bold=True)
        x += width
    sheet.box(18, 62, 88, 12, stroke="#9a9a9a", line=0.4)
    if bill.order:
        sheet.text(19.5, 65.6, words.order, 6.5, colour=GREY)
        sheet.text(19.5, 71.4, bill.order, 9)


def _carry(sheet: Sheet, label: str, amount: str, y: float) -> None:
    sheet.text(158, y, label, 8.5, align="right", colour=GREY)
    sheet.text(192, y, amount, 8.5, align="right", colour=GREY)


def _end(sheet: Sheet, bill: Bill, words: Words, y: float) -> None:
    y = blocks.totals(sheet, bill, words, 122, 192, y + 4)
    y = sheet.lines(18, y + 4, bill.notes, 9)
    sheet.text(18, y + 6, words.bank, 9.5, bold=True, colour=sheet.style.accent)
    rows = blocks.bank_rows(bill, words)
    if bill.due:
        rows.insert(0, (words.due, f"{words.day(bill.due)}   {words.money(bill.total, bill.currency)}"))
    y += 13
    for label, value in rows:
        sheet.text(18, y, label, 9, colour=GREY)
        sheet.text(48, y, value, 9)
        y += 5
    sheet.text(105, 287, " - ".join((bill.seller.name, *bill.seller.legal)), 7, align="centre", colour=GREY)
