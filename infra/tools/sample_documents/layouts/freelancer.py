"""A letter written in a word processor: no logo, no rules, terms and account in a sentence."""

from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import blocks
from infra.tools.sample_documents.sheet import Sheet
from infra.tools.sample_documents.words import WORDS, printed_iban


def draw(sheet: Sheet, bill: Bill) -> None:
    """Draw the bill on one page; without tax, as a small business charges none."""
    words = WORDS[bill.language]
    seller = bill.seller
    sheet.lines(25, 25, (*blocks.address(seller), seller.phone, seller.email, *seller.legal), 11, leading=5.2)
    sheet.lines(25, 78, blocks.buyer_address(bill), 11, leading=5.2)
    sheet.text(185, 108, f"{seller.city}, {words.day(bill.issued)}", 11, align="right")
    sheet.text(25, 120, f"{words.invoice} Nr. {bill.number}", 13, bold=True)
    y = sheet.lines(25, 131, bill.opening, 11, leading=5.4) + 4
    for line in bill.lines:
        sheet.text(25, y, line.description, 11)
        sheet.text(185, y, words.money(line.net, bill.currency), 11, align="right")
        y += 6
    y += 3
    sheet.text(25, y, words.total, 11, bold=True)
    sheet.text(185, y, words.money(bill.total, bill.currency), 11, bold=True, align="right")
    y = sheet.lines(25, y + 12, bill.notes, 11, leading=5.4)
    if seller.iban:
        account = (seller.bank, f"IBAN: {printed_iban(seller.iban)}", f"BIC: {seller.bic}")
        y = sheet.lines(25, y + 3, account, 11, leading=5.4)
    sheet.lines(25, y + 8, ("Mit freundlichen Grüßen", seller.name), 11, leading=12)
