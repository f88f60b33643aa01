"""The lines of a page as a person reads them: columns of text one after the other, tables and forms row by row.

Rows of two columns that have nothing to do with each other share no baselines, or are prose on both sides; the rows of
a table share theirs. So a gutter that several rows leave free parts them only if what it parts is independent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from paydraft.extraction.layout import Layout, Row, Segment

_LEAST_GUTTER = 12.0  # points
_LEAST_ROWS = 3  # of either column
_MOST_ROWS = 150  # of a run: more than a page has, so that a hostile document takes no time
_MOST_SHARED = 0.5  # of a run's rows that have words on both sides of the gutter, or it is a table
_PROSE = 4  # words of a line, at the median


@dataclass(frozen=True, slots=True)
class Line:
    """Segments that are read one after the other."""

    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """Two spaces between segments."""
        return "  ".join(segment.text for segment in self.segments)


def lines_in_order(layout: Layout) -> tuple[Line, ...]:
    """All lines of a document, page after page."""
    lines: list[Line] = []
    rows, at = layout.rows, 0
    while at < len(rows):
        run = _columns(rows, at)
        if run is None:
            lines.append(Line(rows[at].segments))
            at += 1
        else:
            end, gutter = run
            lines += _one_after_the_other(rows[at:end], gutter)
            at = end
    return tuple(lines)


def _columns(rows: tuple[Row, ...], at: int) -> tuple[int, float] | None:
    """The row behind the longest run of two independent columns that begins here, and where they part."""
    best: tuple[int, float] | None = None
    segments = rows[at].segments
    for left, right in pairwise(segments):
        end, gutter = _run(rows, at, left.box.x1, right.box.x0)
        if (best is None or end > best[0]) and _independent(rows[at:end], gutter):
            best = end, gutter
    return best


def _run(rows: tuple[Row, ...], at: int, low: float, high: float) -> tuple[int, float]:
    """How far down a gutter stays free, and its middle."""
    end = at
    while end < min(len(rows), at + _MOST_ROWS) and rows[end].sheet is rows[at].sheet:
        left = max((one.box.x1 for one in rows[end].segments if one.box.x0 < (low + high) / 2), default=low)
        right = min((one.box.x0 for one in rows[end].segments if one.box.x0 >= (low + high) / 2), default=high)
        if min(high, right) - max(low, left) < _LEAST_GUTTER:
            break
        low, high = max(low, left), min(high, right)
        end += 1
    return end, (low + high) / 2


def _independent(rows: tuple[Row, ...], gutter: float) -> bool:
    sides = [[segment.box.x0 >= gutter for segment in row.segments] for row in rows]
    left, right = sum(not all(side) for side in sides), sum(any(side) for side in sides)
    if min(left, right) < _LEAST_ROWS:
        return False
    shared = sum(any(side) and not all(side) for side in sides)
    return shared <= _MOST_SHARED * len(rows) or all(_is_prose(rows, gutter, right=side) for side in (False, True))


def _is_prose(rows: tuple[Row, ...], gutter: float, *, right: bool) -> bool:
    lengths = sorted(len(one.words) for row in rows for one in row.segments if (one.box.x0 >= gutter) is right)
    return lengths[len(lengths) // 2] >= _PROSE


def _one_after_the_other(rows: tuple[Row, ...], gutter: float) -> Iterator[Line]:
    for right in (False, True):
        for row in rows:
            segments = tuple(one for one in row.segments if (one.box.x0 >= gutter) is right)
            if segments:
                yield Line(segments)
