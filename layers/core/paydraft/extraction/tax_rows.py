"""Rows that state the tax of one rate: a percentage, a net amount and its tax in one row. Arithmetic tells them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from paydraft.extraction.figures import Figure, figures_in
from paydraft.extraction.layout import Layout, Row

MAX_ROWS = 200
_MOST = 6  # amounts of a row worth combining
_HIGHEST = Decimal(50)  # percent
_CENT = Decimal("0.0101")
PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s{0,2}%")


@dataclass(frozen=True, slots=True)
class TaxRow:
    """The tax of one rate as printed in one row; `gross` where net and tax together stand there too."""

    rate: Decimal
    net: Figure
    tax: Figure
    gross: Figure | None


def tax_rows(layout: Layout, rows: Iterable[int], mark: str | None) -> list[TaxRow]:
    """The rows among `rows` whose tax is their rate of their net amount, each rate and net amount once."""
    found: dict[tuple[Decimal, Decimal | None], TaxRow] = {}
    for index in sorted(rows)[:MAX_ROWS]:
        row = layout.rows[index]
        for one in _of_row(row, mark):
            found.setdefault((one.rate, one.net.value), one)
    return list(found.values())


def _of_row(row: Row, mark: str | None) -> Iterator[TaxRow]:
    figures = figures_in(row, mark)
    money = [one for one in figures if one.precise and not one.percent and one.value is not None][:_MOST]
    if len(money) < 2:
        return
    printed = {Decimal(rate.replace(",", ".")) for rate in PERCENT.findall(row.text)}
    bare = {one.value for one in figures if not one.percent and one.value is not None and 0 < one.value <= _HIGHEST}
    for rate in sorted(printed) or sorted(bare):
        match = _fitting(money, rate)
        if match is not None:
            yield match
            return


def _fitting(money: list[Figure], rate: Decimal) -> TaxRow | None:
    for net in money:
        for tax in money:
            if net is tax or tax.value == rate or not net.value or tax.value is None:
                continue
            if abs(net.value * rate / 100 - tax.value) <= _CENT:
                gross = next((one for one in money if one.value == net.value + tax.value), None)
                return TaxRow(rate, net, tax, gross)
    return None
