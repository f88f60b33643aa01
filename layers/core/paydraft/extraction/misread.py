"""What pixels may have said where OCR read an odd number: readings that count only where a sum proves them.

The habits are Tesseract's: a wide gap inside a number, O for 0 and l for 1, a currency sign taken for a digit, a lost
decimal mark. Each second reading is doubted, and so is the first one it would replace.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from paydraft.extraction.amounts import MAX_SCANNED, Amount
from paydraft.extraction.layout import Segment
from paydraft.extraction.numbers import Reading
from paydraft.model.page import Source

_GAPS = re.compile(r"(?<![\w.,/:'’-])\d{1,3}(?:[ .,'’]{1,3}\d{3}){0,3} {0,2}[.,] {0,2}\d{2}(?![\w.,])")
_LETTERS = re.compile(r"(?<![\w.,/:'’-])[\dOoIlSBZ|]{1,3}(?:[ .,'’]?[\dOoIlSBZ]{3}){0,3}[.,][\dOoIlSBZ]{2}(?![\w.,])")
_SIGN_BEHIND = re.compile(r"(?<![\w.,/:'’-])(\d{1,3}(?:[ .,'’]?\d{3}){0,3}[.,]\d{2})[68e](?![\w.,])")
_SIGN_BEFORE = re.compile(r"(?<![\w.,/:'’-])[58S](\d{1,3}(?:[.,'’]\d{3}){0,3}[.,]\d{2})(?![\w.,])")
_NO_MARK = re.compile(r"(?<![\w.,/:'’-])(\d{1,7}\d{2})\s*$")
_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})


def with_second_readings(amounts: list[Amount], segments: Iterator[Segment]) -> list[Amount]:
    """The amounts of a document and what else OCR may have seen, in the order of the page."""
    by_segment: dict[int, list[Amount]] = {}
    for amount in amounts:
        by_segment.setdefault(id(amount.span.segment), []).append(amount)
    found: list[Amount] = []
    for segment in segments:
        first = by_segment.get(id(segment), [])
        found += _read_again(segment, first) if segment.source is Source.OCR else first
    return found


def _read_again(segment: Segment, first: list[Amount]) -> list[Amount]:
    second: list[Amount] = []
    replaced: set[int] = set()
    known = {(one.span.start, one.value) for one in first}
    for start, end, value, replaces in _readings(segment.text[:MAX_SCANNED]):
        if any(abs(at - start) <= 3 and value == other for at, other in known):
            continue
        second.append(Amount(Reading((value,)), segment.span(start, end), None, precise=True, doubted=True))
        if replaces:
            replaced |= {at for at, one in enumerate(first) if one.span.start < end and one.span.end > start}
    firsts = [replace(one, doubted=True) if at in replaced else one for at, one in enumerate(first)]
    return sorted([*firsts, *second], key=lambda one: one.span.start)


def _readings(text: str) -> Iterator[tuple[int, int, Decimal, bool]]:
    """Where a number may have been misread, what it may be, and whether the first reading is then in doubt."""
    if not any(map(str.isdigit, text)):
        return
    for match in _GAPS.finditer(text):
        if "  " in match.group() or re.search(r" [.,]|[.,] ", match.group()):
            yield match.start(), match.end(), _value(match.group()), True
    for match in _LETTERS.finditer(text):
        digits = sum(map(str.isdigit, match.group()))
        if digits >= 2 and any(map(str.isalpha, match.group())):
            yield match.start(), match.end(), _value(match.group().translate(_DIGITS)), True
    for match in _SIGN_BEHIND.finditer(text):
        yield match.start(), match.end(), _value(match[1]), True
    for match in _SIGN_BEFORE.finditer(text):
        yield match.start(), match.end(), _value(match[1]), False
    if lost := _NO_MARK.search(text):
        yield lost.start(1), lost.end(1), Decimal(lost[1]).scaleb(-2), False


def _value(printed: str) -> Decimal:
    """A number whose last two digits are its decimals."""
    digits = "".join(char for char in printed if char.isdigit())
    return Decimal(digits).scaleb(-2)
