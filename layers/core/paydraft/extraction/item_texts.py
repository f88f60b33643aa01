"""What a line of the table says: its words without its numbers, by column, wrapped lines joined."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from paydraft.extraction.figures import Figure, x_at
from paydraft.extraction.item_heads import HeadCell
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.layout import Row, Segment, Span

_SPACE = 4.0  # points between two words
_SLACK = 0.12  # of the column's width, within which a line counts as full
_INDENT = 22.0  # points that a wrapped line may be set in
_NEXT_LINE = 0.9  # row heights between the lines of one cell
_PART = re.compile(r"\S+(?: \S+)*")
_DETAIL = re.compile(r"[^:]{2,30} ?: ?\S")  # "Serial no.: 123": said of the item, no part of its name


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a row between its numbers; `cell` is the index of the head cell they stand under, -1 without heads."""

    span: Span
    x0: float
    x1: float
    cell: int

    @property
    def letters(self) -> int:
        """How many letters it has."""
        return sum(map(str.isalpha, self.span.text))


def pieces_of(row: Row, numbers: Iterable[Figure], heads: Sequence[HeadCell]) -> list[Piece]:
    """The words of a row without some numbers, from left to right."""
    cuts: dict[int, list[Span]] = {}
    for figure in numbers:
        cuts.setdefault(figure.span.segment.position, []).append(figure.span)
    found: list[Piece] = []
    for segment in row.segments:
        start = 0
        for cut in sorted(cuts.get(segment.position, []), key=lambda one: one.start):
            found += _piece(segment, start, cut.start, heads)
            start = cut.end
        found += _piece(segment, start, len(segment.text), heads)
    return found


def _piece(segment: Segment, start: int, end: int, heads: Sequence[HeadCell]) -> list[Piece]:
    found = []
    for part in _PART.finditer(segment.text, start, end):  # two spaces: a gap wider than that between words
        if any(map(str.isalnum, part.group())):
            x0, x1 = x_at(segment, part.start()), x_at(segment, part.end())
            found.append(Piece(segment.span(part.start(), part.end()), x0, x1, _cell(x0, x1, heads)))
    return found


def _cell(x0: float, x1: float, heads: Sequence[HeadCell]) -> int:
    """The head with the largest overlap, else the nearest."""
    near = [
        (max(head.x0 - x1, x0 - head.x1, -(min(x1, head.x1) - max(x0, head.x0))), at) for at, head in enumerate(heads)
    ]
    return min(near)[1] if near else -1


def describing_cell(rows: Iterable[Sequence[Piece]], heads: Sequence[HeadCell]) -> int:
    """The column of the descriptions: headed so, else any that numbers don't claim; the one with the most letters."""
    letters: dict[int, int] = {}
    for row in rows:
        for piece in row:
            letters[piece.cell] = letters.get(piece.cell, 0) + piece.letters
    headed = [at for at, head in enumerate(heads) if Column.DESCRIPTION in head.kinds]
    others = [
        at for at in letters if at < 0 or heads[at].kinds & {Column.CODE, Column.POSITION, Column.DATE} or at == 0
    ]
    return max(headed or others or [-1], key=lambda at: letters.get(at, 0))


def right_limit(left: float, cell: int, heads: Sequence[HeadCell], numbers: Iterable[float]) -> float:
    """Where the column of the descriptions ends: at the next head or column of numbers to the right."""
    edges = [head.x0 for at, head in enumerate(heads) if at != cell] + list(numbers)
    return min((edge for edge in edges if edge > left + 20), default=left + 1e4)


def follows(last: Piece, row: Row, pieces: Sequence[Piece], cell: int, above: Row, left: float) -> Piece | None:
    """The words of the next row that stand directly under a description."""
    height = max(6.0, above.box.y1 - above.box.y0)
    if row.sheet is not above.sheet or row.box.y0 - above.box.y1 > _NEXT_LINE * height:
        return None
    under = [one for one in pieces if one.cell == cell and one.x0 < last.x1 and -6.0 <= one.x0 - left <= _INDENT]
    return under[0] if under else None


def is_detail(piece: Piece) -> bool:
    """Whether a line below an item is a remark with a label of its own."""
    return _DETAIL.match(piece.span.text) is not None


def is_full(last: Piece, following: Piece, left: float, limit: float) -> bool:
    """Whether the next line begins with a word that did not fit behind the last one: a wrapped line."""
    word = following.span.words[0].box
    return limit + _SPACE > last.x1 > limit - _SLACK * (limit - left) - _SPACE - (word.x1 - word.x0)


def is_code(piece: Piece) -> bool:
    """Whether a word is an article's number rather than its name."""
    return " " not in piece.span.text and any(map(str.isdigit, piece.span.text))
