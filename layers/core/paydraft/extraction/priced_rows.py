"""Lines without a readable head: rows of "name … price" above a total that is their sum. Receipts are printed so.

Only the sum makes them lines: without one nothing is given.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations

from paydraft.extraction.figures import Figure
from paydraft.extraction.folding import tokens
from paydraft.extraction.item_columns import Roles, multiplies
from paydraft.extraction.item_table import BodyRow, Item, body_rows
from paydraft.extraction.item_texts import pieces_of
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.vocabulary import AmountWord as W
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Layout
from paydraft.extraction.totals import Named, Role, kinds_of

MAX_ROWS = 120  # above a total
_MAX_TOTALS = 6
_LEAST_LETTERS = 4  # of a word, else it is the key to a table of taxes ("B 19%")
_WORD = re.compile(r"[^\W\d_]+")
_TOTALS = (Role.SUBTOTAL, Role.TOTAL, Role.DUE)
_APART = 1.5  # row heights between the right edges of a price and its total
_NO_ITEM = frozenset({W.SUM, W.SUB, W.NET, W.GROSS, W.TAX, W.DUE, W.PAID, W.CARRIED})
_LEAST_TAX, _MOST_TAX = Decimal("0.03"), Decimal("0.28")  # of the amount before it


def priced_rows(
    layout: Layout, named: Iterable[Named], with_amounts: frozenset[int], lexicon: Lexicon, mark: str | None
) -> tuple[Item, ...]:
    """The rows that add up to a named total or subtotal; empty where none do."""
    sums = [one for one in named if one.role in _TOTALS and not one.headed and one.value > 0]
    items: dict[int, Item | None] = {}
    firsts: dict[Decimal, Named] = {}  # below the first mention of a total stand its taxes and its payment
    for one in sorted(sums, key=lambda one: one.amount.span.segment.row):
        firsts.setdefault(one.value, one)
    for total in list(firsts.values())[:_MAX_TOTALS]:
        last = total.amount.span.segment.row
        for index in range(max(0, last - MAX_ROWS), last):
            if index in with_amounts and index not in items:
                items[index] = next(_item(row, lexicon) for row in body_rows(layout, index, index + 1, lexicon, mark))
        if found := _adding_up(layout, total, items):
            return found
    return ()


def _item(row: BodyRow, lexicon: Lexicon) -> Item | None:
    """A row with a name and a price; quantity and unit price where both are printed and multiply."""
    figures = [figure for figure in row.figures if not figure.percent]
    if not figures or not figures[-1].precise:
        return None
    total, factors = _product(figures)
    pieces = tuple(piece for piece in pieces_of(row.row, (*factors, total), ()) if piece.letters)
    label = tuple(token for piece in pieces for token in tokens(piece.span.text))
    named = any(len(word) >= _LEAST_LETTERS for piece in pieces for word in _WORD.findall(piece.span.text))
    if not named or (kinds_of(label, lexicon) & _NO_ITEM and not factors):
        return None
    columns = (Column.TOTAL, Column.QUANTITY, Column.UNIT_PRICE)[: 1 + len(factors)]
    roles = Roles((), {column: at for at, column in enumerate(columns)}, 0, proven=bool(factors))
    return Item(row, dict(enumerate((total, *factors))), roles, pieces, {})


def _product(figures: list[Figure]) -> tuple[Figure, tuple[Figure, ...]]:
    """The line's total and what it is made of: the last number that two before it make, else the last number."""
    for at in range(len(figures) - 1, 1, -1):
        for pair in combinations(figures[:at], 2):
            if figures[at].precise and multiplies(*pair, None, figures[at]):
                return figures[at], pair
    return figures[-1], ()


def _adding_up(layout: Layout, total: Named, items: dict[int, Item | None]) -> tuple[Item, ...]:
    """The rows directly above a total, as many as it takes to make its sum."""
    segment, edge = total.amount.span.segment, total.amount.span.box.x1
    height = max(6.0, segment.height)
    taken: list[Item] = []
    left = total.value
    for index in range(segment.row - 1, max(-1, segment.row - MAX_ROWS), -1):
        item = items.get(index)
        if layout.rows[index].sheet is not segment.sheet:
            break
        if item is None or item.total.value is None or abs(item.total.x1 - edge) > _APART * height:
            continue
        taken.append(item)
        left -= item.total.value
        if not left:
            return tuple(reversed(taken)) if _convincing(taken) else ()
    return ()


def _convincing(items: Sequence[Item]) -> bool:
    """Whether rows that add up are lines, and not a net amount and its tax whose names are unreadable."""
    if len(items) == 2 and not any(item.complete for item in items):
        small, large = sorted(abs(item.total.value or Decimal(0)) for item in items)
        return not (large and _LEAST_TAX <= small / large <= _MOST_TAX)
    return len(items) > 1 or items[0].complete
