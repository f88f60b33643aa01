"""A German office's form: address window, four labels with their values below, bank details in the footer."""

import re

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words, printed_iban
from paydraft.model.invoice import DocumentType

_LEGAL_FORM = re.compile(r" (GmbH|KG|e\.U\.)$")  # a logo leaves it out


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on one page."""
    words = WORDS[bill.language]
    _letterhead(sheet, bill)
    title = words.credit_note if bill.document_type is DocumentType.CREDIT_NOTE else words.invoice
    sheet.text(25, 97, title, 17, bold=True, colour=sheet.style.accent)
    _header_block(sheet, bill, words)
    y = sheet.lines(25, 127, bill.opening, 9.5, leading=5) + 3
    columns = (
        Column(25, words.position),
        Column(36, words.description),
        Column(137, words.quantity, "right"),
        Column(160, words.unit_price, "right"),
        Column(188, words.amount, "right"),
    )
    sheet.box(23, y - 5, 167, 7, fill="#eef1f4")
    sheet.row(columns, [column.title for column in columns], y, 8.5, bold=True)
    y = blocks.table(sheet, bill, words, columns, y + 8)
    y = blocks.totals(sheet, bill, words, 122, 188, y + 4)
    sheet.lines(25, y + 6, bill.notes, 9.5, leading=5)
    _footer(sheet, bill, words)


def _letterhead(sheet: Sheet, bill: Bill) -> None:
    seller = bill.seller
    sheet.box(0, 0, sheet.width, 4, fill=sheet.style.accent)
    logos.draw(sheet, 25, 14)
    sheet.text(43, 21, _LEGAL_FORM.sub("", seller.name), 15, bold=True)
    sheet.text(43, 26.5, " · ".join(filter(None, (seller.phone, seller.website))), 8, colour=GREY)
    sheet.text(25, 49, f"{seller.name} · {seller.street} · {seller.town}", 6.5, colour=GREY)
    sheet.rule(25, 50.2, 105, width=0.25, colour=GREY)
    sheet.lines(25, 56, blocks.buyer_address(bill), 10, leading=5)


def _header_block(sheet: Sheet, bill: Bill, words: Words) -> None:
    fields = [(words.number, bill.number), (words.issued, words.day(bill.issued)), (words.customer, bill.customer)]
    if bill.due:
        fields.append((words.due, words.day(bill.due)))
    if bill.document_type is DocumentType.CREDIT_NOTE:
        fields[0] = ("Gutschriftsnummer", bill.number)
        fields[1] = ("Datum", words.day(bill.issued))
    step = 166 / len(fields)
    sheet.rule(24, 102, 190, width=0.6, colour=sheet.style.accent)
    for index, (label, value) in enumerate(fields):
        x = 25 + index * step
        sheet.text(x, 107, label, 7.5, colour=GREY)
        sheet.text(x, 112.5, value, 10, bold=True)
    sheet.rule(24, 116, 190, width=0.6, colour=sheet.style.accent)


def _footer(sheet: Sheet, bill: Bill, words: Words) -> None:
    seller = bill.seller
    bank = (
        (words.bank + ": " + seller.bank, "IBAN " + printed_iban(seller.iban), f"BIC {seller.bic}")
        if seller.iban
        else ()
    )
    blocks.footer(
        sheet,
        (
            (25, (seller.name, seller.street, seller.town, seller.email)),
            (82, bank),
            (140, (f"{words.vat_number} {seller.vat_number}", *seller.legal)),
        ),
    )
