"""Geometry: rows → segments (words without a wide gap), and what stands right of and below what."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from paydraft.extraction.rows import rows_of, usable
from paydraft.model.errors import UnsafeDocumentError
from paydraft.model.evidence import Area
from paydraft.model.page import Box, Page, Source, Word

MAX_WORDS = 60_000  # of a document; a dense A4 page has 1,500
# A gap is measured in letter sizes; where a page's ordinary gap is wide, what counts as wide grows with it.
_WIDE_GAP = 0.9  # starts a new segment
_WIDE_TIMES_ORDINARY = 2.2
_SPACE_GAP = 0.5  # more than a space inside a number
_SPACE_TIMES_ORDINARY = 1.5
# A text layer's loose box is 1.2 letter sizes high; OCR's tight box of capitals and descenders about 0.9.
_LETTER_SIZE = {Source.TEXT: 1 / 1.2, Source.OCR: 1 / 0.9}


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The gaps of a page that mean something, in letter sizes."""

    wide: float
    space: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page without its words."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one row that belong together, and their text: one space between words, two where the gap is larger."""

    sheet: Sheet
    row: int  # counts through the document
    position: int  # in its row, from the left
    words: tuple[Word, ...]
    starts: tuple[int, ...]  # where each word begins in `text`
    text: str
    box: Box

    @property
    def height(self) -> float:
        """Height of the tallest word, in points."""
        return self.box.y1 - self.box.y0

    @property
    def source(self) -> Source:
        """How its words were read."""
        return self.words[0].source

    def span(self, start: int = 0, end: int | None = None) -> "Span":
        """The characters from start to end (exclusive; None: all)."""
        return Span(self, start, len(self.text) if end is None else end)


@dataclass(frozen=True, slots=True)
class Span:
    """Some characters of a segment: where a value or a label stands."""

    segment: Segment
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.segment.text[self.start : self.end]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words it touches."""
        first = max(0, bisect_left(self.segment.starts, self.start + 1) - 1)
        return self.segment.words[first : max(first + 1, bisect_left(self.segment.starts, self.end))]

    @property
    def box(self) -> Box:
        """The rectangle around its words."""
        segment = self.segment
        return segment.box if self.start <= 0 and self.end >= len(segment.text) else _around(self.words)

    @property
    def confidence(self) -> float:
        """How sure the reader was of the least certain word: 1 for a text layer."""
        return min(word.confidence for word in self.words)

    @property
    def area(self) -> Area:
        """Where it stands, for the evidence."""
        sheet, box = self.segment.sheet, self.box
        return Area(
            page=sheet.number,
            x0=round(box.x0, 2),
            y0=round(box.y0, 2),
            x1=round(box.x1, 2),
            y1=round(box.y1, 2),
            page_width=sheet.width,
            page_height=sheet.height,
        )

    @property
    def lines(self) -> str:
        """Its characters with single spaces."""
        return " ".join(self.text.split())

    def within(self, start: int, end: int) -> "Span":
        """A part of it; offsets count from its own first character."""
        return Span(self.segment, self.start + start, self.start + end)


@dataclass(frozen=True, slots=True)
class Row:
    """Segments at the same height, from left to right."""

    sheet: Sheet
    segments: tuple[Segment, ...]
    box: Box

    @property
    def text(self) -> str:
        """The row as a line of text."""
        return "  ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows of a document, page after page, from top to bottom."""

    rows: tuple[Row, ...]

    @property
    def segments(self) -> Iterator[Segment]:
        """All segments in reading order."""
        return (segment for row in self.rows for segment in row.segments)

    @property
    def text(self) -> str:
        """The document as lines of text."""
        return "\n".join(row.text for row in self.rows)

    def right_of(self, segment: Segment) -> Segment | None:
        """The next segment of the same row."""
        beside = self.rows[segment.row].segments
        return beside[segment.position + 1] if segment.position + 1 < len(beside) else None

    def left_of(self, segment: Segment) -> Segment | None:
        """The segment before it in the same row."""
        return self.rows[segment.row].segments[segment.position - 1] if segment.position else None

    def below(self, span: Span, *, reach: float = 3.0, until: float | None = None) -> Iterator[Span]:
        """Spans under `span`, nearest first, not farther than `reach` times its height.

        `until` ends the column: the left edge of what stands right of the label. Without it the column is as wide as
        the span, and a word belongs to it when the two overlap.
        """
        box, sheet = span.box, span.segment.sheet
        limit = box.y1 + reach * max(box.y1 - box.y0, 6.0)
        for row in self.rows[span.segment.row + 1 : span.segment.row + 12]:
            if row.sheet is not sheet or row.box.y0 > limit:
                return
            for segment in row.segments:
                if segment.box.y0 <= limit and (found := _in_column(segment, box, until)):
                    yield found


