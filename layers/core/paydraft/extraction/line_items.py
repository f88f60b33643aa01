"""The lines of the invoice as a candidate: the table whose lines add up, else the one whose lines multiply.

A line total is net where the lines add up to the net amount, gross where they add up to the total. Where nothing adds
up, a line keeps its total only if quantity x price confirms it or a text layer shows it in a headed column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from paydraft.extraction.amounts import Amount, money_rows
from paydraft.extraction.candidates import (
    CHECKED,
    FLOOR,
    HEADED,
    LABELLED_BELOW,
    PLACED,
    Candidate,
    Value,
    seen,
    seen_over,
)
from paydraft.extraction.figures import Figure
from paydraft.extraction.item_columns import product
from paydraft.extraction.item_heads import find_heads
from paydraft.extraction.item_table import Item, Table, joined, read_table
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Layout
from paydraft.extraction.priced_rows import priced_rows
from paydraft.extraction.totals import Named, Role
from paydraft.model.invoice import LineItem
from paydraft.model.page import Source

MAX_TABLES = 20
_MAX_DESCRIPTION = 400  # characters
_MAX_RAW = 2_000
_MOST_TAX = Decimal(50)  # percent
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Lines:
    """What a table says: its items, and what they come to."""

    items: tuple[Item, ...]
    total: Decimal | None  # None where a line can be read two ways
    checks: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts that lines can add up to."""

    net: frozenset[Decimal]
    gross: frozenset[Decimal]


def lines_of(
    layout: Layout, lexicon: Lexicon, mark: str | None, amounts: Sequence[Amount], named: Sequence[Named]
) -> Lines | None:
    """The lines of a document, or None where no table of items is printed."""
    with_amounts = money_rows(amounts)
    by_role: dict[Role, set[Decimal]] = {}
    for one in named:
        by_role.setdefault(one.role, set()).add(one.value)
    sums = Sums(
        frozenset(by_role.get(Role.SUBTOTAL, ())),
        frozenset(by_role.get(Role.TOTAL, set()) | by_role.get(Role.DUE, set())),
    )
    heads = find_heads(layout, lexicon.known.columns, with_amounts)[:MAX_TABLES]
    begins = [*(head.first for head in heads), len(layout.rows)]
    tables = [read_table(layout, head, until, lexicon, mark) for head, until in zip(heads, begins[1:], strict=True)]
    found = [
        _lines(items, sums)
        for group in joined([table for table in tables if table and table.items])
        for items in _variants(group)
    ]
    best = max(found, key=lambda lines: (lines.confidence, len(lines.items)), default=None)
    if best is None or not best.checks:
        items = priced_rows(layout, named, with_amounts, lexicon, mark)
        best = _lines(items, sums) if items else best
    return best


