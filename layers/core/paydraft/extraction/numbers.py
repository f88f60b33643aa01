"""Numbers as printed: "1.234,56", "1,234.56", "1 234.56", "1'234.56", "1.234".

The document's own numbers say which character is the decimal one; where neither they nor the number itself tell,
there are two readings and no value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# Bounded, so that no input makes it backtrack; a group of thousands has a single space, never two.
NUMBER = r"(?:\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3}){1,4}(?:[.,]\d{1,4})?|\d{1,12}(?:[.,]\d{1,4})?)"
_GROUPING = re.compile(r"[ '’\u00a0\u202f]")
_TELLING = re.compile(
    rf"(?<![\w.,/:-]){NUMBER}(?![\w/:]|[.,]\d)",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed number can mean: one value, or two."""

    values: tuple[Decimal, ...]

    @property
    def value(self) -> Decimal | None:
        """The value, if there is only one."""
        return self.values[0] if len(self.values) == 1 else None


def read_number(printed: str, decimal_mark: str | None = None) -> Reading:
    """All readings of a number without a sign; `decimal_mark` is the document's ("." or ","), if known.

    Empty when it is not a number that anybody prints ("1.23.4").
    """
    text = _GROUPING.sub("", printed)
    marks = [char for char in text if char in ".,"]
    if not marks:
        return Reading((Decimal(text),))
    head, tail = text.rsplit(marks[-1], 1)
    if len(marks) == 1:
        return _one_mark(head, marks[0], tail, decimal_mark, grouped=text != printed)
    groups = re.split(r"[.,]", head if marks.count(marks[-1]) == 1 else text)
    if any(len(group) != 3 for group in groups[1:]) or len(set(marks[:-1])) > 1:
        return Reading(())
    whole = "".join(groups)
    return Reading((Decimal(f"{whole}.{tail}") if marks.count(marks[-1]) == 1 else Decimal(whole),))


def _one_mark(head: str, mark: str, tail: str, decimal_mark: str | None, *, grouped: bool) -> Reading:
    fraction = Decimal(f"{head}.{tail}")
    if len(tail) != 3 or head.startswith("0") or len(head) > 3 or grouped:
        return Reading((fraction,))
    thousands = Decimal(head + tail)
    if decimal_mark is None:
        return Reading((thousands, fraction))
    return Reading((fraction if mark == decimal_mark else thousands,))


def decimal_mark_of(texts: Iterable[str]) -> str | None:
    """The decimal character that the numbers of a document show, or None if they show none or both."""
    votes = {".": 0, ",": 0}
    for text in texts:
        for match in _TELLING.finditer(text):
            mark = _shown(match.group())
            if mark:
                votes[mark] += 1
    for mark, other in ((".", ","), (",", ".")):
        if votes[mark] > 3 * votes[other]:
            return mark
    return None


def _shown(printed: str) -> str | None:
    marks = [char for char in printed if char in ".,"]
    if not marks:
        return None
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    return marks[0] if len(printed.rsplit(marks[0], 1)[1]) == 2 else None
