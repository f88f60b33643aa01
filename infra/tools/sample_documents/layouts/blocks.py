"""What several layouts draw alike: the rows of a table, the sums, the footer with the bank."""

from collections.abc import Sequence

from infra.tools.sample_documents.bill import Bill, Company, Line
from infra.tools.sample_documents.sheet import GREY, Column, Sheet
from infra.tools.sample_documents.words import WORDS, Words, printed_iban


def cells_of(bill: Bill, words: Words, position: int, line: Line) -> tuple[str, ...]:
    """Position, description, quantity, unit price, amount."""
    return (
        str(position),
        line.description,
        f"{words.number_of(line.quantity)} {line.unit}".strip(),
        words.plain(line.price),
        words.plain(line.net),
    )


def table(sheet: Sheet, bill: Bill, words: Words, columns: Sequence[Column], y: float, *, size: float = 9,
          gap: float = 2.2, rules: bool = True) -> float:  # fmt: skip
    """All lines below one another; answers the y below the last one."""
    left, right = columns[0].x, columns[-1].x
    for position, line in enumerate(bill.lines, 1):
        y += sheet.row(columns, cells_of(bill, words, position, line), y, size) + gap
        if rules:
            sheet.rule(left, y - gap - 1.4, right, width=0.25, colour="#c8c8c8")
    return y


def sums(bill: Bill, words: Words) -> list[tuple[str, str]]:
    """Label and amount of the subtotal and of each tax; nothing where there is no tax to speak of."""
    rows = [(words.subtotal, words.money(bill.subtotal, bill.currency))]
    for rate, _, tax in bill.taxes:
        rows.append((words.tax.format(rate=words.number_of(rate)), words.money(tax, bill.currency)))
    return rows


def totals(sheet: Sheet, bill: Bill, words: Words, x0: float, x1: float, y: float, *, size: float = 9.5) -> float:
    """The sums and, under a rule, the total; answers the y below."""
    for label, amount in sums(bill, words):
        sheet.text(x0, y, label, size)
        sheet.text(x1, y, amount, size, align="right")
        y += 5.2
    sheet.rule(x0, y - 3, x1, width=0.8, colour=sheet.style.accent)
    y += 1.6
    sheet.text(x0, y, words.total, size + 1.5, bold=True)
    sheet.text(x1, y, words.money(bill.total, bill.currency), size + 1.5, bold=True, align="right")
    return y + 7


def address(party: Company) -> tuple[str, ...]:
    """Name, street and town."""
    return (party.name, party.street, party.town)


def buyer_address(bill: Bill) -> tuple[str, ...]:
    """The buyer's address; a seller abroad adds the country."""
    country = () if bill.seller.country == bill.buyer.country else (WORDS[bill.language].germany,)
    return (*address(bill.buyer), *country)


def bank_rows(bill: Bill, words: Words) -> list[tuple[str, str]]:
    """Bank, IBAN, BIC and the reference, as far as the seller has them."""
    seller = bill.seller
    rows = [(words.bank_name, seller.bank)] if seller.bank else []
    if seller.iban:
        rows.append(("IBAN", printed_iban(seller.iban)))
    if seller.bic:
        rows.append(("BIC", str(seller.bic)))
    if bill.reference:
        rows.append((words.reference, bill.reference))
    return rows


def footer(sheet: Sheet, columns: Sequence[tuple[float, Sequence[str]]], y: float = 274, *, size: float = 7) -> None:
    """Small grey columns under a fine rule."""
    sheet.rule(columns[0][0], y - 4.5, sheet.width - 20, width=0.3, colour="#b0b0b0")
    for x, lines in columns:
        sheet.lines(x, y, lines, size, leading=3.3, colour=GREY)