def arrange(pages: tuple[Page, ...]) -> Layout:
    """The layout of a document; raises UnsafeDocumentError beyond MAX_WORDS words."""
    if sum(len(page.words) for page in pages) > MAX_WORDS:
        raise UnsafeDocumentError("too many words")
    rows: list[Row] = []
    for page in pages:
        sheet = Sheet(page.number, page.width, page.height)
        grouped = rows_of(usable(page.words))
        gaps = _gaps_of(grouped)
        for words in grouped:
            rows.append(_row(sheet, len(rows), words, gaps))
    return Layout(tuple(rows))


def _letter_size(words: list[Word]) -> float:
    return median(word.box.y1 - word.box.y0 for word in words) * _LETTER_SIZE.get(words[0].source, 1.0)


def _gaps_of(rows: list[list[Word]]) -> _Gaps:
    gaps = []
    for row in rows:
        size = _letter_size(row)
        gaps += [(after.box.x0 - word.box.x1) / size for word, after in pairwise(row)]
    ordinary = sorted(gap for gap in gaps if gap > 0)
    quartile = ordinary[len(ordinary) // 4] if len(ordinary) >= 20 else 0.0
    return _Gaps(
        max(_WIDE_GAP, min(3.0, _WIDE_TIMES_ORDINARY * quartile)), max(_SPACE_GAP, _SPACE_TIMES_ORDINARY * quartile)
    )


def _row(sheet: Sheet, index: int, words: list[Word], gaps: _Gaps) -> Row:
    size = _letter_size(words)
    groups = [[words[0]]]
    for before, word in pairwise(words):
        if word.box.x0 - before.box.x1 > gaps.wide * size:
            groups.append([])
        groups[-1].append(word)
    segments = tuple(_segment(sheet, (index, at), group, gaps.space * size) for at, group in enumerate(groups))
    return Row(sheet, segments, _around(tuple(words)))


def _segment(sheet: Sheet, place: tuple[int, int], words: list[Word], space: float) -> Segment:
    text, starts = words[0].text, [0]
    for before, word in pairwise(words):
        text += "  " if word.box.x0 - before.box.x1 > space else " "
        starts.append(len(text))
        text += word.text
    return Segment(sheet, *place, tuple(words), tuple(starts), text, _around(tuple(words)))


def _in_column(segment: Segment, column: Box, until: float | None) -> Span | None:
    """The words of a segment that stand in a column."""
    right = column.x1 if until is None else until
    inside = [
        index
        for index, word in enumerate(segment.words)
        if word.box.x0 < right and word.box.x1 > column.x0 and (until is None or word.box.x0 >= column.x0 - 12)
    ]
    if not inside:
        return None
    if until is None:  # a value may be wider than its label: take its neighbours along
        return segment.span()
    last = inside[-1]
    return segment.span(segment.starts[inside[0]], segment.starts[last] + len(segment.words[last].text))


def _around(words: Sequence[Word]) -> Box:
    if len(words) == 1:
        return words[0].box
    boxes = [word.box for word in words]
    return Box(
        min([box.x0 for box in boxes]),
        min([box.y0 for box in boxes]),
        max([box.x1 for box in boxes]),
        max([box.y1 for box in boxes]),
    )
