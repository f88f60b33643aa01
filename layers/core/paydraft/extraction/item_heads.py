"""Heads of tables of items: rows whose words name columns, also when a head is printed on several lines."""

from dataclasses import dataclass

from paydraft.extraction.figures import x_at
from paydraft.extraction.folding import tokens
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.phrases import Phrases
from paydraft.extraction.layout import Layout, Row

_MAX_TEXT = 200  # characters of a segment that can be a head
_NAMED_SHARE = 0.5  # of the row's words
_CLOSE = 0.9  # row heights between the lines of one head
_STACKED = 2  # more lines above and below
_WHAT = frozenset({Column.DESCRIPTION, Column.QUANTITY, Column.UNIT_PRICE, Column.CODE})
_MONEY = frozenset({Column.UNIT_PRICE, Column.TOTAL, Column.NET, Column.GROSS})


@dataclass(frozen=True, slots=True)
class HeadCell:
    """What the words over a column can mean, and how far they reach."""

    kinds: frozenset[Column]
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class TableHead:
    """A head of one or more rows (numbers of the document's rows, both included), its cells from left to right."""

    first: int
    last: int
    cells: tuple[HeadCell, ...]

    @property
    def kinds(self) -> frozenset[Column]:
        """All that its cells can mean."""
        return frozenset[Column]().union(*(cell.kinds for cell in self.cells))


def find_heads(layout: Layout, phrases: Phrases[Column], with_amounts: frozenset[int]) -> list[TableHead]:
    """The heads of a document from top to bottom. `with_amounts` are the rows that hold money: those are no heads."""
    named: dict[int, list[HeadCell]] = {}
    for index, row in enumerate(layout.rows):
        if index not in with_amounts and (cells := _cells(row, phrases)):
            named[index] = cells
    heads: list[TableHead] = []
    for index, cells in named.items():
        if (heads and index <= heads[-1].last) or len(layout.rows[index].segments) < 2 or not _heads_items(cells):
            continue
        heads.append(_stacked(layout, named, index))
    return heads


def _heads_items(cells: list[HeadCell]) -> bool:
    kinds = frozenset[Column]().union(*(cell.kinds for cell in cells))
    return len(cells) >= 2 and len(kinds) >= 2 and bool(kinds & _WHAT) and bool(kinds & _MONEY)


def _cells(row: Row, phrases: Phrases[Column]) -> list[HeadCell]:
    cells: list[HeadCell] = []
    words = named = 0
    for segment in row.segments:
        text = segment.text[:_MAX_TEXT]
        count = sum(not token.text.isdigit() for token in tokens(text))
        words += count
        places: dict[tuple[int, int], set[Column]] = {}
        for found in phrases.find(text) if count else ():
            places.setdefault((found.start, found.end), set()).add(found.kind)
        named += sum(len(tokens(text[start:end])) for start, end in places)
        cells += [
            HeadCell(frozenset(kinds), x_at(segment, start), x_at(segment, end))
            for (start, end), kinds in places.items()
        ]
    return cells if words and named / words >= _NAMED_SHARE else []


def _stacked(layout: Layout, named: dict[int, list[HeadCell]], index: int) -> TableHead:
    """The head around a row: close rows above and below that name columns too belong to it."""
    first = last = index
    while first > 0 and index - first < _STACKED and first - 1 in named and _close(layout, first - 1):
        first -= 1
    while last - index < _STACKED and last + 1 in named and _close(layout, last):
        last += 1
    cells: list[HeadCell] = []
    for row in range(first, last + 1):
        for cell in named[row]:
            _merge(cells, cell)
    return TableHead(first, last, tuple(sorted(cells, key=lambda cell: cell.x0)))


def _close(layout: Layout, upper: int) -> bool:
    one, other = layout.rows[upper], layout.rows[upper + 1]
    height = max(one.box.y1 - one.box.y0, 6.0)
    return one.sheet is other.sheet and other.box.y0 - one.box.y1 <= _CLOSE * height


def _merge(cells: list[HeadCell], cell: HeadCell) -> None:
    for index, known in enumerate(cells):
        if min(known.x1, cell.x1) - max(known.x0, cell.x0) > 0:
            cells[index] = HeadCell(known.kinds | cell.kinds, min(known.x0, cell.x0), max(known.x1, cell.x1))
            return
    cells.append(cell)