def rates_of_items(lines: Lines | None) -> frozenset[Decimal]:
    """The tax rates in the column of that name, also where they are printed like money ("20.00")."""
    figures = [figure for item in lines.items if (figure := item.figure(Column.TAX_RATE))] if lines else []
    values = {figure.value for figure in figures if figure.value is not None}
    if not values or any(value < 0 or value > _MOST_TAX for value in values):
        return frozenset()
    like_money = any(figure.precise and not figure.percent for figure in figures)
    return frozenset() if like_money and len(values) > max(1, len(figures) // 2) else frozenset(values)


def rows_of_items(lines: Lines | None) -> frozenset[int]:
    """The rows of the document that hold lines."""
    return frozenset(item.row.index for item in lines.items) if lines else frozenset()


def _variants(tables: Sequence[Table]) -> Iterable[tuple[Item, ...]]:
    """The items that have a quantity and a price, and all of them: a fee in the table has neither, nor has a remark."""
    items = tuple(item for table in tables for item in table.items)
    complete = tuple(item for item in items if item.complete)
    if complete and len(complete) < len(items):
        yield complete
    yield items


def _lines(items: tuple[Item, ...], sums: Sums) -> Lines:
    values = [_total(item) for item in items]
    known = [value for value in values if value is not None]
    total = sum(known, Decimal(0)) if len(known) == len(values) else None
    adds_up = total is not None and total in sums.net | sums.gross
    proven = all(item.multiplies for item in items)
    checks = (*(("sum_of_lines",) if adds_up else ()), *(("quantity_times_price",) if proven else ()))
    short = not adds_up and bool(sums.net)  # the net amount is printed, and it is another: lines may be missing
    confidence = CHECKED if adds_up else PLACED if short else LABELLED_BELOW if proven else HEADED
    return Lines(items, total, checks, confidence)


def _total(item: Item) -> Decimal | None:
    """What a line comes to, by the reading that multiplies where it has two."""
    factors = _factors(item)
    return factors[2] if factors else item.total.value


def _factors(item: Item) -> tuple[Decimal, Decimal, Decimal] | None:
    quantity, price = item.figure(Column.QUANTITY), item.figure(Column.UNIT_PRICE)
    if quantity is None or price is None:
        return None
    return product(quantity, price, item.figure(Column.DISCOUNT), item.total)


def line_candidates(lines: Lines | None, totals: Iterable[Candidate]) -> list[Candidate]:
    """The lines as one value, and the evidence of each of its parts under "line_items.N.field".

    `totals` say whether the lines are net or gross, where their head does not.
    """
    if lines is None:
        return []
    rates = rates_of_items(lines)
    gross = _are_gross(lines, {one.field: one.value for one in totals if one.confidence >= FLOOR})
    parts: list[Candidate] = []
    values: list[LineItem] = []
    for item in lines.items:
        known = _parts_of(item, lines, len(values), rates, gross=gross)
        fields = {one.field.rsplit(".", 1)[1]: one.value for one in known}
        if "net" in fields or "gross" in fields:
            values.append(LineItem.model_validate(fields))
            parts += known
    if not values:
        return []
    first = lines.items[0].row.row.sheet
    rows = [item.row.row for item in lines.items if item.row.row.sheet is first]
    edges = [segment.span() for row in rows for segment in (row.segments[0], row.segments[-1])]
    whole = seen_over("line_items", tuple(values), edges, lines.confidence)
    raw = "\n".join(row.text for row in rows)[:_MAX_RAW]
    return [replace(whole, raw=raw, checks=lines.checks, parts=tuple(parts))]


def _are_gross(lines: Lines, totals: dict[str, Value | None]) -> bool:
    """Whether lines include tax: their head says so, or their sum is the total and not the net amount."""
    headed = lines.items[0].roles.of
    if Column.TOTAL not in headed:
        return Column.GROSS in headed
    return lines.total is not None and totals.get("total") == lines.total != totals.get("subtotal")


def _parts_of(item: Item, lines: Lines, number: int, rates: frozenset[Decimal], *, gross: bool) -> list[Candidate]:
    """The fields of one line; its total only where something vouches for it."""
    factors = _factors(item)
    sure = bool(lines.checks) or factors is not None
    total = _total(item)
    if total is None or not (sure or _shown(item)):
        return []
    confidence = lines.confidence if sure else HEADED
    checks = ("quantity_times_price",) if factors else ()
    found: list[tuple[str, Value | None, Figure]] = [("gross" if gross else "net", total, item.total)]
    found += _numbers(item, factors, rates)
    found += _other_sums(item, gross)
    parts = [
        seen(f"line_items.{number}.{name}", value, figure.span, confidence, checks=checks)
        for name, value, figure in found
        if value is not None
    ]
    return [*_words(item, number, confidence), *parts]


def _shown(item: Item) -> bool:
    """Whether a text layer shows the total, and no quantity and price contradict it."""
    both = item.figure(Column.QUANTITY) is not None and item.figure(Column.UNIT_PRICE) is not None
    return item.row.row.segments[0].source is not Source.OCR and not (both and item.roles.proven)


def _numbers(
    item: Item, factors: tuple[Decimal, Decimal, Decimal] | None, rates: frozenset[Decimal]
) -> Iterable[tuple[str, Value | None, Figure]]:
    quantity, price = item.figure(Column.QUANTITY), item.figure(Column.UNIT_PRICE)
    if quantity is not None and not quantity.percent:
        yield "quantity", factors[0] if factors else quantity.value, quantity
    if price is not None and not price.percent:
        yield "unit_price", factors[1] if factors else price.value, price
    discount = item.figure(Column.DISCOUNT)
    if discount is not None and factors is not None and (less := factors[0] * factors[1] - factors[2]):
        yield "discount", less.quantize(_CENT), discount
    rate = item.figure(Column.TAX_RATE)
    if rate is not None and rate.value in rates:
        yield "tax_rate", rate.value, rate


def _other_sums(item: Item, gross: bool) -> Iterable[tuple[str, Value | None, Figure]]:
    """The column that holds the line's other sum, where it has both."""
    for name, column in (("net", Column.NET), ("gross", Column.GROSS)):
        figure = item.figure(column)
        if figure is not None and figure is not item.total and name != ("gross" if gross else "net"):
            yield name, figure.value, figure


def _words(item: Item, number: int, confidence: float) -> Iterable[Candidate]:
    if item.description:
        text = " ".join(piece.span.lines for piece in item.description)[:_MAX_DESCRIPTION]
        yield seen(f"line_items.{number}.description", text, item.description[0].span, confidence)
    quantity, unit = item.figure(Column.QUANTITY), item.texts.get(Column.UNIT)
    if unit is not None:
        yield seen(f"line_items.{number}.unit", unit.span.lines[:20], unit.span, confidence)
    elif quantity is not None and quantity.unit:
        yield seen(f"line_items.{number}.unit", quantity.unit, quantity.span, confidence)
