"""Every printed number of a row with its place: money, quantities, rates and positions alike.

`amounts` asks which numbers may be money wherever they stand; a table needs them all, to tell its columns apart.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from paydraft.extraction.currencies import MARK, mark_of
from paydraft.extraction.layout import Row, Segment, Span
from paydraft.extraction.numbers import NUMBER, read_number

MAX_SCANNED = 300  # characters of a segment
_LONGEST_INTEGER = 7  # digits; a longer one is a code
_FIGURE = re.compile(
    rf"(?P<sign>(?<!\w)[-+]\s?)?(?:(?<![^\W\d_])(?P<before>{MARK})\s{{0,2}})?(?P<inner>-\s?)?"
    rf"(?<![\w.,/:'’#])(?P<number>{NUMBER})(?P<dashes>[.,][-—]{{1,2}})?(?P<minus>-(?!\d))?"
    rf"(?![\d:/])(?![.,'’]\d)(?!-\d)(?P<percent>\s?%)?"
    rf"(?:\s{{0,2}}(?P<after>{MARK}|[^\W\d_]{{1,10}}[23²³]?\.?)(?=[\s|*)]|$))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a row. `values` has two entries where it can be read two ways."""

    values: tuple[Decimal, ...]
    span: Span  # with sign, currency and unit
    x0: float
    x1: float
    percent: bool
    precise: bool  # two decimals, or a currency beside it
    unit: str | None
    alone: bool  # its segment holds numbers only

    @property
    def value(self) -> Decimal | None:
        """The number, if it can be read one way only."""
        return self.values[0] if len(self.values) == 1 else None


def figures_in(row: Row, decimal_mark: str | None) -> list[Figure]:
    """The numbers of a row that stand for themselves, from left to right; numbers inside a text are left out."""
    return [figure for segment in row.segments for figure in _of_segment(segment, decimal_mark)]


def _of_segment(segment: Segment, decimal_mark: str | None) -> Iterator[Figure]:
    text = segment.text[:MAX_SCANNED]
    if not any(map(str.isdigit, text)):
        return
    found = list(_FIGURE.finditer(text))
    first = _run(text, found)
    last = _run_at_end(text, found)
    alone = first == len(found) and last == 0
    for position, match in enumerate(found):
        if position < first or position >= last:
            figure = _figure(segment, match, decimal_mark, alone=alone)
            if figure and (alone or position < first or figure.precise or figure.percent):
                yield figure


def _run(text: str, found: list[re.Match[str]]) -> int:
    """How many numbers stand before the first word."""
    end = 0
    for count, match in enumerate(found):
        if _says(text[end : match.start()]):
            return count
        end = match.end()
    return len(found) if not _says(text[end:]) else min(1, len(found))


def _run_at_end(text: str, found: list[re.Match[str]]) -> int:
    """The index of the first of the numbers behind the last word."""
    start = len(text)
    for index in range(len(found) - 1, -1, -1):
        if _says(text[found[index].end() : start]):
            return index + 1
        start = found[index].start()
    return 0


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def _figure(segment: Segment, match: re.Match[str], decimal_mark: str | None, *, alone: bool) -> Figure | None:
    printed = match["number"]
    reading = read_number(printed, decimal_mark)
    if not reading.values or (printed.isdigit() and len(printed) > _LONGEST_INTEGER):
        return None
    decimals = bool(re.search(r"[.,]\d\d$", printed)) or match["dashes"] is not None
    before, after = (mark_of((match[side] or "").strip(), precise=decimals) for side in ("before", "after"))
    if match["before"] and before is None:  # a code such as "PET 500"
        return None
    unit = None if after or not match["after"] else match["after"]
    negative = "-" in (match["sign"] or "") or bool(match["inner"]) or bool(match["minus"])
    values = tuple(-value if negative else value for value in reading.values)
    start, end = match.start(), match.end()
    while text_at(segment, start).isspace():
        start += 1
    return Figure(
        values,
        segment.span(start, end),
        x_at(segment, start),
        x_at(segment, end),
        percent=match["percent"] is not None,
        precise=decimals or before is not None or after is not None,
        unit=unit,
        alone=alone,
    )


def text_at(segment: Segment, index: int) -> str:
    """One character of a segment, empty behind its end."""
    return segment.text[index : index + 1]


def x_at(segment: Segment, index: int) -> float:
    """Where a character of a segment begins, in points from the left; letters of a word count as equally wide."""
    at = max(0, bisect_right(segment.starts, max(0, index - 1)) - 1)
    word = segment.words[at]
    share = (index - segment.starts[at]) / max(1, len(word.text))
    return word.box.x0 + min(1.0, max(0.0, share)) * (word.box.x1 - word.box.x0)
