"""Tables of items: from the head to the first line of totals, over pages; a row is an item if it has a line total."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from paydraft.extraction.figures import Figure, figures_in
from paydraft.extraction.folding import Token, tokens
from paydraft.extraction.item_columns import Roles, multiplies, place, roles_of, strips_of
from paydraft.extraction.item_heads import TableHead
from paydraft.extraction.item_texts import (
    Piece,
    describing_cell,
    follows,
    is_code,
    is_detail,
    is_full,
    pieces_of,
    right_limit,
)
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.vocabulary import AmountWord as W
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Layout, Row
from paydraft.extraction.totals import kinds_of

MAX_ROWS = 1_000  # below one head
MAX_ITEMS = 500
_MAX_LABEL = 6  # words; longer ones are no label of a total
_SHORT = 3  # words
_MAX_DESCRIPTION = 6  # lines
_MAX_SAMPLE = 60  # rows that show where the columns stand
_MOST_SUMS = 2  # numbers in a line of totals
_CLOSING = frozenset({W.SUM, W.SUB, W.NET, W.GROSS, W.TAX, W.DUE, W.PAID, W.DISCOUNT})
_SUMS = frozenset({W.SUM, W.SUB, W.GROSS, W.DUE})


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row below a head: its numbers, and what its words say of an amount."""

    index: int
    row: Row
    figures: tuple[Figure, ...]
    kinds: frozenset[W]
    words: int

    @property
    def closes(self) -> bool:
        """Whether it is a line of totals, going by its words."""
        return bool(self.kinds & _CLOSING) and self.words <= _MAX_LABEL and bool(self.figures)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the table: its numbers by the column they stand in, and its description."""

    row: BodyRow
    cells: dict[int, Figure]
    roles: Roles
    description: tuple[Piece, ...]
    texts: dict[Column, Piece]  # unit and tax code, where they are words

    @property
    def total(self) -> Figure:
        """What the line comes to."""
        return self.cells[self.roles.line_total]

    def figure(self, column: Column) -> Figure | None:
        """Its number in a column."""
        return self.roles.figure(self.cells, column)

    @property
    def complete(self) -> bool:
        """Whether it has a quantity and a price."""
        return self.figure(Column.QUANTITY) is not None and self.figure(Column.UNIT_PRICE) is not None

    @property
    def multiplies(self) -> bool:
        """Whether quantity x price, less the discount, is its total."""
        quantity, price = self.figure(Column.QUANTITY), self.figure(Column.UNIT_PRICE)
        if quantity is None or price is None:
            return False
        return multiplies(quantity, price, self.figure(Column.DISCOUNT), self.total)


@dataclass(frozen=True, slots=True)
class Table:
    """The items under one head."""

    head: TableHead
    roles: Roles
    items: tuple[Item, ...]
    closed: bool  # a line of totals ended it


def body_rows(layout: Layout, first: int, last: int, lexicon: Lexicon, mark: str | None) -> Iterator[BodyRow]:
    """Rows of the document, from first to last (exclusive), with their numbers."""
    for index in range(first, min(last, first + MAX_ROWS)):
        row = layout.rows[index]
        figures = tuple(figures_in(row, mark))
        label = _label(row, figures) if figures else ()
        kinds = kinds_of(label, lexicon)
        if not kinds and 0 < len(label) <= _SHORT:  # the foot of a table may speak another language than its page
            kinds = kinds_of(label, Lexicon(lexicon.known))
        yield BodyRow(index, row, figures, kinds, len(label))


def _label(row: Row, figures: Sequence[Figure]) -> tuple[Token, ...]:
    """The words nearest to the row's last number: left of it, else behind it."""
    pieces = pieces_of(row, figures, ())
    left = [piece for piece in pieces if piece.x0 < figures[-1].x0 and piece.letters > 1]
    return tokens((left or pieces)[-1].span.text) if left or pieces else ()


def read_table(layout: Layout, head: TableHead, until: int, lexicon: Lexicon, mark: str | None) -> Table | None:
    """The table under a head, if it has a column of line totals; `until` is the row where the next table begins."""
    body = list(body_rows(layout, head.last + 1, until, lexicon, mark))
    end = next((at for at, row in enumerate(body) if row.closes and len(row.figures) <= _MOST_SUMS), len(body))
    sample = [row for row in body[:end] if row.figures][:_MAX_SAMPLE]
    strips = strips_of([row.figures for row in sample], head.cells)
    placed = [place(row.figures, strips) for row in sample]
    roles = roles_of(strips, placed)
    if roles is None:
        return None
    return _Reader(head, roles, body, layout).table()


class _Reader:
    """Walks down a table and collects its items."""

    def __init__(self, head: TableHead, roles: Roles, body: list[BodyRow], layout: Layout) -> None:
        self._head, self._roles, self._body = head, roles, body
        self._sheet = layout.rows[head.last].sheet
        claimed = set(roles.of.values())
        self._cells = [place(row.figures, roles.strips) for row in body]
        self._pieces = [
            pieces_of(row.row, [one for at, one in cells.items() if at in claimed], head.cells)
            for row, cells in zip(body, self._cells, strict=True)
        ]
        with_total = [at for at, cells in enumerate(self._cells) if roles.line_total in cells]
        self._cell = describing_cell([self._pieces[at] for at in with_total], head.cells)
        self._codes_above = self._cell >= 0 and Column.CODE in head.cells[self._cell].kinds
        money = [self._cells[at][roles.line_total] for at in with_total]
        self._precise = 2 * sum(one.precise for one in money) > len(money)

    def table(self) -> Table:
        """The items down to the line of totals."""
        starts: list[int] = []
        strict = closed = False
        for at, row in enumerate(self._body):
            strict = strict or row.row.sheet is not self._sheet
            complete = self._complete(at)
            if row.closes and not complete and self._in_place(at) and W.CARRIED not in row.kinds:
                strict = closed = True  # a section's sum, perhaps: whatever multiplies further down is an item still
            elif self._is_item(at, complete=complete, strict=strict):
                starts.append(at)
            if len(starts) >= MAX_ITEMS:
                break
        items = tuple(self._item(at, end) for at, end in pairwise([*starts, len(self._body)]))
        return Table(self._head, self._roles, items, closed)

    def _in_place(self, at: int) -> bool:
        """Whether a line of totals is one: its amount stands under the line totals, or it is called a sum."""
        total = self._cells[at].get(self._roles.line_total)
        return (total is not None and not total.percent) or bool(self._body[at].kinds & _SUMS)

    def _complete(self, at: int) -> bool:
        """Whether a row has quantity and price beside its total."""
        cells, roles = self._cells[at], self._roles
        factors = (roles.figure(cells, Column.QUANTITY), roles.figure(cells, Column.UNIT_PRICE))
        if roles.line_total not in cells or any(one is None or one.percent for one in factors):
            return False
        return self._body[at].words > 1 or not self._body[at].kinds & _CLOSING

    def _is_item(self, at: int, *, complete: bool, strict: bool) -> bool:
        total = self._cells[at].get(self._roles.line_total)
        if total is None or total.percent or W.CARRIED in self._body[at].kinds:
            return False
        if complete:
            return not strict or self._multiplies(at)
        described = any(piece.letters > 1 for piece in self._pieces[at] if piece.cell == self._cell)
        return not strict and described and (total.precise or not self._precise)

    def _multiplies(self, at: int) -> bool:
        return Item(self._body[at], self._cells[at], self._roles, (), {}).multiplies

    def _item(self, at: int, end: int) -> Item:
        row, pieces = self._body[at], self._pieces[at]
        texts: dict[Column, Piece] = {}
        for piece in pieces:
            for column in (Column.UNIT, Column.TAX_RATE):
                if piece.cell >= 0 and piece.cell != self._cell and column in self._head.cells[piece.cell].kinds:
                    texts.setdefault(column, piece)
        return Item(row, self._cells[at], self._roles, self._description(at, end), texts)

    def _description(self, at: int, end: int) -> tuple[Piece, ...]:
        """The words in the column of descriptions, and the lines below that they were wrapped into."""
        here, lines = at, [piece for piece in self._pieces[at] if piece.cell == self._cell]
        if not lines or (self._codes_above and all(map(is_code, lines))):
            here, beside = self._beside(at, end)
            lines = beside or lines
        if not lines:
            return ()
        left, last = lines[0].x0, lines[-1]
        numbers = [self._roles.strips[index].x0 for index in self._roles.of.values()]
        limit = right_limit(left, self._cell, self._head.cells, numbers)
        for below in range(here + 1, min(end, here + _MAX_DESCRIPTION)):
            above, row = self._body[below - 1].row, self._body[below].row
            following = follows(last, row, self._pieces[below], self._cell, above, left)
            if following is None or is_detail(following) or not is_full(last, following, left, limit):
                break
            lines.append(following)
            last = following
        return tuple(lines)

    def _beside(self, at: int, end: int) -> tuple[int, list[Piece]]:
        """A description that stands on the row below its numbers, or else on the row above."""
        for near in (at + 1, at - 1):
            if 0 <= near < len(self._body) and near < end and self._roles.line_total not in self._cells[near]:
                upper, lower = sorted((self._body[at].row, self._body[near].row), key=lambda row: row.box.y0)
                close = lower.box.y0 - upper.box.y1 <= upper.box.y1 - upper.box.y0
                lines = [piece for piece in self._pieces[near] if piece.cell == self._cell]
                if lines and close and upper.sheet is lower.sheet:
                    return near, lines
        return at, []


def joined(tables: Sequence[Table]) -> list[list[Table]]:
    """Tables that continue one another over pages: the same heads again, and no totals in between."""
    groups: list[list[Table]] = []
    for table in tables:
        if groups and not groups[-1][-1].closed and _alike(groups[-1][-1].head, table.head):
            groups[-1].append(table)
        else:
            groups.append([table])
    return groups


def _alike(one: TableHead, other: TableHead) -> bool:
    return len(one.kinds & other.kinds) * 3 >= 2 * len(one.kinds | other.kinds)
